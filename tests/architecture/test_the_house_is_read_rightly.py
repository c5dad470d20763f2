"""The instrument itself: what counts as an import, a room, a length."""

from pathlib import Path

import pytest

from tests.architecture.house import LEVELS, ROOT, Module, function_length, imports

SAMPLE = '''"""A sample."""
from typing import TYPE_CHECKING

import models.tables.base
from crypto import envelope
from models.records.service import RecordService

if TYPE_CHECKING:
    from app import create_app


def late() -> None:
    from jobs import worker

    print(worker)
'''


@pytest.fixture
def sample(tmp_path: Path) -> Module:
    path = tmp_path / "sample.py"
    path.write_text(SAMPLE, encoding="utf-8")
    return Module("forms.sample", path)


def test_imports_within_functions_count_and_those_for_types_do_not(sample: Module) -> None:
    names = {"models.tables.base", "crypto.envelope", "models.records.service", "jobs.worker"}
    modules = {name: Module(name, ROOT / name) for name in names | {"app"}}
    assert imports(sample, modules) == names


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("config.settings", 0),
        ("crypto", 0),
        ("models.tables.session", 1),
        ("models.records.service", 4),
        ("forms.captcha.image", 5),
        ("app", 8),
        ("cli.development.inbox", 8),
    ],
)
def test_a_module_stands_on_its_room_s_level(name: str, level: int) -> None:
    assert Module(name, ROOT / "x.py").level == level


@pytest.mark.parametrize("name", ["models", "formation", "modelsx.tables", "application"])
def test_a_name_that_only_looks_alike_is_no_room(name: str) -> None:
    assert Module(name, ROOT / "x.py").room == ""


def test_no_room_is_on_two_levels() -> None:
    rooms = [room for level in LEVELS for room in level]
    assert len(rooms) == len(set(rooms))


def test_a_function_is_as_long_as_its_lines(sample: Module) -> None:
    assert [function_length(function) for function in sample.functions()] == [4]
