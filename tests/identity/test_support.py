"""Support sessions: an administrator sees what somebody else sees and may see themselves; changes
nothing; is named in everything; and is told to the one supported."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask, session
from sqlalchemy import select
from werkzeug.test import TestResponse

from admin_views.identity import account_rights, step_up, support
from jobs.letter_texts import SUPPORT_BEGUN
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.principals import public_caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id
from models.tables.principals import SystemUser
from tests.admin_views.office import ENTITY, PERSONAL, application
from tests.identity.staff import (
    HIRING,
    Browser,
    Person,
    account_of,
    acts,
    acts_on,
    age_proof,
    change_account,
    hire,
    letters_to,
    mails_to,
)

LIST = f"/admin/t/{ENTITY}/"
PAGE, BEGIN, END = "/admin/support/", "/admin/support/begin/", "/admin/support/end/"
REASON = "問合せ 2026-118：一覧が開けない"


@pytest.fixture(scope="module")
def record(engine: RecordEngine) -> UUID:
    with engine.database.snapshot() as connection:
        public = public_caller(connection, engine.catalog.forms[ENTITY])
    batch = [application()]
    return engine.run(lambda service: service.create_multiple(public, ENTITY, batch))[0]


def give(app: Flask, person: Person, *roles: str) -> None:
    with app.app_context():
        account_rights.change_rights(HIRING, person.id, {"roles": roles})


@pytest.fixture
def helper_with(app: Flask, engine: RecordEngine) -> Callable[..., tuple[Person, Browser]]:
    """An administrator with more roles, signed in."""

    def made(*roles: str) -> tuple[Person, Browser]:
        person = hire(app, engine)
        give(app, person, "administrator", *roles)
        return person, Browser(app).sign_in(person)

    return made


def begin(browser: Browser, person: Person, reason: str = REASON) -> TestResponse:
    return browser.send(BEGIN, page=PAGE, account=person.email, reason=reason)


def details_of(browser: Browser, record: UUID) -> TestResponse:
    return browser.get(f"{LIST}details/", id=str(record), lang="en")


Helper = Callable[..., tuple[Person, Browser]]


def test_nothing_is_seen_that_the_administrator_may_not_see(
    helper_with: Helper, person: Person, record: UUID
) -> None:
    _, browser = helper_with()
    assert begin(browser, person).status_code == 303
    assert browser.get(LIST).status_code == 403
    assert details_of(browser, record).status_code == 403
    assert f'href="{LIST}"' not in browser.get("/admin/").text


def test_nothing_is_seen_that_the_person_may_not_see(
    app: Flask, engine: RecordEngine, helper_with: Helper, record: UUID
) -> None:
    auditor = hire(app, engine)
    give(app, auditor, "auditor")
    _, browser = helper_with("kobe_official")
    assert browser.get(LIST).status_code == 200
    begin(browser, auditor)
    assert browser.get(LIST).status_code == 403
    assert browser.get("/admin/audit/").status_code == 403, "it is to look at records only"


def test_what_both_may_see_is_seen_as_the_narrower_of_them(
    helper_with: Helper, person: Person, record: UUID
) -> None:
    _, browser = helper_with("kobe_official")
    browser.send("/admin/purpose/", purpose_text="点検")
    assert PERSONAL["kobe_email"] in details_of(browser, record).text
    begin(browser, person)
    page = details_of(browser, record)
    assert page.status_code == 200
    assert "h•••@example.jp" in page.text
    assert PERSONAL["kobe_email"] not in page.text


def test_whoever_signs_in_next_is_not_in_it(
    engine: RecordEngine, helper_with: Helper, person: Person
) -> None:
    """At the same browser, before the half hour is over, and the first did not end it."""
    _, browser = helper_with()
    other, _ = helper_with("kobe_official")
    begin(browser, person)
    assert browser.get(LIST).status_code == 403
    browser.sign_out()
    [ended] = [one for one in acts_on(engine, person) if one["action"] == "end_support"]
    assert (ended["purpose"], ended["details"]["reason"]) == (REASON, "signed_out")
    browser.sign_in(other)
    page = browser.get(LIST, lang="en")
    assert page.status_code == 200
    assert "Support session" not in page.text


def test_it_is_nobodys_but_who_began_it(app: Flask, person: Person) -> None:
    with app.test_request_context("/admin/"):
        session[support.IN_SESSION] = {
            **{"supporter": str(new_id()), "account": person.id.hex},
            **{"reason": REASON, "until": time.time() + 60},
        }
        may = frozenset({Miscellaneous.ACT_ON_BEHALF})
        signed_in = Caller(id=new_id(), kind="user", name="dareka@example.jp", miscellaneous=may)
        assert support.seen_as(signed_in) is signed_in
        session[support.IN_SESSION]["supporter"] = str(signed_in.id)
        assert support.seen_as(signed_in).supporter is signed_in


def test_nothing_is_changed_in_somebody_elses_name(
    engine: RecordEngine, helper_with: Helper, person: Person, record: UUID
) -> None:
    _, browser = helper_with("kobe_official")
    begin(browser, person)
    page = details_of(browser, record).text
    assert f"{LIST}edit/" not in page
    assert browser.get(f"{LIST}edit/", id=str(record)).status_code == 403
    sent = browser.send(f"{LIST}edit/", page=PAGE, id=str(record), kobe_nickname="別の名")
    assert sent.status_code == 403
    assert {act["action"] for act in acts(engine, person)}.isdisjoint({"update", "create"})


@pytest.mark.parametrize(
    "page",
    ["users/", "contractors/", "organization/", "export/", "extracts/", "jobs/", "metadata/"],
)
def test_administration_and_extraction_stay_closed_whatever_both_hold(
    app: Flask, engine: RecordEngine, helper_with: Helper, page: str
) -> None:
    other = hire(app, engine)
    give(app, other, "administrator", "kobe_official", "kobe_manager", "auditor")
    _, browser = helper_with("kobe_official", "kobe_manager", "auditor")
    before = browser.get(f"/admin/{page}").status_code
    begin(browser, other)
    after = browser.get(f"/admin/{page}").status_code
    assert (before, after) in {(200, 403), (200, 200)}
    assert after == 403 or page == "extracts/"  # a list of one's own, with nothing to ask for


def test_a_value_shown_is_noted_under_both_names(
    engine: RecordEngine, helper_with: Helper, person: Person, record: UUID
) -> None:
    helper, browser = helper_with("kobe_official")
    begin(browser, person)
    asked = {"id": str(record), "attribute": "kobe_email", "purpose_text": "画面の確認"}
    answer = browser.send(f"{LIST}reveal/", page=PAGE, **asked)
    assert answer.status_code == 200, answer.text
    assert PERSONAL["kobe_email"] in answer.text
    [shown] = [act for act in acts(engine, person) if act["action"] == "reveal"]
    assert (shown["caller"], shown["supporter"]) == (person.id.hex, helper.id.hex)
    assert (shown["by"], shown["supporter_name"]) == (person.email, helper.email)


def test_every_page_says_so_and_leads_back(helper_with: Helper, person: Person) -> None:
    _, browser = helper_with("kobe_official")
    begin(browser, person)
    for path in ("/admin/", LIST, PAGE):
        page = browser.get(path, lang="en").text
        assert f"you see the back office as {person.email} does" in page
        assert REASON in page
    assert browser.send(END, page=PAGE).status_code == 303
    assert "Support session: you see" not in browser.get("/admin/").text
    assert browser.get("/admin/users/").status_code == 200
    assert browser.send(END, page=PAGE).status_code == 403, "there is none to end"


def test_the_person_is_told_and_the_audit_knows_begin_reason_and_end(
    engine: RecordEngine, helper_with: Helper, person: Person
) -> None:
    helper, browser = helper_with()
    begin(browser, person)
    browser.send(END, page=PAGE)
    assert letters_to(engine, person) == [SUPPORT_BEGUN.name]
    body = mails_to(engine, person)[-1].body
    assert helper.email in body
    assert REASON in body
    begun, ended = acts_on(engine, person)[-2:]
    assert (begun["action"], begun["purpose"], begun["caller"]) == (
        "begin_support",
        REASON,
        helper.id.hex,
    )
    assert (ended["action"], ended["caller"]) == ("end_support", helper.id.hex)


def test_it_ends_in_time(
    engine: RecordEngine, helper_with: Helper, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, browser = helper_with()
    begin(browser, person)
    later = support.time.time() + support.LASTS.total_seconds()
    with monkeypatch.context() as clock:
        clock.setattr(support.time, "time", lambda: later)
        assert browser.get("/admin/users/").status_code == 200
    assert acts_on(engine, person)[-1]["details"] == {"reason": "time"}
    assert "Support session: you see" not in browser.get("/admin/", lang="en").text


def test_it_ends_with_the_privilege_and_with_the_account(
    app: Flask, engine: RecordEngine, helper_with: Helper, person: Person
) -> None:
    helper, browser = helper_with()
    begin(browser, person)
    give(app, helper, "kobe_official")
    assert browser.get(LIST).status_code == 200
    assert browser.get(PAGE).status_code == 403
    assert acts_on(engine, person)[-1]["details"] == {"reason": "rights"}

    _, browser = helper_with()
    begin(browser, person)
    change_account(engine, person, active=False)
    assert browser.get("/admin/users/").status_code == 200


def test_only_who_may_and_only_for_another_active_account_and_a_reason(
    app: Flask, engine: RecordEngine, helper_with: Helper, person: Person
) -> None:
    assert Browser(app).sign_in(person).get(PAGE).status_code == 403
    helper, browser = helper_with()
    left = hire(app, engine)
    change_account(engine, left, active=False)
    for wrong in (helper, left, Person(left.id, "nobody@example.jp", "", "")):
        answer = begin(browser, wrong)
        assert answer.status_code == 400
        assert 'id="account-error"' in answer.text
        assert REASON in answer.text, "what was typed is kept"
    for reason in ("", " ", "x" * 501, "a\x00b"):
        answer = begin(browser, person, reason)
        assert (answer.status_code, 'id="reason-error"' in answer.text) == (400, True)
    assert letters_to(engine, person) == []
    assert browser.get("/admin/users/").status_code == 200


def test_it_asks_who_one_is(engine: RecordEngine, helper_with: Helper, person: Person) -> None:
    helper, browser = helper_with()
    age_proof(engine, helper, by=step_up.FOR_MANY + timedelta(minutes=1))
    answer = begin(browser, person)
    assert (answer.status_code, 'id="proof-error"' in answer.text) == (400, True)


def test_no_session_is_begun_within_one(
    app: Flask, engine: RecordEngine, helper_with: Helper, person: Person
) -> None:
    other = hire(app, engine)
    give(app, other, "administrator")
    _, browser = helper_with()
    begin(browser, other)
    assert begin(browser, person).status_code == 403
    assert letters_to(engine, person) == []


def test_what_the_administrator_prefers_is_not_kept_for_the_person(
    engine: RecordEngine, helper_with: Helper, person: Person
) -> None:
    helper, browser = helper_with()
    begin(browser, person)
    browser.get("/admin/", lang="en")
    languages = {account_of(engine, one).language for one in (helper,)}
    assert languages == {"en"}
    statement = select(SystemUser.language).where(SystemUser.id == person.id)
    with engine.database.reading() as connection:
        assert connection.scalar(statement) != "en"
