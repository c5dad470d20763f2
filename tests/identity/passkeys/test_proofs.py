"""A passkey proves its account once for each challenge, at this origin, with the person verified;
everything else proves nothing, and the audit says which it was."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from admin_views.identity import accounts
from admin_views.identity.passkeys.challenges import GOOD_FOR
from models.records.engine import RecordEngine
from models.tables.base import utc_now
from models.tables.credentials import Passkey, PasskeyChallenge
from tests.identity.passkeys.software import (
    PRESENT,
    VERIFIED,
    Software,
    proof_options,
    prove,
    register,
    show_at_sign_in,
    sign_in_options,
)
from tests.identity.staff import (
    HIRING,
    Browser,
    Person,
    account_of,
    acts,
    change_account,
    hire,
)
from tests.identity.test_lockout import fail

Opens = Callable[[], Browser]
EVIL = "http://localhost:8001"


def last_failure(engine: RecordEngine, person: Person) -> dict[str, str]:
    failed = [act for act in acts(engine, person) if act["action"] == "sign_in_failed"]
    return dict(failed[-1]["details"])


@pytest.mark.usefixtures("inside")
def test_it_signs_in_alone(opens: Opens, key: Software) -> None:
    browser = opens()
    assert show_at_sign_in(browser, key.shown(sign_in_options(browser)))
    assert show_at_sign_in(opens(), "") is False


WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another origin": ({"origin": EVIL}, {}, "assertion"),
    "another scheme": ({"origin": "https://localhost:8000"}, {}, "assertion"),
    "another service's key": ({"rp_id": "evil.example"}, {}, "assertion"),
    "nobody there": ({"flags": VERIFIED}, {}, "assertion"),
    "nobody verified": ({"flags": PRESENT}, {}, "assertion"),
    "another challenge": ({}, {"challenge": "AAAA"}, "assertion"),
    "a registration": ({}, {"type": "webauthn.create"}, "assertion"),
    "another person's handle": ({"handle": b"x" * 32}, {}, "handle"),
    "no handle": ({"handle": None}, {}, "handle"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.usefixtures("inside")
def test_what_is_signed_otherwise_is_refused(
    opens: Opens, engine: RecordEngine, somebody: Person, key: Software, case: str
) -> None:
    claims, signed, reason = WRONG[case]
    browser = opens()
    sent = key.copy(**claims).shown(sign_in_options(browser), **signed)
    assert not show_at_sign_in(browser, sent)
    assert last_failure(engine, somebody) == {"factor": "passkey", "reason": reason}


@pytest.mark.usefixtures("inside")
def test_another_key_under_the_same_name_is_refused(opens: Opens, key: Software) -> None:
    browser = opens()
    other = Software(credential_id=key.credential_id, handle=key.handle)
    assert not show_at_sign_in(browser, other.shown(sign_in_options(browser)))


def test_a_refusal_is_told_in_the_page(opens: Opens, key: Software) -> None:
    browser = opens()
    browser.client.set_cookie("lang", "en")
    sent = key.shown(sign_in_options(browser))
    answer = browser.send("/login/passkey", page="/login", credential=sent)
    assert "You could not be signed in with this passkey." in browser.get(answer.location).text


def test_an_answer_is_good_once(
    opens: Opens, engine: RecordEngine, somebody: Person, inside: Browser
) -> None:
    """Also of an authenticator that does not count."""
    key = Software(sign_count=None)
    register(inside, key, name="counts nothing")
    browser = opens()
    sent = key.shown(sign_in_options(browser))
    assert show_at_sign_in(browser, sent)
    browser.sign_out()
    assert not show_at_sign_in(browser, sent)
    assert last_failure(engine, somebody)["reason"] == "challenge"


@pytest.mark.usefixtures("inside")
def test_an_answer_is_good_in_the_session_that_asked(opens: Opens, key: Software) -> None:
    asked, thief = opens(), opens()
    sent = key.shown(sign_in_options(asked))
    sign_in_options(thief)
    assert not show_at_sign_in(thief, sent)
    assert not show_at_sign_in(opens(), sent)
    assert show_at_sign_in(asked, sent)


@pytest.mark.usefixtures("inside")
def test_of_two_challenges_the_newer_counts(opens: Opens, key: Software) -> None:
    browser = opens()
    older = key.shown(sign_in_options(browser))
    sign_in_options(browser)
    assert not show_at_sign_in(browser, older)


@pytest.mark.parametrize("age", [GOOD_FOR - timedelta(seconds=30), GOOD_FOR])
@pytest.mark.usefixtures("inside")
def test_a_challenge_is_good_for_five_minutes(
    opens: Opens, engine: RecordEngine, key: Software, age: timedelta
) -> None:
    browser = opens()
    sent = key.shown(sign_in_options(browser))
    earlier = update(PasskeyChallenge).values(expires_on=utc_now() + GOOD_FOR - age)
    engine.database.run(lambda t: t.write(earlier))
    assert show_at_sign_in(browser, sent) is (age < GOOD_FOR)


def test_a_proof_is_no_sign_in_and_the_reverse(
    opens: Opens, inside: Browser, key: Software
) -> None:
    sent = key.shown(proof_options(inside))
    inside.client.post("/login/passkey", data={"csrf_token": "", "credential": sent})
    browser = opens()
    assert not prove(inside, key.shown(sign_in_options(browser)))
    assert prove(inside, key.shown(proof_options(inside)))


def test_a_cloned_authenticator_is_found_out(
    opens: Opens, engine: RecordEngine, somebody: Person, inside: Browser, key: Software
) -> None:
    clone = key.copy()
    browser = opens()
    assert show_at_sign_in(browser, key.shown(sign_in_options(browser)))
    thief = opens()
    assert not show_at_sign_in(thief, clone.shown(sign_in_options(thief)))
    assert last_failure(engine, somebody) == {"factor": "passkey", "reason": "counter"}
    assert account_of(engine, somebody).untold_failures == 1, "told at the next sign-in"


def test_the_counter_only_goes_up(
    engine: RecordEngine, somebody: Person, inside: Browser, key: Software
) -> None:
    for count, holds in ((10, True), (10, False), (3, False), (0, False), (11, True)):
        key.sign_count = count - 1
        assert prove(inside, key.shown(proof_options(inside))) is holds, count
    with engine.database.reading() as connection:
        mine = select(Passkey.sign_count).where(Passkey.systemuser_id == somebody.id)
        assert connection.scalar(mine) == 11


def test_of_many_answers_at_once_one_is_taken(
    named: Flask, engine: RecordEngine, somebody: Person, inside: Browser
) -> None:
    """The same answer, of an authenticator that does not count, in the session that asked."""
    key = Software(sign_count=None)
    register(inside, key, name="counts nothing")
    sent, token = key.shown(proof_options(inside)), inside.token
    csrf = inside.form_token("/verify")
    start, answers = threading.Barrier(12), list[int]()

    def show() -> None:
        browser = Browser(named)
        browser.client.set_cookie("staff", token)
        form = {"csrf_token": csrf, "credential": sent}
        start.wait()
        answers.append(browser.client.post("/verify/passkey", data=form).status_code)

    threads = [threading.Thread(target=show) for _ in range(start.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, *[400] * (start.parties - 1)]


def test_another_persons_passkey_proves_nothing_here(
    named: Flask, engine: RecordEngine, opens: Opens, inside: Browser
) -> None:
    other, theirs = hire(named, engine), Software()
    register(opens().sign_in(other), theirs)
    assert not prove(inside, theirs.shown(proof_options(inside)))


def test_a_lock_by_somebodys_guesses_keeps_the_owner_in(
    opens: Opens, engine: RecordEngine, somebody: Person, inside: Browser, key: Software
) -> None:
    """And stays for the one who guesses."""
    fail(opens(), somebody, 5)
    locked = account_of(engine, somebody).locked_until
    browser = opens()
    assert show_at_sign_in(browser, key.shown(sign_in_options(browser)))
    assert account_of(engine, somebody).locked_until == locked > utc_now()
    assert account_of(engine, somebody).failed_sign_ins == 5


@pytest.mark.usefixtures("inside")
def test_failures_with_a_passkey_lock_nothing(
    opens: Opens, engine: RecordEngine, somebody: Person, key: Software
) -> None:
    for _ in range(8):
        browser = opens()
        show_at_sign_in(browser, key.copy(origin=EVIL).shown(sign_in_options(browser)))
    assert account_of(engine, somebody).failed_sign_ins == 0


@pytest.mark.usefixtures("inside")
def test_an_ended_account_is_out(
    named: Flask, opens: Opens, engine: RecordEngine, somebody: Person, key: Software
) -> None:
    change_account(engine, somebody, active=False)
    browser = opens()
    assert not show_at_sign_in(browser, key.shown(sign_in_options(browser)))
    assert last_failure(engine, somebody)["reason"] == "inactive"


@pytest.mark.usefixtures("inside")
def test_with_the_second_factor_reset_a_passkey_is_nobodys(
    named: Flask, opens: Opens, engine: RecordEngine, somebody: Person, key: Software
) -> None:
    with named.app_context():
        accounts.reset_second_factor(HIRING, somebody.id)
    browser = opens()
    assert not show_at_sign_in(browser, key.shown(sign_in_options(browser)))
    with engine.database.reading() as connection:
        mine = select(Passkey.id).where(Passkey.systemuser_id == somebody.id)
        assert connection.scalar(mine) is None


@pytest.mark.usefixtures("inside")
def test_a_form_token_is_asked_for(opens: Opens, key: Software) -> None:
    browser = opens()
    sent = key.shown(sign_in_options(browser))
    for path in ("/login/passkey/options", "/login/passkey", "/verify/passkey", "/tf-passkey"):
        assert browser.client.post(path, data={"credential": sent}).status_code == 400
    assert not browser.is_in()


@pytest.mark.parametrize("path", ["/verify/passkey", "/verify/passkey/options"])
def test_a_stranger_proves_nothing(opens: Opens, path: str) -> None:
    assert opens().send(path, page="/login").status_code == 401


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(["id", "rawId", "type", "response"])
PARTS = st.sampled_from(["clientDataJSON", "authenticatorData", "signature"])


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_sent_instead_is_a_refusal(
    inside: Browser, key: Software, data: st.DataObject
) -> None:
    sent = json.loads(key.shown(proof_options(inside)))
    match data.draw(st.sampled_from(["text", "field", "part", "bytes"])):
        case "text":
            written = data.draw(st.text(max_size=200))
        case "field":
            sent[data.draw(FIELDS)] = data.draw(JSON)
            written = json.dumps(sent)
        case "part":
            sent["response"][data.draw(PARTS)] = data.draw(JSON)
            written = json.dumps(sent)
        case _:
            sent["response"]["authenticatorData"] = data.draw(st.text("ABab01-_", max_size=120))
            written = json.dumps(sent)
    assert not prove(inside, written)
