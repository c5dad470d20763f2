"""`flask setup`, `flask solution`, `flask demo install`: repeated, broken off, refused."""

import json
import re
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import update

from jobs.platform_recurrences import PLATFORM
from models.security.contracts import today, why_closed
from models.security.dormancy import is_dormant
from models.tables.base import utc_now
from models.tables.organization import Organization
from models.tables.principals import Contractor, SystemUser
from models.tables.record_data import AuditEntry, SystemJob
from models.tables.session import Database
from packager.solution_reading import read_solution
from tests.cli.installation import KOBE, Installation, set_up
from tests.packager.folders import ENTITY_FILE, FORM_FILE, contents, copy_of_kobe, edit

KEYS = ("root.key", "secret.key")


def kept(installation: Installation) -> dict[str, bytes]:
    return {name: (installation.instance / name).read_bytes() for name in KEYS}


def tables(installation: Installation) -> dict[str, Any]:
    with installation.engine() as engine:
        return contents(engine.database)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_database_of_another_version_is_refused_and_stays(own_kobe: Installation) -> None:
    drop = "ALTER TABLE organization DROP COLUMN registers_kept_years"
    database = Database(f"sqlite:///{own_kobe.instance / 'uketsuke.db'}")
    database.run(lambda transaction: transaction.lock().exec_driver_sql(drop))
    before = contents(database)
    for command in (["setup"], ["maintenance", "check"], ["worker", "--drain"]):
        said = own_kobe.refused(*command)
        assert "another version of the program made the database" in said
        assert "organization.registers_kept_years is missing, and 0 columns more" in said
    assert contents(database) == before
    database.dispose()


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    return set_up(tmp_path)


def test_setting_up_again_keeps_keys_and_data(own_kobe: Installation) -> None:
    keys, before = kept(own_kobe), tables(own_kobe)
    own_kobe.done("setup")
    assert kept(own_kobe) == keys
    assert tables(own_kobe) == before


def test_what_is_made_is_its_owners_alone(fresh: Installation) -> None:
    assert mode(fresh.instance) == 0o700
    assert {mode(fresh.instance / name) for name in KEYS} == {0o400}
    assert {mode(file) for file in fresh.instance.glob("*.db*")} == {0o600}


def test_in_a_folder_open_to_others_they_are_their_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir(mode=0o755)
    found = set_up(tmp_path)
    assert {mode(file) & 0o077 for file in found.instance.iterdir()} == {0}


@pytest.mark.parametrize("missing", [("uketsuke.db",), ("keystore.db",), KEYS, ("secret.key",)])
def test_a_set_up_that_was_broken_off_is_gone_on_with(
    fresh: Installation, missing: tuple[str, ...]
) -> None:
    """Whatever of it was made: as long as no data hangs on what is missing."""
    for name in missing:
        (fresh.instance / name).unlink()
    if "root.key" in missing:
        (fresh.instance / "keystore.db").unlink()
    fresh.done("setup")
    fresh.done("solution", "import", str(KOBE))
    fresh.done("demo", "seed", "--count", "1")


def test_a_lost_root_key_is_not_replaced(own_kobe: Installation) -> None:
    (own_kobe.instance / "root.key").unlink()
    assert "restore the key's file" in own_kobe.refused("setup")
    assert not (own_kobe.instance / "root.key").exists()


def test_an_import_installs_the_jobs_and_tells_what_there_is(fresh: Installation) -> None:
    content = read_solution(KOBE).content
    kinds = [kind for kind, _ in content.components]
    told = (
        f"{len(content.entities)} entities, {kinds.count('view')} views, "
        f"{kinds.count('form')} forms, metadata version 1."
    )
    assert told in fresh.done("solution", "import", str(KOBE))
    waiting = {row.name for row in fresh.rows(SystemJob) if row.state == "READY"}
    stated = yaml.safe_load((KOBE / "jobs.yaml").read_text(encoding="utf-8"))
    assert waiting == set(stated) | {one.name for one in PLATFORM}


def test_checking_needs_no_installation_and_changes_none(
    kobe: Installation, folder: Path, tmp_path: Path
) -> None:
    edit(folder, "views.yaml", lambda content: content.pop("kobe_application_closed"))
    before = tables(kobe)
    for installation in (kobe, Installation(tmp_path / "nowhere")):
        said = installation.done("solution", "check", str(folder))
        views = [kind for kind, _ in read_solution(folder).content.components].count("view")
        assert f", {views} views" in said
        assert said.startswith("No mistake found. ")
    assert tables(kobe) == before


