"""Reveal: one masked value of one record, for a stated purpose, noted in the audit."""

from uuid import UUID

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied, Problem, RecordNotFound, ValidationFailed
from models.metadata.labels import Label
from models.records.auditing import Act
from models.records.sealing import Opener
from models.records.unit import UnitOfWork
from models.security import column_security, visibility
from models.security.access import require, require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous, Privilege, Unmasked

PURPOSE = Label("利用目的", "Purpose")
LONGEST_PURPOSE = 200


def reveal(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    place: tuple[UUID, str],
    *,
    purpose: str,
) -> object:
    """The value at (record id, attribute); SHREDDED if its key was destroyed."""
    record_id, name = place
    require(caller, Privilege.READ, entity)
    require_miscellaneous(caller, Miscellaneous.REVEAL)
    attribute = column_security.attribute_of(entity, name)
    rights = column_security.rights(caller, entity, attribute)
    if not rights.read or rights.unmasked < Unmasked.ONE_RECORD:
        raise AccessDenied(f"revealing {entity.logical_name}.{name}", caller=caller)
    require_purpose(purpose)
    table = unit.store.table(entity)
    reached = visibility.clause(unit.catalog, caller, Privilege.READ, entity, table=table)
    statement = table.select().where(table.c.id == record_id, reached)
    row = unit.transaction.read(statement).mappings().first()
    if row is None:
        raise RecordNotFound(entity.logical_name)
    act = Act(
        action="reveal",
        entity=entity.logical_name,
        record_id=record_id,
        details={"attributes": [name], "purpose": purpose.strip()},
    )
    unit.auditing.act(caller, act)
    value = row[name]
    if value is None or not attribute.sealed:
        return value
    return Opener(unit.keyring, [value]).open(attribute, value, record_id)


def require_purpose(purpose: str) -> None:
    """Raise ValidationFailed where none is stated, or one that the audit does not take."""
    if not purpose.strip():
        raise ValidationFailed([Problem("purpose", "required", PURPOSE)])
    if len(purpose) > LONGEST_PURPOSE:
        parameters: dict[str, object] = {"maximum": LONGEST_PURPOSE, "length": len(purpose)}
        raise ValidationFailed([Problem("purpose", "too_long", PURPOSE, parameters)])
    if not purpose.isprintable():
        raise ValidationFailed([Problem("purpose", "control_characters", PURPOSE)])
