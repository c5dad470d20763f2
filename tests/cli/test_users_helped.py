"""`flask user reset|role|unlock|…`: help for those who cannot get in, or work elsewhere now; and a
password typed at a terminal, which waits for nobody in silence."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from extensions import ENGINE
from models.records.engine import RecordEngine
from tests.admin_views.office import build_app, build_engine, let_all_work
from tests.cli.installation import ROOT, Installation
from tests.cli.test_users import PASSWORD, ROLES_THERE_ARE, SHORT_PASSWORD, create, run
from tests.identity.staff import Browser, account_of, acts, acts_on, code_of, hire

NEW = "lanterns above five harbours"
EMAIL = "komatta@example.jp"


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordEngine]:
    engine = build_engine(tmp_path_factory.mktemp("helped"))
    yield engine
    engine.database.dispose()


@pytest.fixture
def app(engine: RecordEngine) -> Flask:
    app = build_app(engine)
    assert create(app, email=EMAIL).exit_code == 0
    let_all_work(engine.database)
    return app


def said(app: Flask, *arguments: str, stdin: str = "") -> str:
    result = run(app, *arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result.output


def tried(app: Flask, password: str) -> Browser:
    browser = Browser(app)
    browser.try_password(EMAIL, password)
    return browser


def done(engine: RecordEngine) -> list[tuple[str, dict[str, str]]]:
    """What the shell did after it had made the account."""
    found = [act for act in acts(engine) if act["by"].startswith("flask user ")]
    return [(act["action"], act.get("details", {})) for act in found[1:]]


def test_a_password_is_made_and_printed_once(app: Flask, engine: RecordEngine) -> None:
    working = tried(app, PASSWORD)
    output = said(app, "reset", "--email", f" {EMAIL.upper()}")
    password = re.search(r"^Password: (\S{24})$", output, re.M)
    assert password is not None
    assert not working.is_in(), "signed out"
    assert not tried(app, PASSWORD).is_in()
    assert tried(app, password[1]).must_choose()
    assert done(engine) == [("reset_password", {})]
    assert password[1] not in str(acts(engine))


def test_a_password_is_read_and_not_shown(app: Flask) -> None:
    output = said(app, "reset", "--email", EMAIL, "--password-stdin", stdin=f"{NEW}\n")
    assert output == f"Gave {EMAIL} a new password; its sessions have ended.\n"
    browser = tried(app, NEW)
    assert browser.is_in()
    assert not browser.must_choose(), "the shell's person chose it"


def test_a_second_factor_is_made_with_it_and_stays_with_the_next(
    app: Flask, engine: RecordEngine
) -> None:
    """The short one stands beside the factor only."""
    stated = ("reset", "--email", EMAIL, "--password-stdin")
    refused = run(app, *stated, stdin=f"{SHORT_PASSWORD}\n")
    assert refused.output == "Error: Password must have between 15 and 128 characters.\n"
    key = said(app, *stated, "--second-factor", stdin=f"{NEW}\n").split()[-1]
    said(app, *stated, stdin=f"{SHORT_PASSWORD}\n")
    browser = tried(app, SHORT_PASSWORD)
    assert not browser.is_in()
    browser.enter(code_of(key))
    assert browser.is_in()
    names = [action for action, _ in done(engine)]
    assert names == ["reset_password", "reset_second_factor", "reset_password"]
    assert key not in str(acts(engine))


def test_a_locked_account_is_listed_and_unlocked(app: Flask, engine: RecordEngine) -> None:
    for _ in range(5):
        tried(app, NEW)
    assert re.search(rf"^{EMAIL}\t.*\tlocked until \d{{4}}-\d\d-\d\d", said(app, "list"), re.M)
    assert not tried(app, PASSWORD).is_in()
    assert said(app, "unlock", "--email", EMAIL) == f"Unlocked {EMAIL}.\n"
    assert tried(app, PASSWORD).is_in()
    assert "locked" not in said(app, "list")
    assert done(engine) == [("unlock_account", {})]


def test_another_role_holds_and_the_unit_stays_unless_named(
    app: Flask, engine: RecordEngine
) -> None:
    browser = tried(app, PASSWORD)
    assert browser.get("/admin/export/").status_code == 403
    output = said(app, "role", "--email", EMAIL, "--role", "kobe_official")
    assert (
        output == f"{EMAIL} has the role kobe_official in 運営事務局, from the next request on.\n"
    )
    assert browser.get("/admin/export/").status_code == 200
    assert "\tkobe_official\t運営事務局\n" in said(app, "list")
    moved = ("--role", "auditor", "--business-unit", "神戸市")
    output = said(app, "role", "--email", EMAIL, *moved)
    assert output == f"{EMAIL} has the role auditor in 神戸市, from the next request on.\n"
    assert "\tauditor\t神戸市\n" in said(app, "list")
    assert done(engine)[0] == (
        "change_rights",
        {"roles": ["kobe_official"], "roles_before": ["kobe_operator"]},
    )


def test_roles_add_up_and_a_profile_and_a_manager_are_given(
    app: Flask, engine: RecordEngine
) -> None:
    create(app, email="joushi@example.jp")
    roles = ("--role", "kobe_operator", "--role", "auditor")
    output = said(app, "role", "--email", EMAIL, *roles)
    assert "has the roles auditor, kobe_operator in 運営事務局" in output
    assert "\tauditor, kobe_operator\t運営事務局\n" in said(app, "list")
    browser = tried(app, PASSWORD)
    for page in ("/admin/audit/", "/admin/t/kobe_application/"):
        assert browser.get(page).status_code == 200
    more = ("--profile", "kobe_official", "--manager", "joushi@example.jp")
    assert "has the roles auditor, kobe_operator" in said(app, "role", "--email", EMAIL, *more)
    assert done(engine)[-1] == (
        "change_rights",
        {
            "profiles": ["kobe_official"],
            "profiles_before": [],
            "manager": ["joushi@example.jp"],
            "manager_before": [],
        },
    )
    said(app, "role", "--email", EMAIL, "--manager", "")
    assert done(engine)[-1][1]["manager"] == []


def test_a_change_of_nothing_is_not_understood(app: Flask, engine: RecordEngine) -> None:
    result = run(app, "role", "--email", EMAIL)
    assert result.exit_code == 2
    assert "--role" in result.output
    assert done(engine) == []


def test_an_unknown_role_is_answered_with_those_there_are(
    app: Flask, engine: RecordEngine
) -> None:
    result = run(app, "role", "--email", EMAIL, "--role", "kobe_nobody")
    assert result.exit_code == 1
    assert result.output == f"Error: Choose Role. {ROLES_THERE_ARE}\n"
    assert done(engine) == []


@pytest.mark.parametrize("command", ["reset", "role", "unlock", "deactivate", "activate"])
def test_an_account_that_is_not_there_is_named(
    app: Flask, engine: RecordEngine, command: str
) -> None:
    role = ["--role", "auditor"] if command == "role" else []
    result = run(app, command, "--email", "inai@example.jp", *role)
    assert result.exit_code == 1
    assert result.output == "Error: not found: there is no account inai@example.jp\n"
    assert done(engine) == []


@pytest.mark.parametrize(
    ("command", "flags"),
    [("create", ()), ("create", ("--password-stdin",)), ("reset", ("--password-stdin",))],
)
def test_at_a_terminal_the_password_is_asked_for_twice_and_not_shown(
    own_kobe: Installation, command: str, flags: tuple[str, ...]
) -> None:
    """As a process with a terminal of its own; the first two typed are not the same."""
    stated = ("--email", EMAIL, "--role", "auditor", "--business-unit", "神戸市")
    if command == "reset":
        made = own_kobe.flask("user", "create", *stated, "--password-stdin", stdin=f"{PASSWORD}\n")
        assert made.exit_code == 0, made.output
        stated = stated[:2]
    shown = at_a_terminal(own_kobe, "user", command, *stated, *flags)
    assert shown.count("Password: ") == 2
    assert shown.count("Repeat for confirmation: ") == 2
    assert "do not match" in shown
    assert EMAIL in shown.splitlines()[-1]
    assert NEW not in shown
    app = create_app(own_kobe.environ)
    assert tried(app, NEW).is_in()
    app.extensions[ENGINE].database.dispose()


def at_a_terminal(installation: Installation, *arguments: str) -> str:
    """What is shown to one who answers each question, the second one wrongly."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", *arguments],
        cwd=ROOT,
        env=os.environ | installation.environ,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, answers = b"", iter([NEW, f"{NEW} not", NEW, NEW])
    while piece := _next(ours):
        shown += piece
        if shown.endswith((b"Password: ", b"confirmation: ")):
            os.write(ours, f"{next(answers)}\n".encode())
    os.close(ours)
    assert process.wait() == 0, shown.decode()
    return shown.decode().replace("\r\n", "\n").rstrip()


def _next(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's way of saying that the other side is closed
        return b""


def test_training_is_entered_for_several(app: Flask, engine: RecordEngine) -> None:
    people = [hire(app, engine) for _ in range(2)]
    words = [word for one in people for word in ("--email", one.email)]
    stated = ("--on", "2026-04-01", "--training", "個人情報保護研修")
    result = run(app, "training", *words, *stated)
    assert result.exit_code == 0, result.output
    for one in people:
        row = account_of(engine, one)
        assert (str(row.trained_on), row.training_name) == ("2026-04-01", "個人情報保護研修")
        assert acts_on(engine, one)[-1]["action"] == "enter_training"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--on", "2099-01-01", "--training", "研修"), "must not be in the future"),
        (("--on", "yesterday", "--training", "研修"), "as a date"),
        (("--on", "2026-04-01", "--training", " "), "Enter Training"),
    ],
)
def test_a_wrong_training_is_refused(
    app: Flask, engine: RecordEngine, words: tuple[str, ...], said: str
) -> None:
    one = hire(app, engine)
    before = account_of(engine, one)
    result = run(app, "training", "--email", one.email, *words)
    assert (result.exit_code, said in result.output) == (1, True)
    assert account_of(engine, one) == before
