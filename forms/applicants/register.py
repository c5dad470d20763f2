"""The register of what applicants asked for about their own records (本人からの請求): done at
once, or to be decided on by the office until a day.

It says what is there and keeps a record to one open request of a kind; who decides is the office's
pages' to ask.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, insert, select, update

from forms.applicants.sealed_texts import locked, seal_text
from models.metadata.attribute_types import InvalidValue
from models.metadata.attribute_types.texts import tidy
from models.metadata.components import FormDefinition
from models.metadata.errors import ConcurrencyConflict, Problem, ValidationFailed
from models.metadata.labels import Label
from models.records.sealing import ANSWER_PAYLOAD, STATEMENT_PAYLOAD
from models.records.service import RecordService
from models.records.store import StoredRow
from models.security.applicants import stated
from models.security.caller import Caller
from models.tables.applicants import DONE, ERASURE, REQUESTED, SubjectRequest
from models.tables.base import new_id, utc_now
from models.tables.session import Transaction

TABLE = SubjectRequest.__table__
LONGEST = 1000
"""Characters of what a person writes, and of what the office answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is entered into the register; `due_on` None: it was done at once."""

    kind: str
    due_on: date | None = None
    statement: str = ""
    attributes: Sequence[str] = ()


def enter(
    service: RecordService, form: FormDefinition, record_id: UUID, asked: Asked
) -> StoredRow:
    """Enter it; the record's row, locked. Raises RecordNotFound, ConcurrencyConflict (there is an
    open request of that kind)."""
    row = locked(service, service.catalog.entity(form.entity), record_id)
    if asked.due_on is not None and open_of(service.transaction.connection, record_id, asked.kind):
        raise ConcurrencyConflict("subject request")
    _, confirmation = stated(form)
    identifier, now = new_id(), utc_now()
    is_open, statement = asked.due_on is not None, None
    if asked.statement:
        statement = seal_text(
            service, row, number=STATEMENT_PAYLOAD, about=identifier, text=asked.statement
        )
    entry = {
        "id": identifier,
        "kind": asked.kind,
        "state": REQUESTED if is_open else DONE,
        "form": form.name,
        "entity": form.entity,
        "record_id": record_id,
        "reference": str(row.values.get(confirmation.receipt_number) or ""),
        "attributes": json.dumps(list(asked.attributes)),
        "requested_on": now,
        "due_on": asked.due_on,
        "statement": statement,
        "decided_on": None if is_open else now,
    }
    service.transaction.write(insert(SubjectRequest), [entry])
    return row


def written(text: str, *, name: str, label: Label, is_required: bool = False) -> str:
    """A text as it is kept, in one spelling. ValidationFailed by `name` for one that is too long
    or no writing."""
    try:
        tidied = tidy(text).strip()
    except InvalidValue as error:
        raise ValidationFailed([Problem(name, error.code, label, error.parameters)]) from error
    if is_required and not tidied:
        raise ValidationFailed([Problem(name, "required", label)])
    if len(tidied) > LONGEST:
        told: dict[str, object] = {"maximum": LONGEST, "length": len(tidied)}
        raise ValidationFailed([Problem(name, "too_long", label, told)])
    return tidied


def open_of(
    connection: Connection, record_id: UUID, kind: str = ERASURE
) -> "Row[tuple[object, ...]] | None":
    """The record's open request of that kind."""
    this = and_(TABLE.c.record_id == record_id, TABLE.c.kind == kind)
    return connection.execute(select(TABLE).where(this, TABLE.c.state == REQUESTED)).first()


def of_record(connection: Connection, record_id: UUID) -> list["Row[Any]"]:
    """All there were, the oldest first."""
    statement = select(TABLE).where(TABLE.c.record_id == record_id)
    return list(connection.execute(statement.order_by(TABLE.c.requested_on, TABLE.c.id)))


def decide(
    service: RecordService, caller: Caller, request: UUID, *, state: str, answer: bytes | None
) -> None:
    """Raises ConcurrencyConflict where it is decided by now."""
    this = and_(TABLE.c.id == request, TABLE.c.state == REQUESTED)
    decided = _by(caller) | {"state": state, "answer": answer}
    if (
        service.transaction.write(update(SubjectRequest).where(this).values(**decided)).rowcount
        != 1
    ):
        raise ConcurrencyConflict("subject request")


def sealed_answer(service: RecordService, row: StoredRow, request: UUID, text: str) -> bytes:
    return seal_text(service, row, number=ANSWER_PAYLOAD, about=request, text=text)


def close_erased(transaction: Transaction, record_ids: Sequence[UUID], *, by: Caller) -> None:
    """Records are gone, whoever deleted them: what was asked for is done."""
    this = and_(TABLE.c.record_id.in_(record_ids), TABLE.c.state == REQUESTED)
    done = _by(by) | {"state": DONE}
    transaction.write(update(SubjectRequest).where(this).values(**done))


def _by(caller: Caller) -> dict[str, object]:
    return {"decided_by": caller.id, "decided_by_name": caller.name, "decided_on": utc_now()}


def named(row: "Row[Any]") -> tuple[str, ...]:
    """The attributes that a request names."""
    return tuple(json.loads(str(row.attributes)))
