"""What an administrator does for another is audited and refused to who may not manage users; a new
password and an open lock hold at once and change nothing else."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from admin_views.identity import account_rights, accounts
from models.metadata.errors import AccessDenied, RecordNotFound
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id
from tests.admin_views.office import ENTITY, ROLES
from tests.identity.staff import (
    HIRING,
    Administrator,
    Browser,
    Person,
    account_of,
    acts,
    acts_on,
    caller_of,
    change_account,
)
from tests.identity.test_lockout import fail

Opens = Callable[[], Browser]
Act = Callable[[Caller, UUID], object]
OTHER_UNIT = ROLES["kobe_official"]
ACTS: dict[str, Act] = {
    "reset_password": accounts.reset_password,
    "unlock_account": accounts.unlock,
    "change_rights": lambda caller, user_id: account_rights.change_rights(
        caller, user_id, {"roles": ("kobe_official",), "business_unit": (OTHER_UNIT,)}
    ),
    "reset_second_factor": accounts.reset_second_factor,
    "deactivate_account": accounts.deactivate,
    "activate_account": accounts.activate,
}
WITHOUT = [
    Caller(id=new_id(), kind="user", name="dareka@example.jp"),
    Caller.public(form=ENTITY, entity=ENTITY, attributes=frozenset()),
    *(
        Caller(id=new_id(), kind="user", name=f"{one}", miscellaneous=frozenset({one}))
        for one in Miscellaneous
        if one is not Miscellaneous.MANAGE_USERS
    ),
]


@pytest.mark.parametrize("caller", WITHOUT, ids=lambda caller: caller.name)
@pytest.mark.parametrize("act", ACTS)
def test_none_of_it_is_for_those_who_may_not_manage_users(
    app: Flask, engine: RecordEngine, guarded: Person, act: str, caller: Caller
) -> None:
    before = account_of(engine, guarded), caller_of(engine, guarded)
    with app.app_context(), pytest.raises(AccessDenied):
        ACTS[act](caller, guarded.id)
    assert (account_of(engine, guarded), caller_of(engine, guarded)) == before
    assert acts_on(engine, guarded) == []


@pytest.mark.parametrize("act", ACTS)
def test_each_is_audited_with_account_and_caller(
    app: Flask, engine: RecordEngine, guarded: Person, act: str
) -> None:
    with app.app_context():
        ACTS[act](HIRING, guarded.id)
    [found] = acts_on(engine, guarded)
    assert (found["action"], found["by"], found["outcome"]) == (act, HIRING.name, "ok")


@pytest.mark.parametrize("act", ACTS)
def test_an_unknown_account_is_not_found(app: Flask, engine: RecordEngine, act: str) -> None:
    before = len(acts(engine))
    with app.app_context(), pytest.raises(RecordNotFound):
        ACTS[act](HIRING, new_id())
    assert len(acts(engine)) == before


def test_the_new_password_alone_signs_in(
    administrator: Administrator, browser_of: Opens, person: Person
) -> None:
    new = administrator.reissue(person)
    old = browser_of()
    old.try_password(person.email, person.password)
    assert not old.is_in()
    browser_of().sign_in(new)


def test_every_session_ends_with_the_old_password(
    administrator: Administrator, browser_of: Opens, person: Person
) -> None:
    open_ones = [browser_of().sign_in(person) for _ in range(2)]
    administrator.reissue(person)
    assert [browser.is_in() for browser in open_ones] == [False, False]


def test_who_is_between_password_and_code_does_not_get_in(
    administrator: Administrator, visitor: Browser, guarded: Person
) -> None:
    visitor.try_password(guarded.email, guarded.password)
    token = visitor.form_token("/tf-validate")
    administrator.reissue(guarded)
    visitor.client.post("/tf-validate", data={"csrf_token": token, "code": guarded.code()})
    assert not visitor.is_in()


def test_the_second_factor_is_asked_for_with_the_new_password_too(
    administrator: Administrator, visitor: Browser, guarded: Person
) -> None:
    new = administrator.reissue(guarded)
    visitor.try_password(new.email, new.password)
    assert not visitor.is_in()
    visitor.enter(new.code())
    assert visitor.is_in()


@pytest.mark.parametrize("act", [Administrator.reissue, Administrator.unlock])
def test_a_locked_account_opens_and_counts_anew(
    administrator: Administrator,
    browser_of: Opens,
    engine: RecordEngine,
    person: Person,
    act: Callable[[Administrator, Person], Person | None],
) -> None:
    fail(browser_of(), person, 7)
    person = act(administrator, person) or person
    assert account_of(engine, person).failed_sign_ins == 0
    fail(browser_of(), person, 4)
    browser_of().sign_in(person)


def test_unlocking_signs_nobody_out_and_opens_no_ended_account(
    administrator: Administrator, browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    browser = browser_of().sign_in(person)
    fail(browser_of(), person, 5)
    administrator.unlock(person)
    assert browser.is_in()
    change_account(engine, person, active=False)
    administrator.unlock(person)
    assert not browser.is_in()


def test_an_ended_account_stays_ended_with_a_new_password(
    administrator: Administrator, visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    change_account(engine, person, active=False)
    new = administrator.reissue(person)
    visitor.try_password(new.email, new.password)
    assert not visitor.is_in()
