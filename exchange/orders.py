"""What is to leave as a file: which records, what for, for whom, in which form.

A plain value that every door states; whether it may is the rule's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from exchange.formats import format_named
from models.metadata.errors import Problem, ValidationFailed
from models.metadata.labels import Label
from models.metadata.query import Query
from models.security.contracts import today
from models.tables.extracts import LONGEST_STATEMENT

PURPOSE = Label("利用目的", "Purpose")
RECIPIENT = Label("提供先", "Recipient")
KEEP_UNTIL = Label("利用期限", "To be kept until")
LONGEST_KEPT = 366
"""Days: who needs a file for longer asks for a newer one."""


class Door(StrEnum):
    """How a file leaves. From the shell it is whoever administers the machine that takes it:
    nothing there could ask another person. To the person it is given because they asked what is
    held on them (開示)."""

    REQUEST = "request"
    PAGE = "page"
    SHELL = "shell"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """What is to be exported, what for and for whom."""

    query: Query
    purpose: str
    recipient: str
    view: str = ""
    format: str = "csv"
    language: str = "ja"
    keep_until: date | None = None
    door: Door = Door.PAGE


def require_stated(order: ExportOrder) -> None:
    """Raise ValidationFailed where purpose, recipient or date are missing or of no use, and
    DefinitionError for an unknown format."""
    format_named(order.format)
    problems = list(_problems(order))
    if problems:
        raise ValidationFailed(problems)


def _problems(order: ExportOrder) -> Iterator[Problem]:
    stated = (("purpose", order.purpose, PURPOSE), ("recipient", order.recipient, RECIPIENT))
    for name, text, label in stated:
        if not text.strip():
            yield Problem(name, "required", label)
        elif len(text) > LONGEST_STATEMENT:
            parameters: dict[str, object] = {"maximum": LONGEST_STATEMENT, "length": len(text)}
            yield Problem(name, "too_long", label, parameters)
    if order.keep_until is None:
        if order.door is Door.REQUEST:
            yield Problem("keep_until", "required", KEEP_UNTIL)
    elif order.keep_until < today():
        yield Problem("keep_until", "day_past", KEEP_UNTIL)
    elif (order.keep_until - today()).days > LONGEST_KEPT:
        yield Problem("keep_until", "day_too_far", KEEP_UNTIL, {"maximum": LONGEST_KEPT})
