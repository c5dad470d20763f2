"""A paper as a plain value: a title, and sections of rows under the same columns, in words.

It knows no page and no file; what it says is its maker's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from models.metadata.labels import Label

NONE = Label("なし", "None")
TO_FILL_IN = Label("（要記入）", "(to be filled in)")
"""For what no definition knows and nobody stated."""
SECTION = Label("区分", "Section")
LINE = "\n"


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    title: str
    introduction: str
    columns: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def lines(self) -> Iterator[tuple[str, ...]]:
        """For a file of one table: each row behind its section's title; a note as a row of its
        own."""
        rest = ("",) * (len(self.columns) - 1)
        for section in self.sections:
            yield from ((section.title, *row) for row in section.rows)
            if section.note:
                yield (section.title, section.note, *rest)


def joined(texts: "Iterator[str] | list[str]", language: str) -> str:
    """Several things in one cell, each on a line of its own; "none" where there is none."""
    found = [text for text in texts if text]
    return LINE.join(found) if found else NONE.text(language)
