"""Duplicate detection rules as data: which records of an entity are likely one and the same.

(An alternate key is another thing: of what it names the database lets no second one in. A rule
here asks a person.)
"""

from dataclasses import dataclass
from enum import StrEnum

from models.metadata.labels import Label


class Match(StrEnum):
    """How two values of an attribute are compared."""

    EXACT = "exact"
    """The same value; of a sealed one, the same by its blind index's spelling."""
    SAME_TEXT = "same_text"
    """The same text, however it is written: width, kana, case, spaces and punctuation aside."""
    SAME_FIRST = "same_first"
    """The first characters of what SAME_TEXT compares."""
    SAME_LAST = "same_last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    attribute: str
    match: Match = Match.EXACT
    length: int = 0
    """How many characters, for SAME_FIRST and SAME_LAST."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRule:
    """Two records are likely duplicates if every criterion finds them alike."""

    name: str
    entity: str
    display_name: Label
    criteria: tuple[Criterion, ...]
    ignore_blank: bool = True
    """A record without one of the values is like no other; else nothing is like nothing, though
    a record without any of them is like no other still."""
    active_only: bool = True
    merged_status: int | None = None
    """The status reason of a record that was merged into another; None: the first inactive."""
