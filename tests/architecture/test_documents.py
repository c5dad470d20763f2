"""The documents can be followed: links lead somewhere, pictures are shown, commands are there.

The README stays short enough to be read; what it calls a command is one of `flask`.
"""

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from cli.commands import install_commands
from tests.architecture.house import ROOT, repository_files

README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [path for path in repository_files() if path.suffix == ".md"]
MOST_LINES_OF_README = 170
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
COMMAND = re.compile(r"(?:flask|uketsuke) ([a-z]+) ([a-z]+)")
ALONE = {"setup", "worker"}


def linked(document: Path) -> list[Path]:
    return [document.parent / one for one in LINK.findall(document.read_text("utf-8"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    assert [str(path) for path in linked(document) if not path.exists()] == []


def test_every_document_and_picture_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop().resolve()
        if path in reached:
            continue
        reached.add(path)
        found = linked(path) if path.suffix == ".md" else []
        waiting += [one for place in found for one in ([place, *place.glob("*.md")])]
    kept = {path for path in repository_files() if path.is_relative_to(ROOT / "docs")}
    assert kept
    assert [str(path) for path in kept - reached] == []


def test_every_picture_of_the_readme_says_what_it_shows() -> None:
    assert len(PICTURE.findall(README)) > 3
    assert [path for text, path in PICTURE.findall(README) if len(text) < 5] == []


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len(README.splitlines()) <= MOST_LINES_OF_README


def test_every_command_the_readme_names_is_there() -> None:
    app = Flask(__name__)
    install_commands(app)
    named = {pair for pair in COMMAND.findall(README) if pair[0] not in ALONE}
    assert len(named) > 5
    for group, command in named:
        commands = app.cli.commands[group]
        assert isinstance(commands, click.Group)
        assert command in commands.commands, f"flask {group} {command}"
