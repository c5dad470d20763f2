"""What only the application as it is put together shows: limits and errors at the staff's door."""

from pathlib import Path

import pytest

from public_views.limits import SIGN_INS
from tests.identity.staff import Browser
from tests.public_views.intake import Intake, build_intake


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    folder: Path = tmp_path_factory.mktemp("real")
    return build_intake(folder, f"sqlite:///{folder}/uketsuke.db")


def test_one_address_does_not_try_without_end_in_any_process(intake: Intake) -> None:
    allowed = int(SIGN_INS.split()[0])
    browsers = [Browser(intake.app), Browser(intake.another_process().app)]
    for number in range(allowed):
        page = ("/login", "/tf-validate")[number // 2 % 2]
        assert browsers[number % 2].get(page).status_code in {200, 302}, number
    for browser in browsers:
        response = browser.get("/login")
        assert response.status_code == 429
        assert int(response.headers["Retry-After"]) > 0
        assert browser.get("/account/password").status_code == 302, "not limited"


@pytest.mark.parametrize(("language", "words"), [("ja", "ページ"), ("en", "page")])
def test_a_form_without_its_token_is_answered_in_the_readers_language(
    intake: Intake, language: str, words: str
) -> None:
    browser = Browser(intake.app)
    browser.client.set_cookie("lang", language)
    response = browser.client.post("/logout")
    assert response.status_code == 400
    assert f'<html lang="{language}"' in response.text
    assert words in response.text
    assert "CSRF" not in response.text
