"""What records point to, and what points to them: lookups that must exist, deletes that spread.

It asks the store; the caller's rights on the other entity count as on any record.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from models.metadata.catalog import Catalog
from models.metadata.definitions import DeleteBehaviour, EntityDefinition, OneToMany
from models.metadata.errors import Problem, ValidationFailed
from models.records.store import RecordStore
from models.records.unit import UnitOfWork
from models.security import access
from models.security.caller import Caller, Privilege


def require_targets(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    *,
    batch: Sequence[Mapping[str, object]],
) -> None:
    """Every lookup that is set points to a record the caller may append to."""
    problems = []
    for attribute in entity.by_type.get("Lookup", ()):
        name = attribute.logical_name
        wanted = {value for values in batch if isinstance(value := values.get(name), UUID)}
        if not wanted:
            continue
        target = unit.catalog.entity(attribute.targets[0])
        access.require(caller, Privilege.APPEND, entity)
        access.require(caller, Privilege.APPEND_TO, target)
        found = unit.store.visible_ids(caller, Privilege.APPEND_TO, target, wanted)
        problems += [
            Problem(name, "no_such_record", attribute.display_name, record=position)
            for position, values in enumerate(batch)
            if isinstance(values.get(name), UUID) and values[name] not in found
        ]
    if problems:
        raise ValidationFailed(problems)


def split_references(
    store: RecordStore, catalog: Catalog, entity: EntityDefinition, ids: Sequence[UUID]
) -> Iterable[tuple[OneToMany, EntityDefinition, list[UUID]]]:
    """The records that point to `ids`, by relationship; refuses where that restricts."""
    for relationship in catalog.references_to(entity.logical_name):
        referencing = catalog.entity(relationship.referencing)
        found = store.referencing(referencing, relationship.lookup, ids)
        if not found:
            continue
        if relationship.on_delete is DeleteBehaviour.RESTRICT:
            label = referencing.display_name
            raise ValidationFailed([Problem(relationship.lookup, "referenced", label)])
        yield relationship, referencing, found
