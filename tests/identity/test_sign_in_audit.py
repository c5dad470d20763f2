"""Every outcome at the door is in the audit, in the same words for all, without what was typed."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import insert

from admin_views.identity import accounts
from models.records.engine import RecordEngine
from models.tables.base import new_id
from models.tables.principals import Contractor
from tests.identity.staff import HIRING, Browser, Person, acts, change_account
from tests.identity.test_second_factor import set_up

NEW = "rivers under seven bridges"
WRONG = "a wrong guess that is long"
STRANGER = "nobody-of-this-house@example.jp"
Walk = Callable[[Browser, Person], object]


def last_act(engine: RecordEngine, person: Person | None) -> tuple[str, str, dict[str, str]]:
    found = acts(engine, person)[-1]
    return found["action"], found["outcome"], found.get("details", {})


PASSWORD_FACTOR = {"factor": "password"}
OUTCOMES: dict[str, tuple[Walk, tuple[str, str, dict[str, str]]]] = {
    "signed in": (
        lambda browser, person: browser.try_password(person.email, person.password),
        ("sign_in", "ok", PASSWORD_FACTOR),
    ),
    "signed out": (
        lambda browser, person: browser.sign_in(person).sign_out(),
        ("sign_out", "ok", {}),
    ),
    "wrong password": (
        lambda browser, person: browser.try_password(person.email, WRONG),
        ("sign_in_failed", "refused", PASSWORD_FACTOR),
    ),
    "wrong present password": (
        lambda browser, person: browser.sign_in(person).change_password(WRONG, NEW),
        ("sign_in_failed", "refused", PASSWORD_FACTOR),
    ),
    "password changed": (
        lambda browser, person: browser.sign_in(person).change_password(person.password, NEW),
        ("change_password", "ok", {}),
    ),
    "second factor set up": (
        lambda browser, person: set_up(browser.sign_in(person)),
        ("change_second_factor", "ok", {}),
    ),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_each_outcome_is_noted(
    visitor: Browser, engine: RecordEngine, person: Person, name: str
) -> None:
    walk, expected = OUTCOMES[name]
    walk(visitor, person)
    assert last_act(engine, person) == expected


def test_a_sign_in_with_a_code_is_noted_once_and_when_it_is_complete(
    visitor: Browser, engine: RecordEngine, guarded: Person
) -> None:
    visitor.try_password(guarded.email, guarded.password)
    assert acts(engine, guarded) == []
    visitor.enter(guarded.code())
    assert [act["action"] for act in acts(engine, guarded)] == ["sign_in"]


def test_a_wrong_code_is_noted(visitor: Browser, engine: RecordEngine, guarded: Person) -> None:
    visitor.try_password(guarded.email, guarded.password)
    visitor.enter("wrong!")
    assert last_act(engine, guarded) == ("sign_in_failed", "refused", {"factor": "code"})


@pytest.mark.parametrize("reason", ["locked", "inactive"])
def test_a_right_password_that_is_refused_is_noted_with_the_reason(
    visitor: Browser, app: Flask, engine: RecordEngine, person: Person, reason: str
) -> None:
    if reason == "inactive":
        with app.app_context():
            accounts.deactivate(HIRING, person.id)
    else:
        for _ in range(5):
            visitor.try_password(person.email, WRONG)
    visitor.try_password(person.email, person.password)
    details = PASSWORD_FACTOR | {"reason": reason}
    assert last_act(engine, person) == ("sign_in_failed", "refused", details)


def test_a_strangers_try_is_noted_without_the_address(
    visitor: Browser, engine: RecordEngine
) -> None:
    visitor.try_password(STRANGER, WRONG)
    details = PASSWORD_FACTOR | {"reason": "unknown"}
    assert last_act(engine, None) == ("sign_in_failed", "refused", details)
    assert STRANGER not in str(acts(engine))


def test_a_change_is_no_sign_in(visitor: Browser, engine: RecordEngine, person: Person) -> None:
    visitor.sign_in(person).change_password(person.password, NEW)
    set_up(visitor)
    found = [act["action"] for act in acts(engine, person)]
    assert found == ["sign_in", "change_password", "change_second_factor"]


def test_the_audit_holds_no_password_code_or_key(
    visitor: Browser, app: Flask, engine: RecordEngine, guarded: Person
) -> None:
    visitor.try_password(STRANGER, NEW)
    visitor.try_password(guarded.email, WRONG)
    visitor.try_password(guarded.email, guarded.password)
    visitor.enter("314159")
    code = guarded.code()
    visitor.enter(code)
    visitor.change_password(guarded.password, NEW)
    with app.app_context():
        accounts.reset_second_factor(HIRING, guarded.id)
    browser = Browser(app).sign_in(Person(guarded.id, guarded.email, NEW, ""))
    key = set_up(browser)
    assert last_act(engine, guarded)[0] == "change_second_factor"
    everything = str(acts(engine))
    for typed in (NEW, WRONG, guarded.password, "314159", guarded.totp_key, key, STRANGER):
        assert typed not in everything, typed
    assert f"'{code}'" not in everything


def test_what_an_account_does_names_its_roles_and_its_organization(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    contract = {"id": new_id(), "name": f"受託会社 {person.id.hex}"}
    contract |= {"starts_on": date(2020, 4, 1), "ends_on": date(2090, 3, 31)}
    engine.database.run(lambda transaction: transaction.write(insert(Contractor), contract))
    visitor.try_password(person.email, person.password)
    change_account(engine, person, contractor_id=contract["id"])
    visitor.sign_out()
    visitor.try_password(person.email, WRONG)
    noted = [
        (one["action"], one["roles"], one["organization"], one["kind"])
        for one in acts(engine, person)
    ]
    assert noted == [
        ("sign_in", ["kobe_operator"], "", "user"),
        ("sign_out", ["kobe_operator"], contract["name"], "user"),
        ("sign_in_failed", ["kobe_operator"], contract["name"], "user"),
    ]


def test_acts_on_an_account_name_it_and_who_acted(
    app: Flask, engine: RecordEngine, person: Person
) -> None:
    with app.app_context():
        for act in (accounts.deactivate, accounts.activate, accounts.reset_second_factor):
            act(HIRING, person.id)
    found = [act for act in acts(engine) if act.get("record") == person.id.hex]
    assert [act["action"] for act in found] == [
        "create_account",
        "deactivate_account",
        "activate_account",
        "reset_second_factor",
    ]
    assert {act["by"] for act in found} == {HIRING.name}


def test_activating_ends_a_lock(
    visitor: Browser, app: Flask, engine: RecordEngine, person: Person
) -> None:
    for _ in range(5):
        visitor.try_password(person.email, WRONG)
    change_account(engine, person, active=False)
    with app.app_context():
        accounts.activate(HIRING, person.id)
    visitor.sign_in(person)
