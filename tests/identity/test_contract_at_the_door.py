"""A contract's period and networks, at the sign-in and at every request after it: in every
process, from the very next request on; a stranger is told no more than before."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from models.records.engine import RecordEngine
from models.security.contracts import today
from tests.admin_views.contracted import (
    change_contract,
    employ,
    end_contract,
    prolong_contract,
    put_under_contract,
)
from tests.admin_views.office import ENTITY
from tests.identity.staff import Browser, Person, acts, hire, sessions_of

ALL = {ENTITY: {}}
OVER = "契約期間が終了しているため、サインアウトしました。"
NOT_BEGUN = "契約期間の開始前のため、サインアウトしました。"
ELSEWHERE = "契約で定めたネットワークからのみ利用できます。"
INSIDE, OUTSIDE = "203.0.113.9", "198.51.100.7"
PLACES = ["/admin/", f"/admin/t/{ENTITY}/", "/account/password", "/tf-setup", "/verify"]


@pytest.fixture
def contract(engine: RecordEngine, person: Person) -> UUID:
    return put_under_contract(engine.database, person.id, scope=ALL)


def reasons(engine: RecordEngine, person: Person, action: str) -> list[str | None]:
    found = [act for act in acts(engine, person) if act["action"] == action]
    return [act["details"].get("reason") for act in found]


@pytest.mark.parametrize("place", PLACES)
def test_the_next_request_after_the_last_day_is_signed_out(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser, place: str
) -> None:
    visitor.sign_in(person)
    end_contract(engine.database, contract)
    answer = visitor.get(place)
    assert answer.status_code == 403
    assert OVER in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert sessions_of(engine, person) == []
    assert reasons(engine, person, "turned_away") == ["contract"]
    assert visitor.get("/admin/").location.startswith("/login"), "a visitor like any other"


def test_a_form_that_is_sent_after_the_last_day_does_nothing(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser
) -> None:
    visitor.sign_in(person)
    token = visitor.form_token("/account/password")
    end_contract(engine.database, contract)
    answer = visitor.client.post(f"/admin/t/{ENTITY}/status/", data={"csrf_token": token})
    assert (answer.status_code, OVER in answer.text) == (403, True)


def test_another_process_turns_away_as_well(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser, other_process: Flask
) -> None:
    visitor.sign_in(person)
    beside = Browser(other_process)
    beside.client.set_cookie("staff", visitor.token)
    assert beside.get("/admin/").status_code == 200
    end_contract(engine.database, contract)
    assert OVER in beside.get("/admin/").text
    assert visitor.get("/admin/").status_code == 302, "the session is gone here as well"


def test_a_contract_that_a_process_of_its_own_ended_is_over_here(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser, folder: Path
) -> None:
    visitor.sign_in(person)
    program = (
        "import sqlite3, sys;"
        "c = sqlite3.connect(sys.argv[1]);"
        "c.execute('UPDATE contractor SET ends_on = ? WHERE id = ?', sys.argv[2:]);"
        "c.commit()"
    )
    yesterday = str(today() - timedelta(days=1))
    file = str(folder / "uketsuke.db")
    subprocess.run([sys.executable, "-c", program, file, yesterday, contract.hex], check=True)
    assert OVER in visitor.get("/admin/").text


def test_before_the_first_day_it_says_so(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser
) -> None:
    visitor.sign_in(person)
    change_contract(engine.database, contract, starts_on=today() + timedelta(days=1))
    assert NOT_BEGUN in visitor.get("/admin/").text


@pytest.mark.parametrize(
    ("first", "last", "runs"),
    [(0, 0, True), (-1, 0, True), (0, 9, True), (1, 9, False), (-9, -1, False)],
)
def test_first_and_last_day_count(
    engine: RecordEngine,
    person: Person,
    contract: UUID,
    visitor: Browser,
    first: int,
    last: int,
    runs: bool,
) -> None:
    days = {"starts_on": today() + timedelta(first), "ends_on": today() + timedelta(last)}
    change_contract(engine.database, contract, **days)
    visitor.try_password(person.email, person.password)
    assert visitor.is_in() is runs


def test_at_sign_in_a_stranger_learns_nothing(
    app: Flask, engine: RecordEngine, person: Person, contract: UUID
) -> None:
    """The right password is answered as a wrong one, and as an address that nobody has."""
    end_contract(engine.database, contract)

    def answer(email: str, password: str) -> str:
        text = Browser(app).try_password(email, password).text
        token = text.partition('csrf_token" type="hidden" value="')[2].partition('"')[0]
        return text.replace(email, "").replace(token, "")

    right = answer(person.email, person.password)
    assert right == answer(person.email, "a wrong password it is")
    assert right == answer("nobody.at.all@example.jp", person.password)
    assert "契約" not in right
    assert reasons(engine, person, "sign_in_failed")[0] == "contract"


def test_an_end_between_password_and_code_is_noticed(
    app: Flask, engine: RecordEngine, guarded: Person, visitor: Browser
) -> None:
    contract = put_under_contract(engine.database, guarded.id, scope=ALL)
    visitor.try_password(guarded.email, guarded.password)
    end_contract(engine.database, contract)
    visitor.enter(guarded.code())
    assert not visitor.is_in()
    prolong_contract(engine.database, contract)
    Browser(app).sign_in(guarded)


def test_only_the_contractors_own_networks_are_answered(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser
) -> None:
    change_contract(engine.database, contract, networks="203.0.113.0/28\n2001:db8:7::/48")
    visitor.client.environ_base["REMOTE_ADDR"] = INSIDE
    visitor.sign_in(person)
    for address in ("203.0.113.16", OUTSIDE, "2001:db8:8::1", "::1", "unix:", ""):
        visitor.client.environ_base["REMOTE_ADDR"] = address
        for place in PLACES:
            answer = visitor.get(place)
            assert (answer.status_code, ELSEWHERE in answer.text) == (403, True), (address, place)
    for address in ("203.0.113.15", "::ffff:203.0.113.1", "2001:db8:7:ffff::1"):
        visitor.client.environ_base["REMOTE_ADDR"] = address
        assert visitor.get("/admin/").status_code == 200, address


def test_requests_from_elsewhere_do_not_fill_the_audit(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser
) -> None:
    visitor.sign_in(person)
    change_contract(engine.database, contract, networks="203.0.113.0/28")
    visitor.client.environ_base["REMOTE_ADDR"] = OUTSIDE
    for _ in range(20):
        assert visitor.get("/admin/").status_code == 403
    [noted] = [act for act in acts(engine, person) if act["action"] == "turned_away"]
    assert noted["details"] == {"reason": "network", "address": OUTSIDE}
    assert noted["outcome"] == "refused"


def test_who_is_elsewhere_can_sign_out(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser
) -> None:
    visitor.sign_in(person)
    change_contract(engine.database, contract, networks="203.0.113.0/28")
    visitor.client.environ_base["REMOTE_ADDR"] = OUTSIDE
    assert visitor.send("/logout", page="/admin/").status_code == 302
    assert sessions_of(engine, person) == []


def test_signing_in_from_elsewhere_is_answered_like_a_wrong_password(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser
) -> None:
    change_contract(engine.database, contract, networks="203.0.113.0/28")
    visitor.client.environ_base["REMOTE_ADDR"] = OUTSIDE
    answer = visitor.try_password(person.email, person.password)
    assert answer.status_code == 200
    assert "ネットワーク" not in answer.text
    assert reasons(engine, person, "sign_in_failed") == ["network"]


def test_another_session_of_the_same_contractor_is_let_in_as_the_account_is_released(
    app: Flask, engine: RecordEngine, person: Person, contract: UUID, visitor: Browser
) -> None:
    visitor.sign_in(person)
    end_contract(engine.database, contract)
    employ(engine.database, person.id, None)
    assert visitor.get("/admin/").status_code == 200, "the office's own again"


def test_the_page_speaks_the_persons_language(
    engine: RecordEngine, person: Person, contract: UUID, visitor: Browser
) -> None:
    visitor.sign_in(person)
    end_contract(engine.database, contract)
    page = visitor.get("/admin/", lang="en").text
    assert "the contract's period has ended" in page.replace("&#39;", "'")


def test_others_are_not_touched(
    app: Flask,
    engine: RecordEngine,
    person: Person,
    contract: UUID,
    browser_of: Callable[[], Browser],
) -> None:
    end_contract(engine.database, contract)
    change_contract(engine.database, contract, networks="203.0.113.0/28")
    browser_of().sign_in(hire(app, engine))
