"""The account for emergencies signs in when nothing else does, and nobody uses it unseen."""

from collections.abc import Callable

import pytest
from flask import Flask

from admin_views.identity import break_glass, break_glass_account
from admin_views.identity.account_values import NewAccount
from admin_views.identity.credentials import Credentials
from admin_views.identity.lockout import FAILURES_ALLOWED
from models.metadata.errors import AccessDenied, RecordNotFound
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.principals import load_caller
from models.tables.base import new_id
from tests.admin_views.office import ROLES
from tests.identity.staff import (
    HIRING,
    Administrator,
    Browser,
    Person,
    account_of,
    acts,
    acts_on,
    change_account,
    hire,
    letters_to,
    mails_to,
    sessions_of,
)
from tests.identity.test_lockout import fail

Opens = Callable[[], Browser]


def made(app: Flask, engine: RecordEngine) -> Person:
    email = f"kinkyu-{new_id().hex[-12:]}@example.jp"
    account = NewAccount(
        email=email,
        full_name="緊急用",
        roles=("administrator",),
        business_unit=ROLES["administrator"],
    )
    with app.app_context():
        credentials = break_glass_account.for_an_envelope()
        user_id = engine.run(
            lambda s: break_glass_account.add(s, HIRING, account, credentials=credentials)
        )
    return Person(user_id, email, credentials.password, "")


@pytest.fixture
def emergency(app: Flask, engine: RecordEngine) -> Person:
    return made(app, engine)


@pytest.fixture
def manager(app: Flask, engine: RecordEngine, administrator: Administrator) -> Person:
    """Somebody who manages users."""
    person = hire(app, engine)
    administrator.give(person, "administrator")
    return person


def test_whoever_opens_the_envelope_is_in_at_once(visitor: Browser, emergency: Person) -> None:
    visitor.sign_in(emergency)
    assert visitor.get("/admin/users/").status_code == 200
    assert len(emergency.password) == 24, "99 bits"


def test_all_who_manage_users_are_told_and_nobody_else(
    visitor: Browser, engine: RecordEngine, emergency: Person, manager: Person, person: Person
) -> None:
    visitor.sign_in(emergency)
    assert letters_to(engine, manager) == ["break_glass_used"]
    mail = mails_to(engine, manager)[-1]
    assert emergency.email in mail.body
    assert "【重要】" in mail.subject
    assert letters_to(engine, person) == []
    assert "break_glass_used" not in letters_to(engine, emergency)


def test_each_use_is_told(
    browser_of: Opens, engine: RecordEngine, emergency: Person, manager: Person
) -> None:
    for _ in range(2):
        browser_of().sign_in(emergency)
    assert letters_to(engine, manager) == ["break_glass_used"] * 2


def test_it_stands_out_in_the_audit_and_on_the_users_page(
    visitor: Browser, engine: RecordEngine, emergency: Person, manager: Person
) -> None:
    assert [act["action"] for act in acts_on(engine, emergency)] == ["make_break_glass"]
    visitor.sign_in(emergency)
    assert [act["action"] for act in acts(engine, emergency)] == ["sign_in", "use_break_glass"]
    row = visitor.get("/admin/users/").text.split("<tbody>")[1].split(emergency.email)[1]
    assert "緊急用</span>" in row.split("</td>")[0]


def test_guessing_at_it_is_told_once_an_hour(
    visitor: Browser, engine: RecordEngine, emergency: Person, manager: Person
) -> None:
    fail(visitor, emergency, FAILURES_ALLOWED + 3)
    assert letters_to(engine, manager) == ["break_glass_locked"]
    assert emergency.email in mails_to(engine, manager)[-1].body


def test_guessing_at_another_account_alarms_nobody(
    visitor: Browser, engine: RecordEngine, person: Person, manager: Person
) -> None:
    fail(visitor, person, FAILURES_ALLOWED)
    assert letters_to(engine, manager) == []


def test_who_manages_users_no_longer_is_not_told(
    visitor: Browser,
    administrator: Administrator,
    engine: RecordEngine,
    emergency: Person,
    manager: Person,
) -> None:
    administrator.give(manager, "auditor")
    visitor.sign_in(emergency)
    assert letters_to(engine, manager) == []


def test_those_told_are_those_who_may(engine: RecordEngine, app: Flask, manager: Person) -> None:
    """The short way to them finds as many as asking everybody."""
    found = engine.run(break_glass.managers)
    assert manager.id in found

    def ask_each(user_id: object) -> bool:
        with engine.database.snapshot() as connection:
            caller = load_caller(connection, user_id)  # type: ignore[arg-type]
        return caller is not None and "ManageUsers" in caller.miscellaneous

    assert all(ask_each(one) for one in found)


def test_after_a_use_it_is_sealed_anew(
    app: Flask, browser_of: Opens, engine: RecordEngine, emergency: Person
) -> None:
    browser = browser_of().sign_in(emergency)
    with app.app_context():
        credentials = break_glass_account.for_an_envelope()
        engine.run(
            lambda s: break_glass_account.seal_anew(
                s, HIRING, emergency.id, credentials=credentials
            )
        )
    assert not browser.is_in()
    assert sessions_of(engine, emergency) == []
    assert not account_of(engine, emergency).must_change_password
    old = browser_of()
    old.try_password(emergency.email, emergency.password)
    assert not old.is_in()
    new = Person(emergency.id, emergency.email, credentials.password, "")
    assert browser_of().sign_in(new).get("/admin/").status_code == 200


def test_no_other_account_is_given_a_password_for_good(
    app: Flask, engine: RecordEngine, person: Person
) -> None:
    """An administrator would know another's password."""
    made_here = Credentials(password="rivers under seven bridges")
    with app.app_context(), pytest.raises(RecordNotFound):
        engine.run(
            lambda s: break_glass_account.seal_anew(s, HIRING, person.id, credentials=made_here)
        )


def test_making_one_is_for_those_who_manage_users(app: Flask, engine: RecordEngine) -> None:
    nobody = Caller(id=new_id(), kind="user", name="dareka@example.jp")
    account = NewAccount(email="x@example.jp", full_name="x", roles=("auditor",), business_unit="")
    made_here = Credentials(password="rivers under seven bridges")
    with app.app_context(), pytest.raises(AccessDenied):
        engine.run(lambda s: break_glass_account.add(s, nobody, account, credentials=made_here))


def test_an_ended_one_opens_nothing(
    visitor: Browser, engine: RecordEngine, emergency: Person, manager: Person
) -> None:
    change_account(engine, emergency, active=False)
    visitor.try_password(emergency.email, emergency.password)
    assert not visitor.is_in()
    assert letters_to(engine, manager) == []
