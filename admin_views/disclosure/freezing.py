"""Suspension of use (利用停止) as officials order it: begun, done again for what arrived since,
taken over by another official, ended. What it does is known in `models/records/suspending`.
"""

from dataclasses import dataclass
from uuid import UUID

from admin_views.disclosure import register
from admin_views.records.naming import principal_names
from models.metadata.errors import ConcurrencyConflict
from models.records import suspending
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.requests import REFUSED, SUSPENSION


@dataclass(frozen=True, slots=True)
class Suspension:
    """As the request's page tells it; nobody handles it where there is none."""

    handler_id: UUID | None
    handler: str
    count: int
    also_of_others: int
    """Records that another request suspends, too."""


def standing(service: RecordService, request: register.Request) -> Suspension:
    handler = request.row.suspended_by
    names = principal_names(service.transaction, [handler] if handler else [])
    return Suspension(handler, names.get(handler, ""), *suspending.count(service, request.row.id))


def freeze(service: RecordService, caller: Caller, request_id: UUID) -> None:
    """Once more: what arrived since; who handles it stays. Raises AccessDenied, RecordNotFound,
    ConcurrencyConflict (refused, or of another kind)."""
    handler = register.require_own_name(caller)
    request = register.read(service, caller, request_id)
    is_over = not request.is_open and request.row.suspended_on is None
    if is_over or request.row.kind != SUSPENSION or request.row.state == REFUSED:
        raise ConcurrencyConflict("a request for suspension")
    handler = request.row.suspended_by or handler
    found = suspending.suspend(service, request.row, handler=handler)
    suspending.note(service, caller, request_id, found)


def take_over(service: RecordService, caller: Caller, request_id: UUID) -> None:
    """Handle it oneself from now on. Raises as `freeze` (not suspended)."""
    handler = register.require_own_name(caller)
    before = register.read(service, caller, request_id).row.suspended_by
    if not suspending.hand_over(service, request_id, handler=handler):
        raise ConcurrencyConflict("a suspension")
    handlers = {"handler": handler.hex, "handler_before": before.hex}
    service.audit(caller, "take_over_suspension", request=request_id.hex, **handlers)


def release(service: RecordService, caller: Caller, request_id: UUID) -> None:
    """Let everybody reach them again who could before."""
    register.require_own_name(caller)
    if suspending.release(service, request_id):
        service.audit(caller, "release_records", request=request_id.hex)
