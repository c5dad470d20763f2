"""An error nobody foresaw: the log says where, the page says sorry; neither repeats a value."""

import pytest

from tests.public_views.intake import Intake

TYPED = "hanako@example.jp"


def careless() -> str:
    """Errors of libraries quote what they could not read."""
    try:
        return str(int(TYPED))
    except ValueError as error:
        raise KeyError(TYPED) from error


@pytest.fixture
def broken(intake: Intake) -> Intake:
    other = intake.another_process()
    other.app.add_url_rule("/broken", "broken", careless)
    return other


def test_the_log_says_where_and_of_what_kind(
    broken: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    assert broken.app.test_client().get("/broken").status_code == 500
    assert "on broken: KeyError" in caplog.text
    assert "ValueError" in caplog.text
    assert "in careless" in caplog.text


def test_neither_log_nor_page_repeats_what_was_typed(
    broken: Intake, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = broken.app.test_client().get("/broken", query_string={"email": TYPED})
    assert TYPED not in answer.text + caplog.text + "".join(capfd.readouterr())
    assert "Error" not in answer.text


def test_what_goes_wrong_while_an_error_is_answered_is_logged_like_any(
    intake: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    other = intake.another_process()
    other.app.add_url_rule("/broken", "broken", careless)
    other.app.register_error_handler(KeyError, lambda _error: careless())
    answer = other.app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "on broken: KeyError" in caplog.text
    assert TYPED not in answer.text + caplog.text
