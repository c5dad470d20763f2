"""Before what cannot be taken back, a person shows once more who they are, in the form itself."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from admin_views.identity.lockout import FAILURES_ALLOWED
from models.records.engine import RecordEngine
from models.security.principals import public_caller
from tests.admin_views.office import ENTITY, PERSONAL, application
from tests.identity.staff import (
    Browser,
    Person,
    account_of,
    acts,
    age_proof,
    code_of,
    early_in_the_step,
)

PAGE = f"/admin/t/{ENTITY}/"
LONG_AGO = timedelta(minutes=31)
ASKED = 'name="proof"'


@pytest.fixture
def record(engine: RecordEngine) -> UUID:
    with engine.database.snapshot() as connection:
        caller = public_caller(connection, engine.catalog.forms[ENTITY])
    return engine.run(lambda s: s.create_multiple(caller, ENTITY, [application()]))[0]


def reveal(browser: Browser, record: UUID, **sent: str) -> TestResponse:
    sent = {"id": str(record), "attribute": "kobe_email", "purpose_text": "日程の連絡", **sent}
    return browser.send(f"{PAGE}reveal/", page="/admin/", **sent)


def shows(answer: TestResponse) -> bool:
    return PERSONAL["kobe_email"] in answer.text


@pytest.fixture
def stale(engine: RecordEngine, visitor: Browser, person: Person) -> Browser:
    """Signed in, but some time ago."""
    visitor.sign_in(person)
    age_proof(engine, person, by=LONG_AGO)
    return visitor


def test_a_new_sign_in_is_proof_enough(visitor: Browser, person: Person, record: UUID) -> None:
    visitor.sign_in(person)
    assert ASKED not in visitor.get(f"{PAGE}details/", id=str(record)).text
    assert shows(reveal(visitor, record))


def test_an_old_one_is_asked_for_and_nothing_typed_is_lost(stale: Browser, record: UUID) -> None:
    assert ASKED in stale.get(f"{PAGE}details/", id=str(record)).text
    answer = reveal(stale, record)
    assert answer.status_code == 400
    assert not shows(answer)
    assert 'value="日程の連絡"' in answer.text
    assert 'href="#proof-kobe_email"' in answer.text


def test_the_password_is_a_proof_and_holds(stale: Browser, person: Person, record: UUID) -> None:
    assert shows(reveal(stale, record, proof=person.password))
    assert shows(reveal(stale, record)), "proven a moment ago"


@pytest.mark.parametrize("wrong", ["not the password", "123456", " ", "あ" * 1000, "\0"])
def test_anything_else_is_none(stale: Browser, record: UUID, wrong: str) -> None:
    answer = reveal(stale, record, proof=wrong)
    assert (answer.status_code, shows(answer)) == (400, False)
    assert wrong.strip() == "" or wrong not in answer.text


def test_a_code_is_a_proof_once(
    engine: RecordEngine, app: Flask, guarded: Person, record: UUID
) -> None:
    early_in_the_step()
    browser = Browser(app).sign_in(guarded)
    age_proof(engine, guarded, by=LONG_AGO)
    used, fresh = code_of(guarded.totp_key), code_of(guarded.totp_key, step=1)
    assert not shows(reveal(browser, record, proof=used)), "used to sign in"
    assert shows(reveal(browser, record, proof=fresh))


def test_guessing_locks_as_it_does_at_sign_in(
    engine: RecordEngine, stale: Browser, person: Person, record: UUID
) -> None:
    for _ in range(FAILURES_ALLOWED):
        reveal(stale, record, proof="a guess of somebody at an open screen")
    assert account_of(engine, person).locked_until is not None
    assert not shows(reveal(stale, record, proof=person.password))
    failed = [act for act in acts(engine, person) if act["action"] == "sign_in_failed"]
    assert [act["details"]["factor"] for act in failed] == ["step-up"] * FAILURES_ALLOWED


def test_a_refused_proof_leaves_no_reveal_in_the_audit(
    engine: RecordEngine, stale: Browser, person: Person, record: UUID
) -> None:
    reveal(stale, record, proof="wrong")
    assert "reveal" not in {act["action"] for act in acts(engine, person)}


def test_a_proof_brings_a_new_session_and_ends_the_one_before(
    stale: Browser, app: Flask, person: Person, record: UUID
) -> None:
    """ASVS 7.2.4: a token known before opens nothing after it."""
    before, thief = stale.token, Browser(app)
    assert shows(reveal(stale, record, proof=person.password))
    assert stale.is_in()
    assert stale.token != before
    thief.client.set_cookie("staff", before)
    assert not thief.is_in()


def test_a_wrong_proof_changes_no_session(stale: Browser, record: UUID) -> None:
    before = stale.token
    reveal(stale, record, proof="wrong")
    assert stale.token == before
