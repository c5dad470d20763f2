"""The registers' own period: what was dealt with years ago goes, what is open or stands stays."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from jobs.registers import WITHIN, keep_registers
from jobs.tidying import check, tidy
from models.security.contracts import months_after, today
from models.tables.applicants import DONE, SubjectRequest
from models.tables.base import utc_now
from models.tables.incidents import CLOSED, Incident
from models.tables.organization import Organization
from models.tables.record_data import AuditEntry
from models.tables.requests import PersonRequest
from models.tables.retention import LegalHold
from tests.admin_views.desk import Desk
from tests.admin_views.office import ENTITY, Office
from tests.disclosure.asking import PAGE, entered
from tests.retention.ending import MAILER

YEARS = 5
AGO = utc_now() - (today() - months_after(today(), -12 * YEARS)) - WITHIN - timedelta(days=2)
REGISTERS = (PersonRequest, SubjectRequest, Incident, LegalHold)


def counts(office: Office, before: Sequence[int] = (0, 0, 0, 0)) -> list[int]:
    """Of each register, how many more than before."""
    with office.engine.database.reading() as connection:
        found = [connection.scalar(select(func.count()).select_from(one)) for one in REGISTERS]
    return [(one or 0) - known for one, known in zip(found, before, strict=True)]


def write(office: Office, *statements: Any) -> None:
    for statement in statements:
        office.engine.database.run(lambda transaction, one=statement: transaction.write(one))


def decided(official: Desk, office: Office, *, suspended: bool = False) -> UUID:
    request = entered(official, kind="suspension", email="mukashi@example.jp")
    if suspended:
        official.post(f"{PAGE}freeze/", id=str(request))
    official.post(f"{PAGE}identify/", id=str(request), how="運転免許証")
    official.post(f"{PAGE}decide/", id=str(request), answer="決定した。", grant="1")
    this = update(PersonRequest).where(PersonRequest.id == request)
    write(office, this.values(decided_on=AGO))
    return request


def incident(**values: object) -> dict[str, object]:
    stated = {"year": 2001, "number": 1, "state": CLOSED, "known_on": AGO, "kinds": "[]"}
    texts = {"protected": "no", "texts": b"", "entered_by_name": "x", "closed_on": AGO}
    return stated | texts | values


def test_what_was_dealt_with_years_ago_goes_in_the_night(
    office: Office, official: Desk, tmp_path: Path
) -> None:
    before = counts(office)
    decided(official, office)
    kept = decided(official, office, suspended=True)
    entered(official, email="imano@example.jp")
    asked = {"kind": "withdrawal", "form": ENTITY, "entity": ENTITY, "record_id": uuid4()}
    held = {"entity": ENTITY, "reason": "訴訟", "placed_by_name": "x", "placed_on": AGO}
    write(
        office,
        insert(SubjectRequest).values(**asked, state=DONE, requested_on=AGO),
        insert(SubjectRequest).values(**asked, state=DONE),
        insert(Incident).values(**incident()),
        insert(Incident).values(**incident(number=2, state="OPEN", closed_on=None)),
        insert(LegalHold).values(**held, record_id=uuid4(), lifted_on=AGO),
        insert(LegalHold).values(**held, record_id=uuid4(), until=AGO.date()),
        insert(LegalHold).values(**held, record_id=uuid4()),
    )
    assert counts(office, before) == [3, 2, 2, 3]
    write(office, update(Organization).values(registers_kept_years=0))
    keep_registers(office.engine)
    assert counts(office, before) == [3, 2, 2, 3]
    write(office, update(Organization).values(registers_kept_years=YEARS))
    assert check(office.engine).registers_overdue == 5
    keep_registers(office.engine)
    assert counts(office, before) == [2, 1, 1, 1]
    assert check(office.engine).registers_overdue == 0
    official.post(f"{PAGE}release/", id=str(kept))
    assert counts(office, before)[0] == 2
    gone = tidy(office.engine, MAILER, tmp_path).gone
    assert gone["entries of registers that are past their years"] == 1
    with office.engine.database.reading() as connection:
        noted = AuditEntry.action == "end_registers"
        assert connection.scalar(select(func.count()).where(noted)) == 2
