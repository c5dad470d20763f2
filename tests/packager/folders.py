"""Copies of Kobe's solution to be edited as an engineer would, and a look at what is stored."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import MetaData, select

from models.tables.session import Database

KOBE = Path(__file__).parents[2] / "solutions" / "kobe_support"
ENTITY_FILE = "entities/kobe_application.yaml"
FORM_FILE = "forms/kobe_application.yaml"
Change = Callable[[Any], object]
"""Changes what a file says, in place."""


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def copy_of_kobe(folder: Path) -> Path:
    return Path(shutil.copytree(KOBE, folder / "kobe_support"))


def said(folder: Path, file_name: str) -> Any:
    return yaml.safe_load((folder / file_name).read_text(encoding="utf-8"))


def say(folder: Path, file_name: str, content: object) -> None:
    text = yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False)
    (folder / file_name).write_text(text, encoding="utf-8")


def edit(folder: Path, file_name: str, change: Change) -> None:
    content = said(folder, file_name)
    change(content)
    say(folder, file_name, content)


def attributes(content: Any) -> Any:
    """Of the entity, in ENTITY_FILE."""
    return content["kobe_application"]["attributes"]


def controls(content: Any, section: int = 0) -> Any:
    """Of the public form, in FORM_FILE."""
    return content["kobe_application"]["sections"][section]["controls"]


def contents(database: Database, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every table with its columns, indexes and rows; ids that mean nothing may be left out."""
    known, found = MetaData(), dict[str, Any]()
    with database.reading() as connection:
        known.reflect(connection, resolve_fks=False)
        for name, table in known.tables.items():
            columns = [column for column in table.columns if column.name not in without]
            rows = sorted(map(repr, connection.execute(select(*columns)))) if columns else []
            indexes = sorted(str(index.name) for index in table.indexes)
            found[name] = ([column.name for column in table.columns], indexes, rows)
    return found
