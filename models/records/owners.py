"""Owners of records: users and teams, and the business unit that follows from them."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import Connection, select

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import ConcurrencyConflict, DefinitionError, RecordNotFound
from models.records.unit import UnitOfWork
from models.records.validation import NewRecord
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.principals import SystemUser, Team

LOOKING = Caller.system("looking whose a record is")


def of(records: Iterable[NewRecord]) -> Iterator[tuple[UUID | None, UUID | None]]:
    """(owner, owning business unit) of new records."""
    for record in records:
        yield record.values.get("ownerid"), record.values.get("owningbusinessunit")


def require_owned(entity: EntityDefinition) -> None:
    if not entity.is_user_owned:
        raise DefinitionError(f"the organization owns {entity.logical_name}")


def require_still_of(
    unit: UnitOfWork, entity: EntityDefinition, record_id: UUID, *, owner: UUID
) -> None:
    """Raise ConcurrencyConflict where somebody else owns it by now, or it is gone. The record is
    locked: of several who ask at once one is told yes. What may be done with it is asked later."""
    row = unit.store.locked(LOOKING, Privilege.READ, entity, [record_id]).get(record_id)
    if row is None or row.values["ownerid"] != owner:
        raise ConcurrencyConflict(entity.logical_name)


def unit_of(connection: Connection, owner: UUID) -> UUID:
    """The business unit of a user or team; RecordNotFound if it is neither, or an access team."""
    user = select(SystemUser.businessunit_id).where(SystemUser.id == owner, SystemUser.active)
    team = select(Team.businessunit_id).where(Team.id == owner, ~Team.is_access_team)
    unit = connection.scalar(user) or connection.scalar(team)
    if unit is None:
        raise RecordNotFound("owner")
    return unit