OTHER_WORDS = {"version": "2026-04-01", "title": "利用目的", "text": "別の目的に利用します。"}
"""Under the version that is published."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_kobe(tmp_path)


@pytest.mark.parametrize(
    ("command", "file", "change", "said"),
    [
        ("check", ENTITY_FILE, {"colour": "red"}, "colour"),
        ("import", ENTITY_FILE, {"colour": "red"}, "colour"),
        ("check", "jobs.yaml", {"kind": "make_coffee"}, "make_coffee"),
        ("import", "jobs.yaml", {"rule": "FREQ=SOMETIMES"}, "FREQ=SOMETIMES"),
        ("import", "jobs.yaml", {"rule": "FREQ=DAILY;UNTIL=20200101T000000Z"}, "never happens"),
        ("check", FORM_FILE, {"purpose": OTHER_WORDS}, "state a new one"),
    ],
)
def test_a_broken_solution_is_refused_with_file_and_place(
    kobe: Installation, folder: Path, command: str, file: str, change: Any, said: str
) -> None:
    before = tables(kobe)
    edit(folder, file, lambda content: next(iter(content.values())).update(change))
    message = kobe.refused("solution", command, str(folder))
    assert re.match(rf"Error: {file}(:\d+)?: ", message)
    assert said in message
    assert tables(kobe) == before


@pytest.mark.parametrize("command", ["check", "import"])
def test_a_folder_that_is_not_there_is_named(kobe: Installation, command: str) -> None:
    said = kobe.refused("solution", command, "nowhere", status=2)
    assert "Directory 'nowhere' does not exist" in said


def sign_ins(installation: Installation) -> list[dict[str, str]]:
    path = installation.instance / "demo-accounts.json"
    assert mode(path) == 0o600
    found: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def audited_as(installation: Installation, action: str) -> set[str]:
    """By whom it was done, as the audit has it."""
    entries = [row.body for row in installation.rows(AuditEntry) if row.action == action]
    return {json.loads(body)["by"] for body in entries}


def test_demo_accounts_are_made_once_and_told_every_time(fresh: Installation) -> None:
    first = fresh.done("demo", "install")
    made = sign_ins(fresh)
    assert [one["email"] for one in made if one["totp_secret"]] == [
        "official@example.jp",
        "manager@example.jp",
        "admin@example.jp",
    ]
    assert all(f"password: {one['password']}" in first for one in made)
    assert fresh.done("demo", "install") == first
    assert len(fresh.rows(SystemUser)) == len(made) == 5
    assert audited_as(fresh, "create_account") == {"flask demo install"}


def test_demo_accounts_are_ready_for_work_and_the_operator_is_a_contractors(
    fresh: Installation,
) -> None:
    fresh.done("demo", "install")
    [contractor] = fresh.rows(Contractor)
    first, last = contractor.starts_on, contractor.ends_on
    assert first <= today() <= last
    assert (first.month, first.day, last.month, last.day) == (4, 1, 3, 31)
    assert last.year == first.year + 2
    everything = {name: {} for name in sorted(read_solution(KOBE).content.entities)}
    assert (contractor.networks, json.loads(contractor.scope)) == ("", everything)
    accounts = {row.email: row for row in fresh.rows(SystemUser)}
    under_contract = [email for email, row in accounts.items() if row.contractor_id]
    assert under_contract == ["operator@example.jp"]
    [settings] = fresh.rows(Organization)
    assert {why_closed(row, settings, on=today()) for row in accounts.values()} == {""}


def test_demo_accounts_are_awake_at_every_start(fresh: Installation) -> None:
    """However long nobody looked at them."""
    fresh.done("demo", "install")
    long_ago = utc_now() - timedelta(days=500)
    values = {"trained_on": today() - timedelta(days=500)}
    values |= dict.fromkeys(("created_on", "opened_on", "last_signed_in_on"), long_ago)
    with fresh.engine() as engine:
        statement = update(SystemUser).values(**values)
        engine.database.run(lambda transaction: transaction.write(statement))
    fresh.done("demo", "install")
    [settings] = fresh.rows(Organization)
    for row in fresh.rows(SystemUser):
        assert not is_dormant(row, settings, at=utc_now())
        assert why_closed(row, settings, on=today()) == ""


def test_demo_accounts_that_were_broken_off_are_gone_on_with(fresh: Installation) -> None:
    fresh.done("demo", "install")
    made = sign_ins(fresh)
    for path in fresh.instance.glob("uketsuke.db*"):
        path.unlink()
    fresh.done("setup")
    fresh.done("demo", "install")
    assert sign_ins(fresh) == made
    assert {row.email for row in fresh.rows(SystemUser)} == {one["email"] for one in made}
