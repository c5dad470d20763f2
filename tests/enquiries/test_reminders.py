"""Who is told what is due: each once a day, of their own and their teams', in numbers; on both
databases, with what the real mail server got."""

from datetime import timedelta
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import update

from jobs import reminders
from jobs.due import due_of
from jobs.mail import Mailer
from jobs.outbox import enqueue
from jobs.worker import Worker
from models.metadata.activities import APPOINTMENT
from models.metadata.components import Recurrence
from models.metadata.errors import DefinitionError
from models.records.matching.coding import code_all
from models.security.contracts import today
from models.tables.base import utc_now
from models.tables.principals import SystemUser
from models.tables.record_data import SystemJob
from tests.admin_views.office import ENTITY, Office
from tests.enquiries.asking import ACTIVITY, TASK, ask, change, close_all, give, tell
from tests.identity.staff import acts
from tests.jobs.post import settings
from tests.support.post_office import PostOffice

NAME, FLOW = "kobe_send_reminders", "kobe_support_flow"
OPERATOR, OFFICIAL = "kobe_operator@example.jp", "kobe_official@example.jp"


@pytest.fixture(autouse=True)
def nothing_is_due(office: Office) -> None:
    """Of the tests before this one; and nobody was told today."""
    tables = office.engine.catalog.tables.entities
    for statement in (
        *(update(tables[name]).values(statecode=1) for name in (ACTIVITY, ENTITY)),
        update(SystemUser).values(reminded_on=None, active=True),
        SystemJob.__table__.delete(),
    ):
        office.engine.database.run(lambda t, statement=statement: t.write(statement))
    close_all(office)
    code_all(office.engine)


def remind(office: Office, server: PostOffice) -> list[tuple[str, str]]:
    """Address and text of the mails, by the worker as it runs."""
    office.engine.database.run(
        lambda t: enqueue(t, kind="send_reminders", name=NAME, due_on=utc_now())
    )
    before = len(server.mails)
    Worker(office.engine, Mailer(settings(server.port))).run(Event(), drain=True)
    return sorted((mail.recipients[0], mail.text) for mail in server.mails[before:])


def apply(office: Office, *, owner: UUID | None = None, days: int) -> UUID:
    """An application that waits in its first stage, which allows three days, for so many."""
    record = office.apply()
    if owner is not None:
        give(office, record, owner, ENTITY)
    table = office.engine.catalog.tables.entities[ENTITY]
    since = update(table).where(table.c.id == record)
    since = since.values(kobe_stagesince=utc_now() - timedelta(days=days))
    office.engine.database.run(lambda t: t.write(since))
    return record


def task(office: Office, *, days: int, **parts: object) -> UUID:
    due = today() + timedelta(days=days)
    stated = {"kind": TASK, "direction": None, "subject": "資料を送る", "dueon": due, "status": 1}
    return tell(office, ask(office, statuscode=4), **(stated | parts))


def test_nothing_is_due_and_nobody_is_written_to(office: Office, smtp_server: PostOffice) -> None:
    task(office, days=1)
    task(office, days=-3, status=2)
    task(office, days=-3, kind=1)
    apply(office, days=2)
    assert remind(office, smtp_server) == []


def test_an_appointment_is_due_on_the_day_it_begins(office: Office) -> None:
    now = utc_now()
    held = {"kind": APPOINTMENT, "dueon": None}
    for days in (-2, 0, 2):
        task(office, days=0, **held, startson=now + timedelta(days=days))
    task(office, days=0, dueon=None, startson=now - timedelta(days=2))
    task(office, days=0, **held, startson=now - timedelta(days=2), status=2)
    caller = office.caller("kobe_operator")
    [due] = office.engine.run(lambda s: due_of(s, caller, []))
    assert (due.overdue, due.today, due.of_teams) == (1, 1, 0)


