"""Every command: it explains itself, and where it cannot work it says why and does nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app import create_app
from tests.cli.installation import ENTITY, KOBE, NO_DATABASE, ROOT, Installation, export, set_up

OF_FLASK = {"run", "shell", "routes"}
ACCOUNT = (
    *("--email", "a@example.jp", "--role", "kobe_official", "--business-unit", "神戸市"),
    "--password-stdin",
)
PERIOD = ("--from", "2026-04-01", "--until", "2027-03-31")
GROUP = ("--group", "uketsuke-auditors", "--role", "auditor")
NEED_AN_INSTALLATION = {
    "audit checkpoint": (),
    "audit verify": (),
    "backup create": ("--to", "records-never", "--keystore-to", "keys-never"),
    "backup move": ("--to", "sqlite:///never.db"),
    "contractor change": ("--name", "株式会社つなぐ"),
    "contractor create": ("--name", "株式会社つなぐ", *PERIOD),
    "contractor list": (),
    "demo install": (),
    "demo seed": ("--count", "1"),
    "federation link": ("--email", "a@example.jp", "--subject", "a"),
    "federation list": (),
    "federation map": (*GROUP, "--business-unit", "神戸市"),
    "federation unlink": ("--email", "a@example.jp"),
    "federation unmap": GROUP,
    "maintenance check": (),
    "maintenance tidy": (),
    "keys escrow": ("--shares", "3", "--threshold", "2"),
    "keys reindex": ("--all",),
    "keys rotate-data": ("--all",),
    "keys rotate-root": (),
    "keys status": (),
    "keys verify": (),
    "records export": export(Path("never.csv"))[2:],
    "records import": (ENTITY, str(KOBE / "solution.yaml"), "--business-unit", "神戸市"),
    "security explain": ("--user", "a@example.jp", "--privilege", "Export"),
    "solution convert": (str(KOBE),),
    "solution import": (str(KOBE),),
    "team add-member": ("--name", "調整班", "--email", "a@example.jp"),
    "team change": ("--name", "調整班"),
    "team create": ("--name", "調整班", "--business-unit", "神戸市"),
    "team list": (),
    "team remove-member": ("--name", "調整班", "--email", "a@example.jp"),
    "team show": ("--name", "調整班"),
    "user activate": ("--email", "a@example.jp"),
    "user break-glass": (
        *("--email", "kinkyu@example.jp", "--role", "administrator"),
        *("--business-unit", "神戸市"),
    ),
    "user create": ACCOUNT,
    "user deactivate": ("--email", "a@example.jp"),
    "user list": (),
    "user reset": ("--email", "a@example.jp"),
    "user role": ("--email", "a@example.jp", "--role", "auditor"),
    "user training": (*("--email", "a@example.jp"), *("--on", "2026-04-01", "--training", "研修")),
    "user unlock": ("--email", "a@example.jp"),
    "worker": ("--drain",),
}
NEED_KEYS = {"audit key", "backup list", "backup restore", "backup verify"}
"""They answer without a database."""
NEED_NONE = {"keys recover", "setup", "solution check"}


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if not path and name in OF_FLASK:
            continue
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, click.Command]:
    """Commands by name, from an application that is not set up."""
    folder = tmp_path_factory.mktemp("nothing")
    return dict(commands(create_app(Installation(folder).environ).cli))


@pytest.fixture(scope="module")
def without_tables(
    tmp_path_factory: pytest.TempPathFactory, provider: dict[str, str]
) -> Installation:
    """Keys, and a database with nothing in it."""
    made = set_up(tmp_path_factory.mktemp("without_tables"))
    new = {"UKETSUKE_DATABASE_URL": f"sqlite:///{made.folder}/new.db"}
    return Installation(made.folder, provider | new)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of a provider of identities, which nobody asks anything."""
    secret = tmp_path_factory.mktemp("provider") / "client.secret"
    secret.write_text("a secret of sixteen and more")
    secret.chmod(0o400)
    return {
        "UKETSUKE_OIDC_ISSUER": "https://login.example.jp",
        "UKETSUKE_OIDC_CLIENT_ID": "uketsuke",
        "UKETSUKE_OIDC_CLIENT_SECRET_FILE": str(secret),
    }


