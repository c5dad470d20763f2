"""Requests under the law on personal data as they come to be, whoever enters them: who asks is
sealed with the platform's key of the month, and the clock begins.

The law gives 30 days and 30 more for a reason (個人情報保護法83条ほか); Kobe decides within 15.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from crypto.errors import DestroyedKey
from models.metadata.errors import ConcurrencyConflict
from models.records.sealing import PERSON_PAYLOAD, open_payload, seal_for_month
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import new_id, utc_now
from models.tables.requests import RECEIVED, PersonRequest

DECIDED_WITHIN = timedelta(days=15)
PERSON = ("name", "email", "phone", "asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`person` has a text for each of PERSON; `record_id` is of whom asks by a mail's link."""

    kind: str
    received_on: date
    person: Mapping[str, str]
    record_id: UUID | None = None

    @property
    def due_on(self) -> date:
        return self.received_on + DECIDED_WITHIN


def enter(service: RecordService, caller: Caller, asked: Asked) -> UUID:
    """Raises ConcurrencyConflict where it is asked for already by the link of that record."""
    if asked.record_id is not None and asked.kind in open_of(service, asked.record_id):
        raise ConcurrencyConflict("a request that is open already")
    request_id = new_id()
    person = json.dumps({name: asked.person[name] for name in PERSON}, ensure_ascii=False)
    row = {
        "id": request_id,
        "kind": asked.kind,
        "state": RECEIVED,
        "received_on": asked.received_on,
        "due_on": asked.due_on,
        "record_id": asked.record_id,
        "person": sealed(service, request_id, PERSON_PAYLOAD, person),
        "entered_by": caller.id,
        "entered_by_name": caller.name,
        "entered_on": utc_now(),
    }
    service.transaction.write(insert(PersonRequest), row)
    service.audit(caller, "enter_request", request=request_id.hex, kind=asked.kind)
    return request_id


def open_of(service: RecordService, record_id: UUID) -> dict[str, date]:
    """What was asked for by the link of the record and is open: by kind, until when."""
    this = PersonRequest.record_id == record_id, PersonRequest.state == RECEIVED
    statement = select(PersonRequest.kind, PersonRequest.due_on).where(*this)
    return {row.kind: row.due_on for row in service.transaction.read(statement)}


def sealed(service: RecordService, request_id: UUID, number: int, text: str) -> bytes:
    data = text.encode()
    return seal_for_month(service.keyring, number=number, record_id=request_id, data=data)


def person_of(service: RecordService, request: Any) -> Mapping[str, str]:
    """Name, address, number and what is asked for; all "" where the key is gone."""
    none = dict.fromkeys(PERSON, "")
    try:
        data = open_payload(
            service.keyring,
            number=PERSON_PAYLOAD,
            record_id=request.id,
            envelope=request.person,
        )
    except DestroyedKey:
        return none
    given: dict[str, str] = json.loads(data)
    return none | given
