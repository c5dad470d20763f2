"""Suggestions as data: which records of one entity might go with a record of another, and why.

Whether they do is for people to say; what they agree on is a record of a third entity that points
to both.
"""

from dataclasses import dataclass

from models.metadata.labels import Label
from models.metadata.query import Filter


@dataclass(frozen=True, slots=True)
class SharedTrait:
    """What both have in common: one of the record's values is one of the candidate's."""

    attribute: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRule:
    name: str
    entity: str
    display_name: Label
    candidates: str
    """The entity whose records are suggested."""
    filter: Filter = Filter()
    """Which of them come into question."""
    traits: tuple[SharedTrait, ...]
    joined_by: str = ""
    """The entity that brings both together, by a Lookup to each."""
