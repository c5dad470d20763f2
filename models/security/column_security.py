"""Which attributes a caller may read, set or ask about: for answers and for questions alike.

It decides from the caller and the definitions; it sees no value.
"""

from collections.abc import Iterable, Mapping, Sequence

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import AccessDenied, DefinitionError
from models.security.caller import Caller
from models.security.privileges import ALL_FIELD_RIGHTS, NO_FIELD_RIGHTS, FieldRights, Unmasked


def rights(
    caller: Caller, entity: EntityDefinition, attribute: AttributeDefinition
) -> FieldRights:
    """All rights on an attribute that is not secured; else those of the caller's profiles.
    Personal data, and what is sealed, is closed to whom lacks pledge or training, whatever the
    profiles say; the public has none but on what its form or view names, and an applicant none but
    those stated."""
    allowed = caller.allowed_attributes
    if allowed is not None and attribute.logical_name not in allowed:
        return NO_FIELD_RIGHTS
    if attribute.may_be_personal and caller.is_closed:
        return NO_FIELD_RIGHTS
    if not attribute.secured and caller.own is None:
        return ALL_FIELD_RIGHTS
    return caller.rights(entity.logical_name, attribute.logical_name)


def attribute_of(entity: EntityDefinition, name: str) -> AttributeDefinition:
    attribute = entity.attributes.get(name)
    if attribute is None:
        raise DefinitionError(f"{entity.logical_name} has no attribute {name!r}")
    return attribute


def readable_columns(
    caller: Caller, entity: EntityDefinition, names: Iterable[str] = ()
) -> tuple[str, ...]:
    """Those of `names` (of all, when none is given) that the caller may read, masked or not."""
    return tuple(
        name
        for name in (tuple(names) or tuple(entity.attributes))
        if rights(caller, entity, attribute_of(entity, name)).read
    )


def require_readable(caller: Caller, entity: EntityDefinition, names: Iterable[str]) -> None:
    for name in names:
        if not rights(caller, entity, attribute_of(entity, name)).read:
            raise AccessDenied(f"reading {entity.logical_name}.{name}", caller=caller)


def can_search(caller: Caller, entity: EntityDefinition, attribute: AttributeDefinition) -> bool:
    """An answer to "is it this value?" tells the value: only for those who may unmask it."""
    found = rights(caller, entity, attribute)
    return found.read and found.unmasked >= Unmasked.ONE_RECORD


def require_searchable(caller: Caller, entity: EntityDefinition, name: str) -> None:
    if not can_search(caller, entity, attribute_of(entity, name)):
        raise AccessDenied(f"searching {entity.logical_name}.{name}", caller=caller)


def require_shown_unmasked(caller: Caller, entity: EntityDefinition, name: str) -> None:
    """A sort or a range tells a value by halves: only for those who see it in every record."""
    if not is_shown_unmasked(caller, entity, attribute_of(entity, name)):
        raise AccessDenied(f"comparing {entity.logical_name}.{name}", caller=caller)


def require_creatable(
    caller: Caller, entity: EntityDefinition, batch: Sequence[Mapping[str, object]]
) -> None:
    """Every attribute given a value may be set by this caller on a new record."""
    for name in {name for values in batch for name in values} - {"id"}:
        attribute = entity.attributes.get(name)
        if attribute is None:
            continue  # validation names it to the person
        if not rights(caller, entity, attribute).create:
            raise AccessDenied(f"setting {entity.logical_name}.{name}", caller=caller)


def require_updatable(
    caller: Caller, entity: EntityDefinition, batch: Sequence[Mapping[str, object]]
) -> None:
    for name in {name for values in batch for name in values}:
        attribute = entity.attributes.get(name)
        if attribute is not None and not rights(caller, entity, attribute).update:
            raise AccessDenied(f"changing {entity.logical_name}.{name}", caller=caller)


def is_shown_unmasked(
    caller: Caller, entity: EntityDefinition, attribute: AttributeDefinition
) -> bool:
    """In lists, records and exports, without asking for it record by record."""
    return rights(caller, entity, attribute).unmasked is Unmasked.ALL_RECORDS
