"""What records point to: a lookup's record must exist, the caller may append to it, and may append
the record that points.

It asks the store; both rights count by their levels, as on any record (CDS: Append, AppendTo).
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied, Problem
from models.records import owners
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.records.validation import NewRecord
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
    """Lookups that point to no record the caller may append to; AccessDenied for want of a right
    on the entities. That the pointing records are in reach is asked when they are known.

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


def require_append_of_new(
    caller: Caller, entity: EntityDefinition, records: Sequence[NewRecord]
) -> None:
    """New records that point to others must be ones the caller may append."""
    pointing = [record for record in records if _points(entity, record.values)]
    if pointing:
        of = owners.of(pointing)
        access.require_owners(caller, Privilege.APPEND, entity, owners=of)


def require_append(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, Mapping[str, object]]],
) -> None:
    """So must present records that are to point to others."""
    pointing = {row.id for row, values in changes if _points(entity, values)}
    if pointing != unit.store.visible_ids(caller, Privilege.APPEND, entity, pointing):
        what = f"{Privilege.APPEND} on these records of {entity.logical_name}"
        raise AccessDenied(what, caller=caller)


def _points(entity: EntityDefinition, values: Mapping[str, object]) -> bool:
    lookups = entity.by_type.get("Lookup", ())
    return any(values.get(one.logical_name) is not None for one in lookups)
