"""What records point to: a lookup's record must exist, and the caller may append to it.

It asks the store; the caller's rights on the other entity count as on any record.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import Problem
from models.records.unit import UnitOfWork
from models.security import access
from models.security.caller import Caller
from models.security.privileges import Privilege


def missing_targets(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    *,
    batch: Sequence[Mapping[str, object]],
) -> list[Problem]:
    """Lookups that point to no record the caller may append to; AccessDenied for want of a right.

    Those they do point to are held until the transaction ends: none is deleted meanwhile.
    """
    problems: list[Problem] = []
    for attribute in entity.by_type.get("Lookup", ()):
        name = attribute.logical_name
        wanted = {value for values in batch if isinstance(value := values.get(name), UUID)}
        if not wanted:
            continue
        target = unit.catalog.entity(attribute.targets[0])
        access.require(caller, Privilege.APPEND, entity)
        access.require(caller, Privilege.APPEND_TO, target)
        found = unit.store.held(caller, Privilege.APPEND_TO, target, wanted)
        problems += [
            Problem(name, "no_such_record", attribute.display_name, record=position)
            for position, values in enumerate(batch)
            if isinstance(values.get(name), UUID) and values[name] not in found
        ]
    return problems
