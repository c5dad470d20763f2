"""`flask federation …`: groups are given roles, accounts linked, from the shell as on the page."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from cli.federation import federation_commands
from models.records.engine import RecordEngine
from tests.admin_views.office import build_app, build_engine
from tests.federation.conftest import federated
from tests.federation.people import acts
from tests.identity.staff import Person, hire

ISSUER = "https://login.example.jp"
GROUP, ROLE, UNIT = "/office/intake", "kobe_operator", "運営事務局"
MAP = ("map", "--group", GROUP, "--role", ROLE, "--business-unit", UNIT)
UNMAP = ("unmap", "--group", GROUP, "--role", ROLE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def engine(folder: Path) -> RecordEngine:
    return build_engine(folder)


@pytest.fixture
def app(engine: RecordEngine, folder: Path) -> Flask:
    """With a provider that nobody asks anything."""
    return federated(engine, folder, ISSUER)


@pytest.fixture
def person(app: Flask, engine: RecordEngine) -> Person:
    return hire(app, engine)


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(federation_commands, words)


def test_a_group_is_given_a_role_listed_and_it_is_taken_away(
    app: Flask, engine: RecordEngine
) -> None:
    assert run(app, *MAP).output == f"The group {GROUP} gives the role {ROLE} in {UNIT}.\n"
    assert run(app, "list").output == f"group\t{GROUP}\t{ROLE}\t{UNIT}\n"
    assert run(app, *UNMAP).output == f"The group {GROUP} no longer gives the role {ROLE}.\n"
    assert run(app, "list").output == ""
    mapped, unmapped = acts(engine)[-2:]
    assert (mapped["action"], unmapped["action"]) == ("map_group", "unmap_group")
    assert mapped["details"] == {"group": GROUP, "role": ROLE, "business_unit": UNIT}
    assert mapped["by"].startswith("flask federation map by ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*MAP[:3], "--role", "nobody", *MAP[5:]), "Choose Role."),
        ((*MAP[:5], "--business-unit", "nowhere"), "Choose Business unit."),
        (UNMAP, f"not found: the group {GROUP} does not give the role {ROLE}"),
        (("link", "--email", "nobody@example.jp", "--subject", "x"), "Choose Account."),
        (("unlink", "--email", "nobody@example.jp"), "not found: there is no account"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(app: Flask, words: tuple[str, ...], said: str) -> None:
    result = run(app, *words)
    assert result.exit_code == 1
    assert said in result.output
    assert len(result.output.splitlines()) == 1


def test_a_group_is_not_given_the_same_role_twice(app: Flask) -> None:
    run(app, *MAP)
    again = run(app, *MAP[:5], "--business-unit", "神戸市")
    assert again.exit_code == 1
    assert "gives the role chosen already" in again.output


def test_an_account_is_linked_listed_and_unlinked(app: Flask, person: Person) -> None:
    linked = run(app, "link", "--email", person.email.upper(), "--subject", "a-person")
    assert linked.output == f"Linked {person.email}.\n"
    assert run(app, "list").output == f"account\t{person.email}\ta-person\n"
    unlinked = run(app, "unlink", "--email", person.email)
    assert unlinked.output == f"Undid the link of {person.email}.\n"
    assert run(app, "list").output == ""
    assert run(app, "unlink", "--email", person.email).exit_code == 1


def test_another_providers_groups_are_not_its_own(
    app: Flask, engine: RecordEngine, folder: Path
) -> None:
    run(app, *MAP)
    assert run(federated(engine, folder, "https://other.example.jp"), "list").output == ""


def test_without_a_provider_it_says_what_to_read(engine: RecordEngine) -> None:
    result = run(build_app(engine), "list")
    assert result.exit_code == 1
    assert "docs/single-sign-on.md" in result.output
