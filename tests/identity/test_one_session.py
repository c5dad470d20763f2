"""A contractor's account has one session at a time, whoever signs in and in whichever process; the
office's own may have several."""

import threading
from uuid import UUID

import pytest
from flask import Flask

from models.records.engine import RecordEngine
from tests.admin_views.contracted import put_under_contract
from tests.admin_views.office import ENTITY, build_app, build_engine
from tests.conftest import NewDatabase
from tests.identity.staff import Browser, Person, acts, hire, sessions_of

ENDED = "そちらのセッションを終了しました"


@pytest.fixture
def contracted(engine: RecordEngine, person: Person) -> UUID:
    return put_under_contract(engine.database, person.id, scope={ENTITY: {}})


def endings(engine: RecordEngine, person: Person) -> list[object]:
    found = [act for act in acts(engine, person) if act["action"] == "end_other_sessions"]
    return [act["details"]["sessions"] for act in found]


def test_signing_in_ends_the_session_elsewhere_and_says_so(
    app: Flask, engine: RecordEngine, person: Person, contracted: UUID, other_process: Flask
) -> None:
    first, second = Browser(app).sign_in(person), Browser(other_process)
    assert ENDED not in first.get("/admin/").text
    second.try_password(person.email, person.password)
    assert ENDED in second.get("/admin/").text
    assert ENDED not in second.get("/admin/").text, "said once"
    assert not first.is_in()
    assert first.get("/admin/").location.startswith("/login")
    assert len(sessions_of(engine, person)) == 1
    assert endings(engine, person) == [1]


def test_after_signing_out_nothing_is_ended(
    app: Flask, engine: RecordEngine, person: Person, contracted: UUID
) -> None:
    Browser(app).sign_in(person).sign_out()
    again = Browser(app)
    again.try_password(person.email, person.password)
    assert ENDED not in again.get("/admin/").text
    assert endings(engine, person) == []


def test_the_one_session_goes_on_through_a_change_of_password(
    app: Flask, engine: RecordEngine, person: Person, contracted: UUID
) -> None:
    browser = Browser(app).sign_in(person)
    browser.change_password(person.password, "rivers under seven bridges")
    assert browser.is_in()
    assert endings(engine, person) == []
    assert len(sessions_of(engine, person)) == 1


def test_with_a_second_factor_the_code_ends_the_others_and_the_password_alone_does_not(
    app: Flask, engine: RecordEngine, guarded: Person
) -> None:
    put_under_contract(engine.database, guarded.id, scope={ENTITY: {}})
    first, second = Browser(app).sign_in(guarded), Browser(app)
    second.try_password(guarded.email, guarded.password)
    assert first.is_in()
    second.enter(guarded.code(1))
    assert second.is_in()
    assert not first.is_in()


def test_the_offices_own_may_work_at_two_browsers(
    app: Flask, engine: RecordEngine, person: Person
) -> None:
    first, second = Browser(app).sign_in(person), Browser(app).sign_in(person)
    assert (first.is_in(), second.is_in()) == (True, True)
    assert endings(engine, person) == []


def test_of_many_who_sign_in_at_once_one_is_in(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    engine = build_engine(tmp_path_factory.mktemp("at_once"), new_database())
    apps = [build_app(engine) for _ in range(2)]
    person = hire(apps[0], engine)
    put_under_contract(engine.database, person.id, scope={ENTITY: {}})
    browsers = [Browser(app) for app in apps for _ in range(4)]
    tokens = [browser.form_token("/login") for browser in browsers]
    start = threading.Barrier(len(browsers))

    def sign_in(browser: Browser, token: str) -> None:
        start.wait()
        form = {"csrf_token": token, "email": person.email, "password": person.password}
        browser.client.post("/login", data=form)

    threads = [
        threading.Thread(target=sign_in, args=pair) for pair in zip(browsers, tokens, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(browser.is_in() for browser in browsers) == 1
    engine.database.dispose()
