"""Which changes of records a request for correction came to: those of the person's records since
the request was received, as the log has them. It holds no values: these are told in words.
"""

import json
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from admin_views.audit.entries import Entry, show
from admin_views.disclosure import gathering, register
from admin_views.disclosure.logs import AT_ONCE, ENTRY
from models.metadata.attribute_types import LOCAL_ZONE
from models.records import holdings
from models.records.service import RecordService
from models.records.store import chunks
from models.security.caller import Caller
from models.tables.requests import CORRECTION

MOST = 100


def changes(
    service: RecordService, caller: Caller, request: register.Request
) -> tuple[Entry, ...]:
    """The newest; none for another kind of request."""
    if request.row.kind != CORRECTION:
        return ()
    found = gathering.find(service, caller, request)
    ids = {one for some in holdings.with_dependants(service, found) for one in some.ids}
    ids.update(_gathered(service, request))
    since = datetime.combine(request.row.received_on, time(), LOCAL_ZONE)
    rows: list[Any] = []
    for some in chunks(sorted(ids), AT_ONCE):
        of_these = ENTRY.c.record_id.in_(some), ENTRY.c.action == "update"
        statement = select(ENTRY).where(*of_these, ENTRY.c.created_on >= since)
        newest = statement.order_by(ENTRY.c.sequence.desc()).limit(MOST)
        rows += service.transaction.read(newest).all()
    rows.sort(key=lambda row: row.sequence, reverse=True)
    return show(service.transaction, rows[:MOST])


def told(change: Entry) -> str:
    """In one line, without a value."""
    names = gettext(", ").join(change.attributes)
    return f"{change.when} {change.entity_name}{gettext(': ')}{names} ({change.by})"


def _gathered(service: RecordService, request: register.Request) -> Iterator[UUID]:
    """Records that were put together for the request: by a corrected address it finds them no
    more."""
    since = ENTRY.c.created_on >= request.row.entered_on
    statement = select(ENTRY.c.body).where(ENTRY.c.action == "gather_person", since)
    for body in service.transaction.read(statement).scalars():
        details = json.loads(body).get("details", {})
        if details.get("request") == request.row.id.hex:
            yield from map(UUID, details.get("records", ()))
