"""`flask user break-glass`: the account for emergencies, made and sealed anew at the shell."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from cli.commands import install_commands
from models.records.engine import RecordEngine
from tests.admin_views.office import build_app, build_engine
from tests.cli.test_users import run
from tests.identity.staff import Browser, acts, code_of

EMAIL = "kinkyu@example.jp"
MADE = ("break-glass", "--email", EMAIL, "--role", "administrator", "--business-unit", "神戸市")


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordEngine]:
    engine = build_engine(tmp_path_factory.mktemp("break_glass"))
    yield engine
    engine.database.dispose()


@pytest.fixture
def app(engine: RecordEngine) -> Flask:
    app = build_app(engine)
    install_commands(app)
    return app


def password_of(output: str) -> str:
    [found] = re.findall(r"^Password: (\S+)$", output, re.MULTILINE)
    return str(found)


def enters(app: Flask, password: str) -> Browser:
    browser = Browser(app)
    browser.try_password(EMAIL, password)
    return browser


def test_what_is_printed_signs_in(app: Flask, engine: RecordEngine) -> None:
    result = run(app, *MADE)
    assert result.exit_code == 0, result.output
    browser = enters(app, password_of(result.output))
    assert browser.get("/admin/users/").status_code == 200
    assert password_of(result.output) not in str(acts(engine))


def test_with_a_second_factor_its_secret_is_printed_too(app: Flask) -> None:
    output = run(app, *MADE, "--second-factor").output
    [key] = re.findall(r"\(TOTP secret\): (\S+)", output)
    browser = enters(app, password_of(output))
    assert not browser.is_in()
    browser.enter(code_of(key))
    assert browser.is_in()


def test_again_gives_another_password(app: Flask, engine: RecordEngine) -> None:
    first = password_of(run(app, *MADE).output)
    second = password_of(run(app, "break-glass", "--email", EMAIL, "--again").output)
    assert first != second
    assert not enters(app, first).is_in()
    assert enters(app, second).get("/admin/").status_code == 200
    done = [act["action"] for act in acts(engine) if act["by"].startswith("flask user ")]
    assert done == ["create_account", "make_break_glass", "reset_password"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--role", "administrator"),
        ("--business-unit", "神戸市"),
        (),
        ("--role", "nobody", "--business-unit", "神戸市"),
        ("--again",),
    ],
)
def test_what_is_incomplete_or_unknown_makes_nothing(
    app: Flask, engine: RecordEngine, arguments: tuple[str, ...]
) -> None:
    before = len(acts(engine))
    result = run(app, "break-glass", "--email", EMAIL, *arguments)
    assert result.exit_code != 0
    assert "Password:" not in result.output
    assert len(acts(engine)) == before