def refused(installation: Installation, command: str) -> str:
    return installation.refused(*command.split(), *NEED_AN_INSTALLATION.get(command, ()))


def test_every_command_is_tested_here(ours: dict[str, click.Command]) -> None:
    assert set(ours) == set(NEED_AN_INSTALLATION) | NEED_KEYS | NEED_NONE


def test_every_command_explains_itself(ours: dict[str, click.Command], tmp_path: Path) -> None:
    for name, command in ours.items():
        page = Installation(tmp_path).done(*name.split(), "--help")
        assert (command.help or "").split(".")[0].split("\n")[0] in " ".join(page.split()), name
        unexplained = [
            f"{name} {parameter.name}"
            for parameter in command.params
            if isinstance(parameter, click.Option) and not parameter.help
        ]
        assert command.help
        assert unexplained == []


@pytest.mark.parametrize("command", [*NEED_AN_INSTALLATION, *sorted(NEED_KEYS)])
def test_without_a_set_up_a_command_says_so_and_makes_nothing(
    tmp_path: Path, provider: dict[str, str], command: str
) -> None:
    nothing = Installation(tmp_path, provider)
    assert "not set up yet; run: flask setup" in refused(nothing, command)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", NEED_AN_INSTALLATION)
def test_in_an_empty_database_a_command_asks_for_the_set_up(
    without_tables: Installation, command: str
) -> None:
    assert "run: flask setup" in refused(without_tables, command)


@pytest.mark.parametrize("command", [*NEED_AN_INSTALLATION, "setup"])
def test_without_a_database_a_command_says_so(
    kobe: Installation, provider: dict[str, str], command: str
) -> None:
    away = Installation(kobe.folder, provider | {"UKETSUKE_DATABASE_URL": NO_DATABASE})
    said = refused(away, command)
    assert said.startswith("Error: the database cannot be used: ")
    assert "port 1" in said


@pytest.mark.parametrize("command", NEED_AN_INSTALLATION)
def test_with_a_key_that_others_may_read_a_command_says_which(
    own_kobe: Installation, command: str
) -> None:
    (own_kobe.instance / "root.key").chmod(0o644)
    said = refused(own_kobe, command)
    assert "UKETSUKE_ROOT_KEY_FILE" in said
    assert "chmod 0400" in said


@pytest.mark.parametrize("command", ["demo install", "demo seed"])
def test_nothing_of_the_demonstration_reaches_production(kobe: Installation, command: str) -> None:
    changes = {"UKETSUKE_ENV": "production", "UKETSUKE_BASE_URL": "https://apply.example.jp"}
    production = Installation(kobe.folder, changes)
    assert "not for production" in refused(production, command)


@pytest.mark.parametrize(
    "arguments",
    [
        (
            "records",
            "export",
            "kobe_nothing",
            "--view",
            "x",
            "--output",
            "x.csv",
            "--purpose",
            "x",
        ),
        ("records", "import", "kobe_nothing", str(KOBE / "solution.yaml")),
        ("demo", "seed", "--count", "1", "--entity", "kobe_nothing"),
    ],
)
def test_an_unknown_entity_is_named(kobe: Installation, arguments: tuple[str, ...]) -> None:
    assert "kobe_nothing" in kobe.refused(*arguments)


def test_settings_that_contradict_are_told_without_a_traceback(tmp_path: Path) -> None:
    """As a process, since Flask itself loads the application here."""
    environ = os.environ | Installation(tmp_path).environ | {"UKETSUKE_ENV": "holiday"}
    command = [sys.executable, "-m", "flask", "--app", "app", "audit", "verify"]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "UKETSUKE_ENV is “holiday”" in ended.stderr
    assert "Traceback" not in ended.stderr
