"""`flask team …`: teams and their members from the shell; mistakes are said plainly and change
nothing."""

import pytest

from models.tables.principals import PrincipalRole, ProfileMember, Team, TeamMembership
from tests.cli.installation import Installation

NAMED = ("--name", "調整班")
PLACED = (*NAMED, "--business-unit", "運営事務局")
HANAKO = "hanako@example.jp"


@pytest.fixture
def staffed(own_kobe: Installation) -> Installation:
    """With a team that holds a role, and somebody who is in no team."""
    made = own_kobe.flask(
        *("user", "create", "--email", HANAKO, "--name", "事務 花子", "--role", "kobe_operator"),
        *("--business-unit", "運営事務局", "--password-stdin"),
        stdin="rivers under seven bridges\n",
    )
    assert made.exit_code == 0, made.output
    own_kobe.done("team", "create", *PLACED, "--role", "auditor")
    return own_kobe


def stored(installation: Installation) -> list[list[object]]:
    return [
        [tuple(row) for row in installation.rows(table)]
        for table in (Team, TeamMembership, PrincipalRole, ProfileMember)
    ]


def line_of(installation: Installation, name: str = "調整班") -> list[str]:
    lines = [line.split("\t") for line in installation.done("team", "list").splitlines()]
    [found] = [line for line in lines if line[0] == name]
    return found


def test_a_team_is_made_and_listed(staffed: Installation) -> None:
    held = ["auditor", "no profile", "0 members"]
    assert line_of(staffed) == ["調整班", "owner", "運営事務局", *held]
    assert line_of(staffed, "運営事務局")[1:3] == ["default", "運営事務局"]
    access = ("--name", "共有班", "--business-unit", "神戸市", "--access")
    staffed.done("team", "create", *access, "--profile", "kobe_manager")
    assert line_of(staffed, "共有班")[1:5] == ["access", "神戸市", "no role", "kobe_manager"]


def test_members_are_taken_in_and_out(staffed: Installation) -> None:
    said = staffed.done("team", "add-member", *NAMED, "--email", " Hanako@example.jp")
    assert said == f"Took {HANAKO} into the team 調整班.\n"
    [team, member] = staffed.done("team", "show", *NAMED).splitlines()
    assert team.endswith("\t1 member")
    assert member.split("\t") == [HANAKO, "事務 花子", "active"]
    staffed.done("team", "remove-member", *NAMED, "--email", HANAKO)
    assert line_of(staffed)[-1] == "0 members"


def test_what_is_not_named_stays(staffed: Installation) -> None:
    staffed.done("team", "change", *NAMED, "--new-name", "調整班二", "--business-unit", "神戸市")
    assert line_of(staffed, "調整班二")[1:4] == ["owner", "神戸市", "auditor"]
    named = ("--name", "調整班二")
    staffed.done("team", "change", *named, "--role", "kobe_official", "--role", "kobe_manager")
    assert line_of(staffed, "調整班二")[3] == "kobe_manager, kobe_official"
    staffed.done("team", "change", *named, "--no-role", "--profile", "kobe_official")
    assert line_of(staffed, "調整班二")[3:5] == ["no role", "kobe_official"]
    staffed.done("team", "change", *named, "--no-profile")
    assert line_of(staffed, "調整班二")[4] == "no profile"


CHANGE, ADD, REMOVE = (("team", one) for one in ("change", "add-member", "remove-member"))
REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "no such role": ((*CHANGE, *NAMED, "--role", "x"), "There are: administrator, auditor"),
    "no such unit": ((*CHANGE, *NAMED, "--business-unit", "x"), "There are: 企画調整局つなぐラボ"),
    "a name that is taken": ((*CHANGE, *NAMED, "--new-name", "神戸市"), "already exists"),
    "another name for a unit's team": (
        (*CHANGE, "--name", "神戸市", "--new-name", "x"),
        "Name cannot be changed",
    ),
    "no such team": ((*CHANGE, "--name", "x"), "there is no team x"),
    "no such account": ((*ADD, *NAMED, "--email", "nobody@example.jp"), "there is no account"),
    "who is no member": ((*REMOVE, *NAMED, "--email", HANAKO), "Choose Member"),
    "a member of a unit": (
        (*ADD, "--name", "神戸市", "--email", HANAKO),
        "default team has everyone who works there",
    ),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_is_said_plainly_and_changes_nothing(
    staffed: Installation, words: tuple[str, ...], said: str
) -> None:
    before = stored(staffed)
    assert said in staffed.refused(*words)
    assert stored(staffed) == before
