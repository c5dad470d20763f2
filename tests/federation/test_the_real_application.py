"""What only the application as it is put together shows: settings, limits, and who may knock."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from config import SettingsError
from public_views.limits import SIGN_INS
from tests.federation.realm import CLIENT, SECRET
from tests.federation.rogue import Rogue, rogue
from tests.federation.test_ended_there import ENDED, logout_token
from tests.federation.visitor import BEGIN
from tests.identity.staff import Browser


@pytest.fixture(scope="module")
def one() -> Iterator[Rogue]:
    with rogue() as running:
        yield running


@pytest.fixture(scope="module")
def environ(one: Rogue, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of an installation that is set up."""
    folder: Path = tmp_path_factory.mktemp("real")
    found = {
        "UKETSUKE_ENV": "testing",
        "UKETSUKE_INSTANCE_DIR": str(folder),
        "UKETSUKE_OIDC_ISSUER": one.issuer,
        "UKETSUKE_OIDC_CLIENT_ID": CLIENT,
    }
    before_keys = create_app(found | {"FLASK_RUN_FROM_CLI": "true"})
    assert before_keys.test_cli_runner().invoke(args=["setup"]).exit_code == 0
    secret = folder / "oidc_client.secret"
    secret.write_text(SECRET, encoding="utf-8")
    secret.chmod(0o400)
    return found


@pytest.fixture(scope="module")
def real(environ: dict[str, str]) -> Flask:
    return create_app(environ)


def test_it_does_not_start_with_a_secret_that_others_may_read(environ: dict[str, str]) -> None:
    secret = Path(environ["UKETSUKE_INSTANCE_DIR"]) / "oidc_client.secret"
    secret.chmod(0o440)
    with pytest.raises(SettingsError, match="UKETSUKE_OIDC_CLIENT_SECRET_FILE"):
        create_app(environ)
    secret.chmod(0o400)


def test_nothing_is_asked_of_the_provider_at_the_start(real: Flask, one: Rogue) -> None:
    assert real.view_functions["federation.begin"]
    assert one.asked == []


def test_the_provider_may_knock_without_a_form_token(real: Flask, one: Rogue) -> None:
    token = logout_token(one, sub="nobody here")
    answer = real.test_client().post(ENDED, data={"logout_token": token})
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert real.test_client().post(ENDED, json={"logout_token": token}).status_code == 415


def test_a_page_of_another_site_may_not(real: Flask, one: Rogue) -> None:
    answer = real.test_client().post(
        ENDED,
        data={"logout_token": logout_token(one)},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("path", [BEGIN, f"{BEGIN}/callback", ENDED])
def test_one_address_does_not_knock_without_end(real: Flask, path: str) -> None:
    browser = Browser(real)
    browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{len(path)}"
    allowed = int(SIGN_INS.split()[0])
    send = browser.client.post if path == ENDED else browser.client.get
    assert 429 not in [send(path).status_code for _ in range(allowed)]
    assert send(path).status_code == 429
