"""When a record was answered first: by the first outgoing mail or call that was done, once, in the
same transaction, whoever answered; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from jobs import office_mails
from jobs.office_mails import OfficeMail
from models.metadata.errors import ValidationFailed
from models.tables.base import utc_now
from tests.admin_views.office import Office
from tests.enquiries.asking import (
    ACTIVITY,
    CALL,
    DONE,
    ENQUIRY,
    INCOMING,
    MAIL,
    NOTE,
    OPEN,
    TASK,
    ask,
    change,
    give,
    of,
    tell,
)
from tests.identity.staff import acts


def answered(office: Office, record: object) -> tuple[datetime | None, Decimal | None]:
    found = of(office, record)
    return found["kobe_answeredon"], found["kobe_answerhours"]


def test_the_first_call_says_when_and_after_how_many_hours(office: Office) -> None:
    record = ask(office, hours_ago=26)
    before = of(office, record)
    tell(office, record)
    after = of(office, record)
    assert utc_now() - after["kobe_answeredon"] < timedelta(minutes=1)
    assert after["kobe_answerhours"] == Decimal("26.0")
    assert after["versionnumber"] == before["versionnumber"], "who has the page open may go on"
    assert after["modifiedon"] == before["modifiedon"]


def test_later_answers_change_nothing(office: Office) -> None:
    record = ask(office, hours_ago=2)
    tell(office, record)
    first = answered(office, record)
    tell(office, record, kind=MAIL)
    tell(office, record, startson=utc_now() - timedelta(hours=1))
    assert answered(office, record) == first


def test_a_mail_of_the_office_is_an_answer(office: Office) -> None:
    record = ask(office)
    mail = OfficeMail(
        entity=ENQUIRY, record_id=record, to="kobe_email", subject="回答", body="本文"
    )
    caller = office.caller("kobe_operator")
    office.engine.run(lambda s: office_mails.send(s, caller, mail))
    assert answered(office, record)[1] == Decimal("0.0")


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": NOTE},
        {"kind": TASK},
        {"direction": INCOMING},
        {"kind": MAIL, "direction": INCOMING},
        {"direction": None},
        {"status": OPEN},
    ],
)
def test_what_is_no_answer(office: Office, parts: dict[str, object]) -> None:
    record = ask(office)
    tell(office, record, **parts)
    assert answered(office, record) == (None, None)


def test_a_call_that_was_planned_is_one_once_it_is_done(office: Office) -> None:
    record = ask(office, hours_ago=5)
    planned = tell(office, record, status=OPEN)
    change(office, ACTIVITY, planned, kobe_subject="明日電話する")
    assert answered(office, record) == (None, None)
    change(office, ACTIVITY, planned, statuscode=DONE)
    assert answered(office, record)[1] == Decimal("5.0")


def test_who_assigns_an_old_call_answers_nothing_by_that(office: Office) -> None:
    """Of a record from before the platform kept it."""
    record = ask(office)
    call = tell(office, record)
    table = office.engine.catalog.tables.entities[ENQUIRY]
    forgotten = table.update().where(table.c.id == record).values(kobe_answeredon=None)
    office.engine.database.run(lambda transaction: transaction.write(forgotten))
    give(office, call, office.users["kobe_official"], ACTIVITY)
    change(office, ACTIVITY, call, kobe_subject="電話で回答した")
    assert answered(office, record)[0] is None


@pytest.mark.parametrize(("ago", "hours"), [(2.5, "1.5"), (40, "0.0"), (-10, "4.0")])
def test_the_time_that_is_entered_counts_within_reason(
    office: Office, ago: float, hours: str
) -> None:
    """Not before the enquiry was there, and not in time to come."""
    record = ask(office, hours_ago=4)
    tell(office, record, startson=utc_now() - timedelta(hours=ago))
    assert answered(office, record)[1] == Decimal(hours)


def test_of_several_at_once_the_earliest_counts(office: Office) -> None:
    record, caller = ask(office, hours_ago=8), office.caller("kobe_operator")
    batch = [
        {
            "kobe_kind": CALL,
            "kobe_direction": 1,
            "kobe_subject": "電話",
            "kobe_regarding": record,
            "kobe_startson": utc_now() - timedelta(hours=ago),
            "statuscode": DONE,
        }
        for ago in (1, 3, 2)
    ]
    office.engine.run(lambda s: s.create_multiple(caller, ACTIVITY, batch))
    assert answered(office, record)[1] == Decimal("5.0")


@pytest.mark.parametrize("name", ["kobe_answeredon", "kobe_answerhours"])
def test_nobody_enters_it(office: Office, name: str) -> None:
    record = ask(office)
    value = utc_now() if name == "kobe_answeredon" else 1
    with pytest.raises(ValidationFailed):
        change(office, ENQUIRY, record, **{name: value})
    assert answered(office, record) == (None, None)


def test_the_audit_tells_that_the_platform_noted_it(office: Office) -> None:
    record = ask(office)
    tell(office, record)
    noted = [
        one
        for one in acts(office.engine)
        if one["record"] == record.hex and one["by"] == "noting the first answer"
    ]
    assert [one["attributes"] for one in noted] == [["kobe_answeredon", "kobe_answerhours"]]


def test_many_who_answer_at_once_note_one_answer(office: Office) -> None:
    """Each writes an activity that points at the record, and then locks the record."""
    record = ask(office, hours_ago=1)
    callers = [office.caller(role) for role in ("kobe_operator", "kobe_official")]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda caller: tell(office, record, caller), callers * 6))
    noted = [
        one
        for one in acts(office.engine)
        if one["record"] == record.hex and one["by"] == "noting the first answer"
    ]
    assert len(noted) == 1
