"""Asking for an extract, and taking the request back before it is decided.

What is asked for are the records of this moment, whoever looks at them later.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from exchange.extracts import entries, record_ids
from exchange.extracts.contents import links_digest
from exchange.extracts.seeing import visible
from exchange.extracts.states import State, Step, found, take
from exchange.formats import require_fitting
from exchange.orders import Door, ExportOrder, require_stated
from models.metadata.errors import AccessDenied, Problem, ValidationFailed
from models.metadata.labels import Label
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id, utc_now

VIEW = Label("ビュー", "View")


def request(engine: RecordEngine, caller: Caller, order: ExportOrder) -> UUID:
    """Ask another person to approve the export; the extract's id.

    Raises AccessDenied, ValidationFailed, DefinitionError.
    """
    order = replace(order, door=Door.REQUEST)
    caller = caller.for_purpose(order.purpose)
    require_miscellaneous(caller, Miscellaneous.EXPORT)
    require_in_person(caller)
    require_stated(order)
    columns = engine.stream(caller, order.query).columns
    require_fitting(order.format, columns)
    extract_id = new_id()
    count = record_ids.keep(engine, caller, order.query, extract_id)
    if not count:
        raise ValidationFailed([Problem("view", "no_records", VIEW)])
    require_fitting(order.format, columns, records=count)
    values = {
        "id": extract_id,
        "state": State.REQUESTED,
        "count": count,
        "links": links_digest(order.query.links),
    }

    def write(service: RecordService) -> None:
        entries.begin(service, caller, order, values=values)
        row = found(service.transaction, extract_id)
        entries.note(
            service, caller, "request_extract", extract=row, keep_until=str(row.keep_until)
        )

    engine.run(write)
    return extract_id


def withdraw(service: RecordService, caller: Caller, extract_id: UUID) -> None:
    """The requester's own request, not decided yet. Raises RecordNotFound, AccessDenied,
    ConcurrencyConflict."""
    extract = own(service, caller, extract_id)
    require_in_person(caller)
    take(service.transaction, extract_id, Step.WITHDRAW, decided_on=utc_now())
    record_ids.forget(service.transaction, extract_id)
    entries.note(service, caller, "withdraw_extract", extract=extract)


def own(service: RecordService, caller: Caller, extract_id: UUID) -> Any:
    """The caller's own extract; RecordNotFound for another's, AccessDenied for one that the
    caller may know of."""
    extract = visible(service, caller, extract_id)
    if caller.id is None or extract.requested_by != caller.id:
        raise AccessDenied("taking another's extract", caller=caller)
    return extract


def require_in_person(caller: Caller) -> None:
    """A supporter sees what the person sees, and takes nothing away in their name."""
    if caller.supporter is not None:
        raise AccessDenied("extracting within a support session", caller=caller)
