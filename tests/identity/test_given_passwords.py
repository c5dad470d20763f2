"""A password that another has seen opens one thing only: the page on which to choose one's own."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from admin_views.identity import accounts
from admin_views.identity.account_values import NewAccount
from models.records.engine import RecordEngine
from tests.admin_views.office import ENTITY, ROLES
from tests.identity.staff import (
    CHANGE,
    HIRING,
    ROLE,
    Administrator,
    Browser,
    Person,
    account_of,
    acts,
)
from tests.identity.test_second_factor import set_up

Opens = Callable[[], Browser]
OWN = "rivers under seven bridges"
PAGES = ["/admin/", f"/admin/t/{ENTITY}/", "/admin/export/", "/admin/audit/", "/admin/nowhere/"]


@pytest.fixture
def reissued(administrator: Administrator, person: Person) -> Person:
    return administrator.reissue(person)


@pytest.fixture
def newcomer(visitor: Browser, reissued: Person) -> Browser:
    return visitor.sign_in(reissued)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_a_new_password(newcomer: Browser, path: str) -> None:
    assert newcomer.get(path).location == CHANGE
    assert newcomer.get(path, lang="en").location == CHANGE


def test_nothing_is_done_before(newcomer: Browser, engine: RecordEngine, person: Person) -> None:
    before = len(acts(engine, person))
    response = newcomer.send(f"/admin/t/{ENTITY}/search/", page=CHANGE, value="花子")
    assert (response.status_code, response.location) == (303, CHANGE)
    assert len(acts(engine, person)) == before


@pytest.mark.parametrize(("language", "words"), [("ja", "管理者が発行"), ("en", "administrator")])
def test_the_page_says_why_in_both_languages(newcomer: Browser, language: str, words: str) -> None:
    page = newcomer.get(CHANGE, lang=language).text
    assert words in page
    assert 'href="/admin/"' not in page
    with newcomer.get("/static/staff/identity.css") as response:
        assert response.status_code == 200


def test_one_can_sign_out_instead(newcomer: Browser) -> None:
    assert newcomer.sign_out().location == "/login"
    assert not newcomer.is_in()


def test_ones_own_password_opens_everything_for_good(
    newcomer: Browser, browser_of: Opens, reissued: Person
) -> None:
    assert newcomer.change_password(reissued.password, OWN).location == "/account/"
    for browser in (newcomer, browser_of().sign_in(replace(reissued, password=OWN))):
        assert browser.get("/admin/").status_code == 200
        assert "管理者が発行" not in browser.get(CHANGE).text


@pytest.mark.parametrize("new", ["", "short", "passwordpassword", None])
def test_a_new_password_that_is_not_taken_changes_nothing(
    newcomer: Browser, reissued: Person, new: str | None
) -> None:
    newcomer.change_password(reissued.password, reissued.password if new is None else new)
    assert newcomer.must_choose()


def test_a_code_is_asked_for_first(
    administrator: Administrator, visitor: Browser, guarded: Person
) -> None:
    reissued = administrator.reissue(guarded)
    visitor.try_password(reissued.email, reissued.password)
    assert not visitor.is_in()
    visitor.enter(reissued.code())
    assert visitor.must_choose()
    visitor.change_password(reissued.password, OWN)
    assert visitor.get("/admin/").status_code == 200


def test_a_second_factor_can_be_set_up_before(newcomer: Browser, reissued: Person) -> None:
    assert set_up(newcomer)
    assert newcomer.must_choose()
    newcomer.change_password(reissued.password, OWN)
    assert newcomer.get("/admin/").status_code == 200


def test_a_new_account_chooses_as_well(app: Flask, visitor: Browser) -> None:
    email = "shinjin@example.jp"
    account = NewAccount(email=email, full_name="新人", roles=(ROLE,), business_unit=ROLES[ROLE])
    with app.app_context():
        password = accounts.create_account(HIRING, account)
    visitor.try_password(email, password)
    assert visitor.must_choose()


def test_a_password_of_ones_own_is_not_asked_for(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    """As it is typed at the shell."""
    assert visitor.sign_in(person).get("/admin/").status_code == 200
    assert not account_of(engine, person).must_change_password
