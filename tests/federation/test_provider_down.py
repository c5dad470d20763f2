"""Where the provider does not answer: said at once and plainly, local accounts go on working."""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from admin_views.identity.federation import connection, provider
from models.records.engine import RecordEngine
from tests.federation.conftest import federated, map_groups
from tests.federation.people import acts
from tests.federation.realm import SECRET
from tests.federation.rogue import Rogue, return_from, rogue
from tests.federation.visitor import BACK, BEGIN, Visitor
from tests.identity.staff import Browser, hire
from tests.support.service import free_port


@pytest.fixture
def nobody(engine: RecordEngine, folder: Path) -> Flask:
    """An application whose provider is not there."""
    return federated(engine, folder, f"http://127.0.0.1:{free_port()}")


@pytest.fixture
def at_large() -> Iterator[Rogue]:
    with rogue() as running:
        yield running


@pytest.fixture
def app_of_one(engine: RecordEngine, folder: Path, at_large: Rogue) -> Flask:
    app = federated(engine, folder, at_large.issuer)
    map_groups(app, at_large.issuer)
    return app


@pytest.mark.parametrize(
    ("language", "words", "way_back"),
    [
        ("ja", "職員認証から応答がありません", "サインイン画面へ戻る"),
        ("en", "There is no answer from 職員認証", "Back to sign-in"),
    ],
)
def test_it_is_said_plainly(nobody: Flask, language: str, words: str, way_back: str) -> None:
    browser = Browser(nobody)
    answer = browser.get(BEGIN, lang=language)
    assert answer.status_code == 503
    assert words in answer.text
    assert f'href="/login">{way_back}' in answer.text


def test_local_accounts_sign_in_as_ever(nobody: Flask, engine: RecordEngine) -> None:
    browser = Browser(nobody)
    browser.get(BEGIN)
    page = browser.get("/login")
    assert "職員認証でサインイン" in page.text
    browser.sign_in(hire(nobody, engine))
    assert browser.sign_out().location == "/login"


def test_nothing_is_asked_before_somebody_wants_to_sign_in(
    at_large: Rogue, app_of_one: Flask, engine: RecordEngine
) -> None:
    """Neither at the start nor by the sign-in page, nor by who comes back without having gone."""
    browser = Browser(app_of_one)
    browser.sign_in(hire(app_of_one, engine))
    browser.get("/account/federated")
    Browser(app_of_one).get(BACK, state="x", code="y")
    assert at_large.asked == []


def test_the_document_and_the_keys_are_asked_for_once(at_large: Rogue, app_of_one: Flask) -> None:
    for _ in range(3):
        visitor = Visitor(app_of_one)
        return_from(at_large, visitor)
        at_large.claims.pop("nonce")
    paths = [path for path, _ in at_large.asked]
    assert paths.count("/.well-known/openid-configuration") == 1
    assert paths.count("/keys") == 1
    assert paths.count("/token") == 3


def test_after_an_hour_a_key_that_was_withdrawn_is_not_believed(
    at_large: Rogue, app_of_one: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    return_from(at_large, Visitor(app_of_one))
    at_large.claims.pop("nonce")
    at_large.keys = []
    assert return_from(at_large, Visitor(app_of_one)).location == "/admin/"
    at_large.claims.pop("nonce")
    later = time.monotonic() + provider.KNOWN_FOR + 1
    monkeypatch.setattr(provider.time, "monotonic", lambda: later)
    assert return_from(at_large, Visitor(app_of_one)).status_code == 400


def test_one_that_does_not_answer_is_left_alone_for_a_while(
    at_large: Rogue, app_of_one: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_large.answers["/.well-known/openid-configuration"] = (500, {}, b"")
    browser = Browser(app_of_one)
    assert [browser.get(BEGIN).status_code for _ in range(4)] == [503] * 4
    assert len(at_large.asked) == 1
    at_large.answers.clear()
    later = time.monotonic() + provider.LEFT_ALONE_FOR + 1
    monkeypatch.setattr(provider.time, "monotonic", lambda: later)
    assert browser.get(BEGIN).status_code == 302


def test_one_that_is_slow_is_not_waited_for(
    at_large: Rogue, app_of_one: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread of ours is worth more; the answers are told, but too late."""
    assert sum(connection.TIMEOUTS) <= 8
    monkeypatch.setattr(connection, "TIMEOUTS", (0.2, 0.2))
    monkeypatch.setattr(Rogue, "told", lambda one, path: time.sleep(1))
    before = time.monotonic()
    assert Browser(app_of_one).get(BEGIN).status_code == 503
    assert time.monotonic() - before < 1


def test_a_provider_that_goes_away_in_between_is_said_so(
    engine: RecordEngine, at_large: Rogue, app_of_one: Flask
) -> None:
    visitor = Visitor(app_of_one)
    asked = parse_qs(urlsplit(visitor.begin()).query)
    at_large.answers["/token"] = (503, {}, b"")
    assert visitor.get(BACK, code="made-up", state=asked["state"][0]).status_code == 503
    last = acts(engine)[-1]
    assert (last["outcome"], last["details"]["reason"]) == ("failed", "unreachable")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_nobody_leads_us_elsewhere(at_large: Rogue, app_of_one: Flask, path: str) -> None:
    """The code and our secret would go along."""
    with rogue() as elsewhere:
        at_large.answers[path] = (307, {"Location": f"{elsewhere.issuer}{path}"}, b"")
        visitor = Visitor(app_of_one)
        if path.startswith("/."):
            assert visitor.get(BEGIN).status_code == 503
        else:
            assert return_from(at_large, visitor).status_code in {400, 503}
        assert elsewhere.asked == []
        assert not visitor.is_in()


def test_the_secret_is_in_no_page_and_no_log(
    at_large: Rogue, app_of_one: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    visitor = Visitor(app_of_one)
    at_large.claims["aud"] = "another"
    page = return_from(at_large, visitor).text
    assert SECRET not in page + caplog.text
    assert "made-up" not in page
