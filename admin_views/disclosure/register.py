"""The register: a request entered, its clock, the check of who asks, the decision. Who asks and
what is answered is sealed; each step is one UPDATE from the state it starts in, and audited.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from crypto.errors import DestroyedKey
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    Problem,
    RecordNotFound,
    ValidationFailed,
)
from models.metadata.labels import Label
from models.records import person_requests
from models.records.person_requests import PERSON, Asked, person_of
from models.records.sealing import (
    DECISION_PAYLOAD,
    open_payload,
)
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Miscellaneous
from models.tables.base import utc_now
from models.tables.requests import (
    KINDS,
    LONGEST,
    RECEIVED,
    PersonRequest,
)

TABLE = PersonRequest.__table__
PUT_OFF_BY = timedelta(days=30)
LONGEST_TEXT = 2000
LABELS = {
    "kind": Label("請求の種類", "Kind of request"),
    "received_on": Label("受付日", "Received on"),
    "name": Label("氏名", "Name"),
    "email": Label("Eメール", "E-mail"),
    "phone": Label("電話番号", "Telephone number"),
    "asked": Label("請求の内容", "What is asked for"),
    "how": Label("本人確認の方法", "How the person was identified"),
    "reason": Label("延長の理由", "Reason for the extension"),
    "answer": Label("決定の内容", "The decision"),
    "before": Label("訂正前", "Before the correction"),
    "after": Label("訂正後", "After the correction"),
    "change": Label("訂正した変更", "The change that corrected it"),
    "elsewhere": Label("このシステムの外で訂正したもの", "Corrected elsewhere"),
}
EITHER = Label("Eメール又は電話番号", "an e-mail address or a telephone number")
MOST = 200


@dataclass(frozen=True, slots=True)
class Request:
    row: Any
    person: Mapping[str, str]
    answer: str

    @property
    def is_open(self) -> bool:
        return bool(self.row.state == RECEIVED)

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.row.due_on < today()

    def require_identified(self) -> None:
        """Raises ValidationFailed where nobody checked yet who asks."""
        if self.row.identity_on is None:
            raise ValidationFailed([Problem("how", "required", LABELS["how"])])


def enter(service: RecordService, caller: Caller, given: Mapping[str, str]) -> UUID:
    """Raises AccessDenied, ValidationFailed (every problem at once)."""
    require_own_name(caller)
    received = _day(given["received_on"])
    problems = _problems(given, received)
    if problems or received is None:
        raise ValidationFailed(problems)
    asked = Asked(kind=given["kind"], received_on=received, person=given)
    return person_requests.enter(service, caller, asked)


def identify(service: RecordService, caller: Caller, request_id: UUID, *, how: str) -> None:
    """Keep by which papers the person was known. Raises as `enter`; ConcurrencyConflict."""
    require_own_name(caller)
    require_text("how", how, longest=LONGEST)
    known = {"identity_how": how, "identity_by_name": caller.name, "identity_on": utc_now()}
    move(service, request_id, known)
    service.audit(caller, "identify_person", request=request_id.hex)


def put_off(service: RecordService, caller: Caller, request_id: UUID, *, reason: str) -> None:
    """Once, for a reason that the person is told. Raises as `identify`."""
    require_own_name(caller)
    require_text("reason", reason, longest=LONGEST)
    row = read(service, caller, request_id).row
    if row.extended_on is not None:
        raise ConcurrencyConflict("a request that was put off")
    later = {"extended_on": utc_now(), "extension": reason, "due_on": row.due_on + PUT_OFF_BY}
    move(service, request_id, later)
    service.audit(caller, "extend_request", request=request_id.hex, until=str(later["due_on"]))


def note_gathered(
    service: RecordService, caller: Caller, request_id: UUID, records: list[UUID]
) -> None:
    """What is held was put together: of which records, for the audit."""
    move(service, request_id, {"gathered_on": utc_now(), "gathered": len(records)})
    ids = [one.hex for one in records]
    service.audit(caller, "gather_person", request=request_id.hex, records=ids)


def read(service: RecordService, caller: Caller, request_id: UUID) -> Request:
    """Raises AccessDenied, also of whom personal data is closed to; RecordNotFound."""
    require_miscellaneous(caller, Miscellaneous.ANSWER_REQUESTS)
    if caller.is_closed:
        raise AccessDenied("personal data, without pledge or training", caller=caller)
    row = service.transaction.read(select(TABLE).where(TABLE.c.id == request_id)).first()
    if row is None:
        raise RecordNotFound("request of a person")
    return Request(row, person_of(service, row), answer_of(service, row))


def read_all(service: RecordService, caller: Caller) -> list[Request]:
    """Open ones by their day, then the others, the newest first; who asks is not opened."""
    require_miscellaneous(caller, Miscellaneous.ANSWER_REQUESTS)
    order = (TABLE.c.state != RECEIVED, TABLE.c.due_on, TABLE.c.entered_on.desc())
    rows = service.transaction.read(select(TABLE).order_by(*order).limit(MOST))
    return [Request(row, {}, "") for row in rows]


def require_own_name(caller: Caller) -> UUID:
    """The account that answers."""
    require_miscellaneous(caller, Miscellaneous.ANSWER_REQUESTS)
    if caller.id is None or caller.supporter is not None:
        raise AccessDenied("answering a person's request in another's name", caller=caller)
    return caller.id


def _problems(given: Mapping[str, str], received: date | None) -> list[Problem]:
    problems = []
    if given["kind"] not in KINDS:
        problems.append(Problem("kind", "choose", LABELS["kind"]))
    if received is None:
        problems.append(Problem("received_on", "date", LABELS["received_on"]))
    elif received > today():
        problems.append(Problem("received_on", "in_the_future", LABELS["received_on"]))
    problems += [
        Problem(name, "required", LABELS[name]) for name in ("name", "asked") if not given[name]
    ]
    if not given["email"] and not given["phone"]:
        problems.append(Problem("email", "required", EITHER))
    for name in PERSON:
        if len(given[name]) > (LONGEST_TEXT if name == "asked" else LONGEST):
            longest = LONGEST_TEXT if name == "asked" else LONGEST
            told: dict[str, object] = {"maximum": longest, "length": len(given[name])}
            problems.append(Problem(name, "too_long", LABELS[name], told))
    return problems


def require_text(name: str, text: str, *, longest: int) -> None:
    if not text:
        raise ValidationFailed([Problem(name, "required", LABELS[name])])
    if len(text) > longest:
        told: dict[str, object] = {"maximum": longest, "length": len(text)}
        raise ValidationFailed([Problem(name, "too_long", LABELS[name], told)])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def move(service: RecordService, request_id: UUID, values: Mapping[str, Any]) -> None:
    """Change one that is open. Raises ConcurrencyConflict."""
    this = PersonRequest.id == request_id, PersonRequest.state == RECEIVED
    statement = update(PersonRequest).where(*this).values(**values)
    if service.transaction.write(statement).rowcount != 1:
        raise ConcurrencyConflict("request of a person")


def answer_of(service: RecordService, row: Any) -> str:
    if row.answer is None:
        return ""
    try:
        data = open_payload(
            service.keyring, number=DECISION_PAYLOAD, record_id=row.id, envelope=row.answer
        )
    except DestroyedKey:
        return ""
    return data.decode()
