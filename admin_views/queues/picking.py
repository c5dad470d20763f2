"""A record taken out of a team's queue, and given back to it: assigned by whoever takes it.

Of several who take one at the same moment one gets it: whose it is, is looked at under its lock.
"""

from uuid import UUID

from admin_views.queues.reading import own_teams
from models.metadata.errors import AccessDenied, RecordNotFound
from models.records import owners
from models.records.service import RecordService
from models.security.caller import Caller


def pick(
    service: RecordService, caller: Caller, entity: str, record_id: UUID, *, team: UUID
) -> None:
    """To the caller. Raises ConcurrencyConflict where the team does not have it any more,
    AccessDenied, RecordNotFound."""
    if caller.id is None:
        raise AccessDenied("nobody picks a record", caller=caller)
    _move(service, caller, entity, record_id, hands=(team, caller.id))


def release(
    service: RecordService, caller: Caller, entity: str, record_id: UUID, *, team: UUID
) -> None:
    """Back to a team of the caller. Raises ConcurrencyConflict where the caller does not have it
    any more, AccessDenied, RecordNotFound."""
    if caller.id is None:
        raise AccessDenied("nobody releases a record", caller=caller)
    _move(service, caller, entity, record_id, hands=(caller.id, team))


def _move(
    service: RecordService,
    caller: Caller,
    entity: str,
    record_id: UUID,
    *,
    hands: tuple[UUID, UUID],
) -> None:
    """From the first hands to the second: the caller's, and those of a team of theirs."""
    definition = service.catalog.entities.get(entity)
    if definition is None or not definition.has_queue:
        raise RecordNotFound("no such queue")
    if not {*hands} - {caller.id} <= own_teams(service, caller).keys():
        raise RecordNotFound("no such team")
    present, wanted = hands
    owners.require_still_of(service.unit, definition, record_id, owner=present)
    service.assign_multiple(caller, entity, [record_id], owner=wanted)
