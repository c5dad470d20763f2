"""A record taken out of a team's queue, and given back to it: assigned by whoever takes it.

Of several who take one at the same moment one gets it: whose it is, is looked at under its lock.
"""

from uuid import UUID

from admin_views.queues.reading import own_teams
from models.metadata.errors import AccessDenied, ConcurrencyConflict, RecordNotFound
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Privilege

LOOKING = Caller.system("looking whose a queue's record is")


def pick(
    service: RecordService, caller: Caller, entity: str, record_id: UUID, *, team: UUID
) -> None:
    """To the caller. Raises ConcurrencyConflict where the team does not have it any more,
    AccessDenied, RecordNotFound."""
    if caller.id is None:
        raise AccessDenied("nobody picks a record", caller=caller)
    _move(service, caller, entity, record_id, owners=(team, caller.id))


def release(
    service: RecordService, caller: Caller, entity: str, record_id: UUID, *, team: UUID
) -> None:
    """Back to a team of the caller. Raises ConcurrencyConflict where the caller does not have it
    any more, AccessDenied, RecordNotFound."""
    if caller.id is None:
        raise AccessDenied("nobody releases a record", caller=caller)
    _move(service, caller, entity, record_id, owners=(caller.id, team))


def _move(
    service: RecordService,
    caller: Caller,
    entity: str,
    record_id: UUID,
    *,
    owners: tuple[UUID, UUID],
) -> None:
    """From the first of the owners to the second: the caller, and a team of theirs."""
    definition = service.catalog.entities.get(entity)
    if definition is None or not definition.has_queue:
        raise RecordNotFound("no such queue")
    if not {*owners} - {caller.id} <= own_teams(service, caller).keys():
        raise RecordNotFound("no such team")
    present, wanted = owners
    rows = service.unit.store.locked(LOOKING, Privilege.READ, definition, [record_id])
    row = rows.get(record_id)
    if row is None or row.values["ownerid"] != present:
        raise ConcurrencyConflict(entity)
    service.assign_multiple(caller, entity, [record_id], owner=wanted)
