"""Passkeys: made with the person verified and known, named; they end the sessions before them."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from admin_views.identity.passkeys.storing import MOST
from config import Settings
from models.records.engine import RecordEngine
from models.tables.credentials import Passkey
from tests.admin_views.office import build_app, build_engine
from tests.conftest import NewDatabase
from tests.identity.passkeys.software import (
    NAME,
    NEW,
    OPTIONS,
    ORIGIN,
    PRESENT,
    Software,
    options_of,
    register,
    show_at_sign_in,
    sign_in_options,
)
from tests.identity.staff import (
    SHORT_PASSWORD,
    Browser,
    Person,
    acts,
    age_proof,
    hire,
    letters_to,
    mails_to,
)

Opens = Callable[[], Browser]
DELETE = "/account/passkeys/delete/"


def names_of(engine: RecordEngine, person: Person) -> list[str]:
    mine = select(Passkey.name).where(Passkey.systemuser_id == person.id)
    with engine.database.reading() as connection:
        return list(connection.scalars(mine.order_by(Passkey.created_on)))


def id_of(engine: RecordEngine, person: Person, name: str = NAME) -> str:
    mine = select(Passkey.id).where(Passkey.systemuser_id == person.id, Passkey.name == name)
    with engine.database.reading() as connection:
        return str(connection.scalar(mine))


def test_what_is_asked_of_an_authenticator(opens: Opens, somebody: Person) -> None:
    options = options_of(opens().sign_in(somebody), OPTIONS, page=NEW, name=NAME)
    assert options["rp"] == {"name": "Uketsuke", "id": "localhost"}
    selection = options["authenticatorSelection"]
    assert selection["userVerification"] == selection["residentKey"] == "required"
    assert options["attestation"] == "none"
    assert len(options["challenge"]) >= 43, "256 bits"
    assert somebody.id.hex not in str(options), "the handle names the account to nobody else"
    assert options["user"]["name"] == somebody.email


def test_the_same_device_is_not_asked_twice(inside: Browser) -> None:
    options = options_of(inside, OPTIONS, page=NEW, name="another")
    assert len(options["excludeCredentials"]) == 1


def test_it_is_noted_and_told(engine: RecordEngine, somebody: Person, inside: Browser) -> None:
    assert inside.is_in()
    assert names_of(engine, somebody) == [NAME]
    assert acts(engine, somebody)[-1]["action"] == "register_passkey"
    assert letters_to(engine, somebody) == ["passkey_added"]
    assert NAME in mails_to(engine, somebody)[-1].body


def test_sessions_that_began_without_it_end(opens: Opens, somebody: Person, key: Software) -> None:
    mine, other = opens().sign_in(somebody), opens().sign_in(somebody)
    before = mine.token
    register(mine, key)
    assert mine.is_in()
    assert mine.token != before
    assert not other.is_in()


@pytest.mark.parametrize(
    ("claims", "signed"),
    [
        ({"origin": "http://localhost:8001"}, {}),
        ({"rp_id": "evil.example"}, {}),
        ({"flags": PRESENT}, {}),
        ({}, {"type": "webauthn.get"}),
        ({}, {"challenge": "AAAA"}),
    ],
    ids=["origin", "service", "not verified", "no registration", "challenge"],
)
def test_one_made_otherwise_is_not_kept(
    opens: Opens,
    engine: RecordEngine,
    somebody: Person,
    claims: dict[str, object],
    signed: dict[str, object],
) -> None:
    browser = opens().sign_in(somebody)
    options = options_of(browser, OPTIONS, page=NEW, name=NAME)
    sent = Software(**claims).made(options, **signed)  # type: ignore[arg-type]
    answer = browser.send(NEW, name=NAME, credential=sent)
    assert answer.status_code == 400
    assert "登録できませんでした" in answer.text
    assert names_of(engine, somebody) == []


@pytest.mark.parametrize("sent", ["", "{", "[]", "null", '{"id": 5}', "あ" * 50_000])
def test_what_is_no_passkey_is_refused(inside: Browser, sent: str) -> None:
    options_of(inside, OPTIONS, page=NEW, name="another")
    assert inside.send(NEW, name="another", credential=sent).status_code == 400


def test_an_answer_makes_one_passkey(
    engine: RecordEngine, somebody: Person, inside: Browser
) -> None:
    sent = Software().made(options_of(inside, OPTIONS, page=NEW, name="b"))
    assert inside.send(NEW, name="b", credential=sent).status_code == 303
    assert inside.send(NEW, name="c", credential=sent).status_code == 400
    assert names_of(engine, somebody) == [NAME, "b"]


def test_a_credential_of_one_account_is_not_registered_for_another(
    named: Flask, engine: RecordEngine, opens: Opens, inside: Browser, key: Software
) -> None:
    other = hire(named, engine)
    browser = opens().sign_in(other)
    options = options_of(browser, OPTIONS, page=NEW, name=NAME)
    assert browser.send(NEW, name=NAME, credential=key.made(options)).status_code == 400
    assert names_of(engine, other) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "パスキーの名前を入力してください"),
        ("  ", "パスキーの名前を入力してください"),
        ("x" * 61, "60文字以内"),
        ("a\x07b", "使用できない文字"),
        (NAME, "同じ名前のパスキー"),
        (f" {NAME} ", "同じ名前のパスキー"),
    ],
)
def test_a_name_is_asked_for_and_told_apart(inside: Browser, name: str, words: str) -> None:
    assert inside.send(OPTIONS, page=NEW, name=name).status_code == 400
    page = inside.send(NEW, name=name).text
    assert words in page
    assert 'aria-invalid="true"' in page
    assert 'href="#name"' in page


def test_one_has_ten_at_most(engine: RecordEngine, somebody: Person, inside: Browser) -> None:
    for number in range(MOST - 1):
        register(inside, Software(), name=f"no. {number}")
    assert inside.send(OPTIONS, page=NEW, name="one more").status_code == 400
    assert "10個まで" in inside.send(NEW, name="one more").text
    assert NEW not in inside.get("/account/").text
    assert len(names_of(engine, somebody)) == MOST


def test_after_a_while_one_shows_again_who_one_is(
    engine: RecordEngine, opens: Opens, somebody: Person, key: Software
) -> None:
    browser = opens().sign_in(somebody)
    age_proof(engine, somebody, by=timedelta(minutes=6))
    assert browser.send(OPTIONS, page=NEW, name=NAME).status_code == 400
    page = browser.send(NEW, name=NAME).text
    assert 'href="#proof"' in page
    assert f'value="{NAME}"' in page, "what was typed is kept"
    options = options_of(browser, OPTIONS, page=NEW, name=NAME, proof=somebody.password)
    answer = browser.send(NEW, name=NAME, credential=key.made(options))
    assert answer.location == "/account/"


def test_a_short_password_is_enough_beside_a_passkey(
    engine: RecordEngine, opens: Opens, somebody: Person, inside: Browser, key: Software
) -> None:
    assert inside.change_password(somebody.password, SHORT_PASSWORD).status_code == 302
    browser = opens()
    awaited = browser.try_password(somebody.email, SHORT_PASSWORD).location
    assert awaited.startswith("/tf-validate")
    assert not browser.is_in()
    alone = opens()
    assert show_at_sign_in(alone, key.shown(sign_in_options(alone)))


def test_the_only_second_factor_stays(
    engine: RecordEngine, somebody: Person, inside: Browser
) -> None:
    one = id_of(engine, somebody)
    page = inside.get(DELETE, id=one).text
    assert "削除できません" in page
    assert "<button" not in page.split("<main")[1].split("</main>")[0]
    assert inside.send(DELETE, page="/account/", id=one).status_code == 400
    assert names_of(engine, somebody) == [NAME]


def test_a_deleted_one_is_gone_noted_and_told(
    engine: RecordEngine, opens: Opens, somebody: Person, inside: Browser, key: Software
) -> None:
    spare = Software()
    register(inside, spare, name="spare")
    other = opens()
    assert show_at_sign_in(other, spare.shown(sign_in_options(other)))
    answer = inside.send(DELETE, page="/account/", id=id_of(engine, somebody))
    assert answer.location == "/account/"
    assert names_of(engine, somebody) == ["spare"]
    assert not other.is_in(), "as with any change of a factor"
    assert inside.is_in()
    browser = opens()
    assert not show_at_sign_in(browser, key.shown(sign_in_options(browser)))
    assert acts(engine, somebody)[-1]["action"] == "delete_passkey"
    assert letters_to(engine, somebody)[-1] == "passkey_removed"


def test_deleting_asks_who_one_is(engine: RecordEngine, somebody: Person, inside: Browser) -> None:
    register(inside, Software(), name="spare")
    age_proof(engine, somebody, by=timedelta(minutes=6))
    form = {"id": id_of(engine, somebody)}
    assert inside.send(DELETE, page="/account/", **form).status_code == 400
    assert len(names_of(engine, somebody)) == 2
    proven = inside.send(DELETE, page="/account/", **form, proof=somebody.password)
    assert proven.location == "/account/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_persons_is_not_there(
    named: Flask,
    engine: RecordEngine,
    opens: Opens,
    somebody: Person,
    inside: Browser,
    method: str,
) -> None:
    other = opens().sign_in(hire(named, engine))
    one = id_of(engine, somebody)
    answer = (
        other.get(DELETE, id=one)
        if method == "get"
        else other.send(DELETE, page="/account/", id=one)
    )
    assert answer.status_code == 404
    assert names_of(engine, somebody) == [NAME]


def test_of_two_deleted_at_once_one_stays(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    engine = build_engine(tmp_path_factory.mktemp("at_once"), new_database())
    settings = {"UKETSUKE_ENV": "testing", "UKETSUKE_BASE_URL": ORIGIN}
    app = build_app(engine, settings=Settings.from_environment(settings))
    person = hire(app, engine)
    browser = Browser(app).sign_in(person)
    for name in ("a", "b"):
        register(browser, Software(), name=name)
    token, csrf = browser.token, browser.form_token("/account/")
    start = threading.Barrier(2)

    def delete(name: str) -> None:
        twin = Browser(app)
        twin.client.set_cookie("staff", token)
        start.wait()
        twin.client.post(DELETE, data={"csrf_token": csrf, "id": id_of(engine, person, name)})

    threads = [threading.Thread(target=delete, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names_of(engine, person)) == 1
    engine.database.dispose()
