"""A mistake in a solution is told with its file and place, and changes nothing at all.

By name, what people get wrong; by chance, anything instead of anything.
"""

import copy
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from models.metadata.errors import DefinitionError
from models.tables.session import Database
from packager.installing import check, install
from tests.packager.breakages import BREAKAGES as COMMON
from tests.packager.conftest import with_kobe
from tests.packager.derived_breakages import DERIVED
from tests.packager.folders import ENTITY_FILE, KOBE, contents, copy_of_kobe, edit, said, say
from tests.packager.retention_breakages import RETENTION
from tests.support.databases import sqlite_file

WRONG: list[object] = [
    None, True, -1, 10**17, 1.5, "", "x", "長" * 5000, "{", [], ["x"], [[]], {}, {"x": 1},
    [{"x": 1}], "kobe_email", "createdon",
]  # fmt: skip
Place = tuple[str | int, ...]
FILES = {
    str(path.relative_to(KOBE)): yaml.safe_load(path.read_text()) for path in KOBE.rglob("*.yaml")
}


def refusal(database: Database, folder: Path) -> str:
    with pytest.raises(DefinitionError) as refused:
        install(database, folder)
    return str(refused.value)


def verdict(folder: Path) -> str:
    """What a check says; nothing if it finds no mistake."""
    try:
        check(folder)
    except DefinitionError as error:
        return str(error)
    return ""


def places(found: object, place: Place = ()) -> Iterator[Place]:
    """Every place in a file's content."""
    yield place
    if isinstance(found, dict | list):
        for key in found if isinstance(found, dict) else range(len(found)):
            yield from places(found[key], (*place, key))


def replaced(content: Any, place: Place, value: object) -> object:
    if not place:
        return value
    changed = copy.deepcopy(content)
    at = changed
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return changed


BREAKAGES = COMMON | DERIVED | RETENTION
PLACES = [(name, place) for name, content in FILES.items() for place in places(content)]


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Kobe's solution, for imports that are refused."""
    yield from with_kobe(sqlite_file(tmp_path_factory.mktemp("on_sqlite")))


@pytest.mark.parametrize("mistake", BREAKAGES)
def test_a_mistake_is_told_with_its_place(on_sqlite: Database, folder: Path, mistake: str) -> None:
    broken = BREAKAGES[mistake]
    edit(folder, broken.file, broken.change)
    message = refusal(on_sqlite, folder)
    file = broken.told or broken.file
    place = re.match(rf"{re.escape(file)}:(\d+)", message)
    assert place is not None, message
    assert 0 < int(place[1]) <= len((folder / file).read_text(encoding="utf-8").splitlines())
    assert broken.place in message.replace(file, "")
    assert "\n" not in message


def test_no_mistake_changes_anything(untouched: Database, tmp_path: Path) -> None:
    before = contents(untouched)
    for number, broken in enumerate(list(BREAKAGES.values())[::27]):
        folder = copy_of_kobe(tmp_path / str(number))
        edit(folder, broken.file, broken.change)
        refusal(untouched, folder)
    assert contents(untouched) == before


@settings(max_examples=40)
@given(where=st.sampled_from(PLACES), value=st.sampled_from(WRONG))
def test_anything_instead_of_anything_is_taken_or_refused_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, where: tuple[str, Place], value: object
) -> None:
    name, place = where
    folder = copy_of_kobe(tmp_path_factory.mktemp("broken"))
    say(folder, name, replaced(FILES[name], place, value))
    told = verdict(folder)
    assert told == "" or re.match(r"[a-z_/]+\.yaml:\d+[: ]", told), told


def test_a_name_in_two_files_is_refused(on_sqlite: Database, folder: Path) -> None:
    say(folder, "entities/again.yaml", said(folder, ENTITY_FILE))
    message = refusal(on_sqlite, folder)
    assert "entities/again.yaml" in message
    assert ENTITY_FILE in message


@pytest.mark.parametrize(
    "name",
    ["view.yaml", "views.yml", "Roles.yaml", "entities/x.yml", "entitys/x.yaml", "fr/views.yaml"],
)
def test_a_file_that_nobody_would_read_is_refused(
    on_sqlite: Database, folder: Path, name: str
) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    say(folder, name, {})
    assert name in refusal(on_sqlite, folder)


def test_other_files_may_lie_beside(folder: Path) -> None:
    for name in ("README.md", "entities/notes.txt", ".hidden.yaml"):
        (folder / name).write_text("[: not read")
    assert check(folder).version == 1


def test_links_out_of_the_folder_are_refused(
    on_sqlite: Database, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    for name in ("masking.yaml", "entities/more.yaml"):
        target = tmp_path / "elsewhere" / Path(name).name
        target.write_text("{}")
        (folder / name).symlink_to(target)
        assert f"{name}: it leads out" in refusal(on_sqlite, folder)
        (folder / name).unlink()


def test_a_linked_folder_is_refused(on_sqlite: Database, folder: Path, tmp_path: Path) -> None:
    (folder / "forms").rename(tmp_path / "forms")
    (folder / "forms").symlink_to(tmp_path / "forms", target_is_directory=True)
    assert "forms/kobe_application.yaml: it leads out" in refusal(on_sqlite, folder)


def test_links_within_the_folder_are_followed(folder: Path) -> None:
    (folder / "views.yaml").rename(folder / "views-1")
    (folder / "views.yaml").symlink_to("views-1")
    assert FILES["views.yaml"].keys() <= check(folder).views.keys()


@pytest.mark.parametrize("kind", ["folder", "pipe", "dangling"])
def test_what_is_no_file_is_refused(on_sqlite: Database, folder: Path, kind: str) -> None:
    path = folder / "masking.yaml"
    make = {
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "dangling": lambda: path.symlink_to(folder / "nowhere"),
    }
    make[kind]()
    assert "masking.yaml" in refusal(on_sqlite, folder)


def test_a_folder_without_a_solution_is_refused(on_sqlite: Database, tmp_path: Path) -> None:
    assert "there is no solution.yaml" in refusal(on_sqlite, tmp_path)