def test_each_is_told_of_their_own_in_numbers(office: Office, smtp_server: PostOffice) -> None:
    task(office, days=-3)
    task(office, days=-1)
    task(office, days=0)
    apply(office, days=4, owner=office.users["kobe_official"])
    apply(office, days=3, owner=office.users["kobe_official"])
    mails = dict(remind(office, smtp_server))
    assert mails.keys() == {OPERATOR, OFFICIAL}
    assert "・お問い合わせの対応記録\n  期限切れ 2件、本日が期限 1件\n" in mails[OPERATOR]
    assert "・応援したいこと（応援の流れ）\n  期限切れ 1件、本日が期限 1件\n" in mails[OFFICIAL]
    for text in mails.values():
        assert "http" not in text
        assert "/admin/" not in text
        for personal in ("花子", "hanako", "資料を送る", "本を届けたい", "中央区"):
            assert personal not in text


def test_what_nobody_is_in_charge_of_is_told_to_the_team(
    office: Office, smtp_server: PostOffice
) -> None:
    ask(office, hours_ago=24 * 5)
    ask(office, hours_ago=24 * 2)
    [(to, text)] = remind(office, smtp_server)
    assert to == OPERATOR
    assert "お問い合わせ（回答が遅れているお問い合わせ）\n  チームで担当者未定 1件\n" in text


def test_once_a_day_even_after_a_crash(
    office: Office, smtp_server: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    task(office, days=-1)
    apply(office, days=9, owner=office.users["kobe_official"])
    really, told = reminders._remind, []

    def breaking_off(service: object, **about: object) -> None:
        if told:
            raise RuntimeError("the worker is killed")
        told.append(about["user_id"])
        really(service, **about)

    monkeypatch.setattr(reminders, "_remind", breaking_off)
    assert len(remind(office, smtp_server)) == 1
    monkeypatch.setattr(reminders, "_remind", really)
    assert len(remind(office, smtp_server)) == 1, "the other one"
    assert remind(office, smtp_server) == []
    noted = [one for one in acts(office.engine) if one["action"] == "send_reminder"][-2:]
    assert {one["record"] for one in noted} == {
        office.users[role].hex for role in ("kobe_operator", "kobe_official")
    }
    assert [one["details"] for one in noted] == [{"count": 1}] * 2


def test_who_would_not_be_let_in_is_not_written_to(
    office: Office, smtp_server: PostOffice
) -> None:
    task(office, days=-1)
    gone = update(SystemUser).where(SystemUser.email == OPERATOR).values(active=False)
    office.engine.database.run(lambda t: t.write(gone))
    assert remind(office, smtp_server) == []


def test_the_list_of_what_is_overdue_is_what_is_told(office: Office) -> None:
    late, owner = apply(office, days=4), office.users["kobe_official"]
    apply(office, days=3)
    give(office, late, owner, ENTITY)
    caller, view = office.caller("kobe_official"), office.engine.catalog.views[f"{FLOW}_overdue"]
    process = office.engine.catalog.processes[FLOW]
    assert view.query.filter == process.overdue()
    page = office.engine.run(lambda s: s.retrieve_multiple(caller, view.query))
    assert [one["id"] for one in page.records] == [late]
    [due] = office.engine.run(lambda s: due_of(s, caller, []))
    assert (due.overdue, due.today, due.of_teams) == (1, 0, 0)
    change(office, ENTITY, late, statuscode=4)
    assert office.engine.run(lambda s: due_of(s, caller, [])) == []


@pytest.mark.parametrize(
    "parameters", [{"views": ["kobe_nothing"]}, {"views": "kobe_enquiry_all"}, {"hours": 3}]
)
def test_parameters_that_say_nothing_are_refused(
    office: Office, parameters: dict[str, object]
) -> None:
    one = Recurrence(name=NAME, kind="send_reminders", rule="FREQ=DAILY", parameters=parameters)
    with pytest.raises(DefinitionError):
        reminders.views_named(office.engine.catalog, one.parameters)
