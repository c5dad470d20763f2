"""docs/tutorial.md is true: who follows it comes, step by step, to solutions/student_volunteers/.

Every block is written where it says, every command is run, every page is opened as soon as the
step that names it is done; the service runs on meanwhile.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from cli.development.supervisor import set_up_commands
from extensions import ENGINE
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.principals import load_caller
from models.tables.principals import SystemUser
from packager.solution_reading import read_solution
from tests.publication.town import approve, requested
from tests.tutorial.following import Follower
from tests.tutorial.reading import ROOT, SOLUTION, TEXT, Block, end_of, steps, written

STAFF, LEADER = "staff@example.jp", "leader@example.jp"
CHECK = "uketsuke solution check ~/student_volunteers"
IMPORT = "uketsuke solution import ~/student_volunteers"
PUBLIC = "/public/vol_requests"
LONGEST = 30


@pytest.fixture(scope="module")
def follower(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Follower]:
    """Who has followed nothing yet; a module's tests follow in order."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("HOME", str(home))
        found = Follower(home)
        yield found
        found.leave()


def files(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in paths}


def test_its_blocks_are_the_solution_to_the_letter(tmp_path: Path) -> None:
    assert files(written(tmp_path)) == files(SOLUTION)


def test_each_step_is_checked_and_all_of_them_take_half_an_hour() -> None:
    minutes = [int(step.title.partition("（")[2].partition("分")[0]) for step in steps()]
    assert sum(minutes) <= LONGEST
    for step in steps():
        last_block = max(n for n, act in enumerate(step.acts) if isinstance(act, Block))
        assert CHECK in step.acts[last_block:], step.title


@pytest.mark.parametrize("number", range(len(steps())))
def test_a_step_does_what_it_says(follower: Follower, number: int) -> None:
    """In order: a step stands on those before it."""
    step = steps()[number]
    follower.follow(step)
    assert follower.said[CHECK].startswith("No mistake found")
    tells_of_one = "vol_requests: one person alone lets its records out" in follower.said[CHECK]
    assert tells_of_one is (PUBLIC in step.addresses)
    if number:
        assert follower.said[IMPORT].startswith("Installed.")
    opened = [address for address in step.addresses if address != PUBLIC]
    assert opened
    for address in opened:
        browser = follower.client(STAFF if address.startswith("/admin/") else "")
        assert browser.get(address).status_code == 200, address


def test_what_the_import_says_at_the_end(follower: Follower) -> None:
    said = follower.said[IMPORT].splitlines()[-1]
    assert f"`{said}`" in TEXT


def test_the_leader_has_no_more_than_the_tutorial_says(follower: Follower) -> None:
    browser = follower.client(LEADER)
    assert browser.get("/admin/t/vol_request/").status_code == 200
    assert browser.get("/admin/publication/").status_code == 200
    assert browser.get("/admin/t/vol_request/new/").status_code == 403
    assert browser.get("/admin/users/").status_code == 403


def test_two_people_make_the_view_public(follower: Follower) -> None:
    assert follower.app is not None
    engine: RecordEngine = follower.app.extensions[ENGINE]
    assert follower.client().get(PUBLIC).status_code == 404
    asked = requested(engine, caller(engine, STAFF), "vol_requests")
    approve(engine, asked, caller(engine, LEADER))
    assert follower.client().get(PUBLIC).status_code == 200
    assert PUBLIC in follower.client().get("/").text


def caller(engine: RecordEngine, email: str) -> Caller:
    with engine.database.snapshot() as connection:
        user_id = connection.scalar(select(SystemUser.id).where(SystemUser.email == email))
        assert user_id is not None
        found = load_caller(connection, user_id)
    assert found is not None
    return found.for_purpose("試験のため")


def test_make_run_takes_the_solutions_that_are_named() -> None:
    [line] = [line for line in TEXT.splitlines() if line.startswith("SOLUTIONS=solutions/")]
    value = line.partition("=")[2].partition(" ")[0]
    _, install = set_up_commands({"SOLUTIONS": value})
    folders = [Path(folder) for folder in install[2:]]
    assert [read_solution(folder).content.publisher_prefix for folder in folders] == [
        "kobe",
        "vol",
    ]
    assert set_up_commands({}) == (["setup"], ["demo", "install"])


def test_a_block_goes_to_the_end_of_its_part() -> None:
    lines = ["a:\n", "  b:  # of a\n", "    x: 1\n", "\n", "    y: 2\n", "  c: {}\n", "b: 3\n"]
    assert end_of(lines, ()) == 7
    assert end_of(lines, ("a",)) == 6
    assert end_of(lines, ("a", "b")) == 5
    with pytest.raises(AssertionError, match="no z"):
        end_of(lines, ("a", "z"))


def test_it_is_linked_where_documents_are_listed() -> None:
    assert "(tutorial.md)" in (ROOT / "docs" / "solutions.md").read_text("utf-8")


def test_its_pictures_are_there() -> None:
    named = re.findall(r"!\[[^]]+\]\((images/\S+)\)", TEXT)
    assert len(named) == 4
    assert [name for name in named if not (ROOT / "docs" / name).is_file()] == []
