"""`flask contractor …`: contracts from the shell, with whose accounts; what a command changes
holds at once in a web process that runs beside it."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app import create_app
from models.security.contracts import today
from models.tables.principals import Contractor, SystemUser
from tests.admin_views.office import let_all_work
from tests.cli.installation import ENTITY, ROOT, Installation
from tests.identity.staff import Browser

YESTERDAY, NEXT_YEAR = str(today() - timedelta(days=1)), str(today() + timedelta(days=365))
PERIOD = ("--from", "2026-04-01", "--until", NEXT_YEAR)
NAMED = ("--name", "株式会社つなぐ")
CATEGORY = f"{ENTITY}.kobe_category"
HANAKO = "hanako@itaku.example.jp"
PASSWORD = "rivers under seven bridges"
OVER = "契約期間が終了しているため"


@pytest.fixture
def contracted(own_kobe: Installation) -> Installation:
    """With a contractor for two categories."""
    only = f"{CATEGORY}=927000003,927000000"
    limits = ("--entity", ENTITY, "--only", only)
    own_kobe.done("contractor", "create", *NAMED, *PERIOD, *limits, "--network", "127.0.0.0/8")
    return own_kobe


def employ(installation: Installation, *more: str, email: str = HANAKO) -> None:
    made = installation.flask(
        *("user", "create", "--email", email, "--name", "委託 花子", "--role", "kobe_operator"),
        *("--business-unit", "運営事務局", "--password-stdin", *more),
        stdin=f"{PASSWORD}\n",
    )
    assert made.exit_code == 0, made.output


def names_by_address(installation: Installation) -> dict[str, str | None]:
    names = {row.id: row.name for row in installation.rows(Contractor)}
    return {row.email: names.get(row.contractor_id) for row in installation.rows(SystemUser)}


def test_a_contract_is_added_and_listed(contracted: Installation) -> None:
    employ(contracted, "--contractor", "株式会社つなぐ")
    [line] = contracted.done("contractor", "list").splitlines()
    assert line.split("\t") == [
        "株式会社つなぐ",
        "running",
        f"2026-04-01 to {NEXT_YEAR}",
        "Applications (Support for children, Support for students)",
        "127.0.0.0/8",
        "1 account",
    ]
    assert names_by_address(contracted) == {HANAKO: "株式会社つなぐ"}


def test_what_is_not_stated_is_not_allowed(own_kobe: Installation) -> None:
    own_kobe.done("contractor", "create", *NAMED, *PERIOD)
    assert own_kobe.done("contractor", "list").split("\t")[3:] == [
        "no data",
        "any network",
        "0 accounts\n",
    ]


def test_accounts_are_put_under_it_and_released(contracted: Installation) -> None:
    employ(contracted)
    assert names_by_address(contracted) == {HANAKO: None}
    contracted.done("contractor", "change", *NAMED, "--account", HANAKO, "--new-name", "つなぐ")
    assert names_by_address(contracted) == {HANAKO: "つなぐ"}
    contracted.done("contractor", "change", "--name", "つなぐ", "--release", HANAKO)
    assert names_by_address(contracted) == {HANAKO: None}
    contracted.done("user", "role", "--email", HANAKO, "--contractor", "つなぐ")
    assert names_by_address(contracted) == {HANAKO: "つなぐ"}
    contracted.done("user", "role", "--email", HANAKO, "--contractor", "")
    assert names_by_address(contracted) == {HANAKO: None}


def test_what_is_not_named_stays(contracted: Installation) -> None:
    [before] = contracted.rows(Contractor)
    contracted.done("contractor", "change", *NAMED, "--until", "2030-03-31")
    [after] = contracted.rows(Contractor)
    assert str(after.ends_on) == "2030-03-31"
    same = ("name", "starts_on", "scope", "networks")
    assert [getattr(after, one) for one in same] == [getattr(before, one) for one in same]
    contracted.done("contractor", "change", *NAMED, "--any-network", "--entity", ENTITY)
    [after] = contracted.rows(Contractor)
    assert (after.networks, after.scope) == ("", f'{{"{ENTITY}": {{}}}}')


REFUSED: dict[str, tuple[list[str], str]] = {
    "a day that is none": (["--until", "2026-02-30"], "Enter Last day as a date"),
    "an end before the beginning": (["--until", "2020-01-01"], "must not be before"),
    "no such entity": (["--entity", "kobe_nothing"], "Choose one of the options for Data"),
    "no such option": (
        ["--entity", ENTITY, "--only", f"{CATEGORY}=1"],
        "Choose one of the options for Category",
    ),
    "an attribute without options": (
        ["--entity", ENTITY, "--only", f"{ENTITY}.kobe_nickname=1"],
        "Choose one of the options for Data",
    ),
    "a personal attribute": (
        ["--entity", ENTITY, "--only", f"{ENTITY}.kobe_email=1"],
        "Choose one of the options for Data",
    ),
    "no network": (["--network", "the office"], "Line 1 of Networks"),
    "no such account": (["--account", "nobody@example.jp"], "there is no account"),
    "a name that is taken": (["--new-name", "別の会社"], "already exists"),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_is_said_plainly_and_changes_nothing(
    contracted: Installation, words: list[str], said: str
) -> None:
    contracted.done("contractor", "create", "--name", "別の会社", *PERIOD)
    before = contracted.rows(Contractor)
    assert said in contracted.refused("contractor", "change", *NAMED, *words)
    assert contracted.rows(Contractor) == before


@pytest.mark.parametrize(
    "words",
    [["--only", f"{CATEGORY}=927000000"], ["--entity", ENTITY, "--only", f"{CATEGORY}=子ども"]],
)
def test_a_limit_names_its_entity_and_numbers(contracted: Installation, words: list[str]) -> None:
    assert "--only" in contracted.refused("contractor", "change", *NAMED, *words, status=2)


def test_a_contractor_that_is_not_there_is_not_found(own_kobe: Installation) -> None:
    assert "there is no contractor" in own_kobe.refused("contractor", "change", *NAMED)


def test_of_accounts_and_terms_all_hold_or_none(contracted: Installation) -> None:
    employ(contracted)
    words = (*NAMED, "--account", HANAKO, "--until", "2020-01-01")
    contracted.refused("contractor", "change", *words)
    assert names_by_address(contracted) == {HANAKO: None}
    for role, said in (("auditor", "contractors cannot be given"), ("kobe_operator", "")):
        contracted.done("user", "role", "--email", HANAKO, "--role", role)
        result = contracted.flask("contractor", "change", *NAMED, "--account", HANAKO)
        assert said in result.output
    assert names_by_address(contracted) == {HANAKO: "株式会社つなぐ"}


def test_a_name_is_asked_of_a_contractors_account(contracted: Installation) -> None:
    answer = contracted.flask(
        *("user", "create", "--email", HANAKO, "--role", "kobe_operator"),
        *("--business-unit", "運営事務局", "--password-stdin", "--contractor", "株式会社つなぐ"),
        stdin=f"{PASSWORD}\n",
    )
    assert answer.exit_code == 1
    assert "enter family and given name" in answer.output


def test_a_command_in_a_process_of_its_own_holds_at_the_next_request(
    contracted: Installation, tmp_path: Path
) -> None:
    """A web process here, `flask` as a real one beside it."""
    employ(contracted, "--contractor", "株式会社つなぐ")
    with contracted.engine() as engine:
        let_all_work(engine.database)
    web = {k: v for k, v in contracted.environ.items() if k != "FLASK_RUN_FROM_CLI"}
    browser = Browser(create_app(web))
    browser.try_password(HANAKO, PASSWORD)
    listed = f"/admin/t/{ENTITY}/?view={ENTITY}_all"
    assert rows_of(browser.get(listed).text) > 0

    def flask(*words: str) -> None:
        command = [sys.executable, "-m", "flask", "--app", "app", "contractor", "change", *NAMED]
        environ = dict(os.environ) | contracted.environ
        subprocess.run([*command, *words], cwd=ROOT, env=environ, check=True, timeout=90)

    flask("--entity", ENTITY, "--only", f"{CATEGORY}=927000011")
    few = rows_of(browser.get(listed).text)
    flask("--entity", ENTITY)
    assert rows_of(browser.get(listed).text) > few, "all categories again"
    flask("--network", "198.51.100.0/24")
    assert browser.get(listed).status_code == 403
    flask("--any-network")
    assert browser.get(listed).status_code == 200
    flask("--until", YESTERDAY)
    assert OVER in browser.get(listed).text


def rows_of(page: str) -> int:
    return len(re.findall(r"details/\?id=", page))
