"""The repository's own promises: few commands, each explained; every package pinned by hash."""

import re

import pytest

from tests.architecture.house import ROOT, repository_files

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
LOCKED = ("requirements", "requirements-dev", "requirements-pdf", "requirements-scan")
TOGETHER = LOCKED[:2]
"""Installed into one environment; the scanners have one of their own."""
MOST_TARGETS = 10


def names_in(text: str) -> set[str]:
    """The packages a requirements file names, normalised as package indexes do."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)", text, flags=re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def test_every_command_is_explained_and_there_are_few() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)
    explained = re.findall(r"^([a-z]+):.*## \S", MAKEFILE, flags=re.MULTILINE)
    assert phony is not None
    assert sorted(explained) == sorted(phony[1].split())
    assert len(explained) <= MOST_TARGETS


@pytest.mark.parametrize("name", LOCKED)
def test_what_is_asked_for_is_locked(name: str) -> None:
    asked = names_in((ROOT / f"{name}.in").read_text("utf-8"))
    assert asked
    assert asked <= names_in((ROOT / f"{name}.txt").read_text("utf-8"))


@pytest.mark.parametrize("name", LOCKED)
def test_every_locked_package_is_pinned_by_hash(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text("utf-8")
    for entry in re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip()):
        assert re.match(r"[\w.-]+==[\w.]+ \\\n\s+--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


@pytest.mark.parametrize("name", LOCKED)
def test_a_lock_file_names_no_place_to_fetch_from(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text("utf-8")
    assert not re.search(r"^--|://|find-links|index-url", text, flags=re.MULTILINE)


def test_development_locks_the_same_versions() -> None:
    pins = [
        dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / f"{name}.txt").read_text("utf-8"), re.M))
        for name in TOGETHER
    ]
    shared = pins[0].keys() & pins[1].keys()
    assert shared
    assert {name: pins[0][name] for name in shared} == {name: pins[1][name] for name in shared}


def test_scripts_can_be_run() -> None:
    scripts = [path for path in repository_files() if path.read_bytes().startswith(b"#!")]
    assert ROOT / ".ci" / "run" in scripts
    assert [path.name for path in scripts if not path.stat().st_mode & 0o100] == []


def test_every_test_folder_is_a_package() -> None:
    """Without an __init__.py two test files of one name hide each other."""
    tests = [path for path in repository_files() if path.name.startswith("test_")]
    folders = {path.parent for path in tests if path.suffix == ".py"}
    assert [str(f) for f in sorted(folders) if not (f / "__init__.py").exists()] == []
