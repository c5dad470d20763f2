"""By the provider into the office: an account at the first sign-in, and the same one after it."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from models.records.engine import RecordEngine
from models.tables.principals import StaffSession
from tests.federation.conftest import OPERATORS, US, federated, map_groups
from tests.federation.people import account, accounts_of, acts_on, last_refusal
from tests.federation.realm import Realm, Resident, new_key, realm_at
from tests.federation.visitor import Visitor
from tests.identity.staff import Browser
from tests.support.service import free_port

WANTED = "/admin/t/kobe_application/?view=all"


def test_somebody_new_gets_an_account_with_the_role_of_their_group(
    engine: RecordEngine, realm: Realm, visitor: Visitor
) -> None:
    realm.knows(Resident("hanako", (OPERATORS, "something-else"), claims={"name": "神戸 花子"}))
    assert visitor.enter_as("hanako").location == "/admin/"
    assert visitor.is_in()
    made = account(engine, realm, "hanako")
    assert (made.full_name, made.password, made.active) == ("神戸 花子", None, True)
    assert made.roles == {"kobe_operator"}
    assert [act["action"] for act in acts_on(engine, made.id)] == [
        "create_account",
        "change_group_roles",
    ]


def test_the_same_person_gets_the_same_account(
    engine: RecordEngine, realm: Realm, app: Flask
) -> None:
    realm.knows(Resident("jiro", (OPERATORS,)))
    for _ in range(2):
        browser = Visitor(app)
        browser.enter_as("jiro")
        assert browser.is_in()
    assert len(accounts_of(engine, realm, "jiro")) == 1
    made = account(engine, realm, "jiro")
    assert len(acts_on(engine, made.id)) == 2, "nothing changed at the second sign-in"


def test_the_page_one_wanted_is_where_one_gets(realm: Realm, visitor: Visitor) -> None:
    realm.knows(Resident("michiko", (OPERATORS,)))
    gate = visitor.get(WANTED)
    page = visitor.client.get(gate.location).text
    [button] = [link for link in page.split('href="') if link.startswith("/login/federated")]
    way = button.split('"')[0].replace("&amp;", "&")
    address = visitor.client.get(way).location
    assert visitor.come_back(visitor.at_the_provider(address, "michiko")).location == WANTED


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_sent_to_another_site(realm: Realm, visitor: Visitor, target: str) -> None:
    realm.knows(Resident("saburo", (OPERATORS,)))
    assert visitor.enter_as("saburo", next=target).location == "/admin/"


def test_what_the_provider_is_asked(visitor: Visitor) -> None:
    """Code, PKCE, state and nonce; the way back is ours whatever host the request names."""
    visitor.client.environ_base["HTTP_HOST"] = "evil.example"
    asked = {k: v[0] for k, v in parse_qs(urlsplit(visitor.begin()).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20
    assert asked["redirect_uri"] == f"{US}/login/federated/callback"
    assert asked["scope"] == "openid email profile"
    assert not {"prompt", "max_age"} & set(asked)


def test_who_is_signed_in_is_not_sent_away_again(realm: Realm, visitor: Visitor) -> None:
    realm.knows(Resident("goro", (OPERATORS,)))
    visitor.enter_as("goro")
    assert visitor.get("/login/federated").location == "/admin/"


def test_who_does_not_sign_in_there_is_told_and_noted(
    engine: RecordEngine, realm: Realm, visitor: Visitor
) -> None:
    realm.knows()
    answer = visitor.enter_as("nobody", lang="en")
    assert answer.status_code == 400
    assert "You have not signed in at 職員認証." in answer.text
    assert last_refusal(engine) == "cancelled"
    assert not visitor.is_in()


def test_the_sign_in_is_audited_with_how_it_was_done(
    engine: RecordEngine, realm: Realm, visitor: Visitor
) -> None:
    realm.knows(Resident("rokuro", (OPERATORS,)))
    visitor.enter_as("rokuro")
    made = account(engine, realm, "rokuro")
    [act] = [act for act in made.acts if act["action"] == "sign_in"]
    assert act["details"] == {"factor": "provider"}


def test_the_session_gets_another_token_at_sign_in(realm: Realm, visitor: Visitor) -> None:
    realm.knows(Resident("shichiro", (OPERATORS,)))
    location = visitor.at_the_provider(visitor.begin(), "shichiro")
    before = visitor.token
    visitor.come_back(location)
    assert visitor.token != before
    fixed = Browser(visitor.app)
    fixed.client.set_cookie("staff", before)
    assert not fixed.is_in()


def test_what_the_session_keeps_of_the_provider_is_sealed(
    engine: RecordEngine, realm: Realm, visitor: Visitor
) -> None:
    told = {"name": "秘密 花子", "email": "himitsu@example.jp", "email_verified": True}
    realm.knows(Resident("himitsu-no-sub", (OPERATORS,), claims=told))
    visitor.enter_as("himitsu-no-sub")
    with engine.database.reading() as connection:
        kept = b"".join(connection.scalars(select(StaffSession.payload)))
    for text in ("himitsu", "秘密", "eyJ", realm.issuer):
        assert text.encode() not in kept


@pytest.fixture(scope="module")
def told_elsewhere() -> Iterator[Realm]:
    """A provider that tells groups in its userinfo answer only."""
    keys = [new_key("other")]
    with realm_at(free_port(), us=US, keys=keys, in_id_token=False) as running:
        yield running


def test_groups_may_be_told_in_the_userinfo_answer(
    engine: RecordEngine, folder: Path, told_elsewhere: Realm
) -> None:
    app = federated(engine, folder, told_elsewhere.issuer)
    map_groups(app, told_elsewhere.issuer)
    told_elsewhere.knows(Resident("hachiro", (OPERATORS,), claims={"name": "八郎"}))
    browser = Visitor(app)
    browser.enter_as("hachiro")
    assert browser.is_in()
    made = account(engine, told_elsewhere, "hachiro")
    assert (made.roles, made.full_name) == ({"kobe_operator"}, "八郎")
