"""What an applicant may see and do of their own application, by the link in a mail: as data.

It says what and while which options hold; that nothing else is seen or done is the engine's to
see to (`models/security/applicants.py`), how it looks the public pages'.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from models.metadata.labels import Label

Options = Mapping[str, frozenset[int]]
"""By attribute the options of which a record must have one; all of it holds. Never none stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldState:
    """What an applicant is told while `when` holds: the office's own words stay inside."""

    label: Label
    when: Options
    text: Label = Label("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    attributes: tuple[str, ...]
    when: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """`status` is the status reason that an application gets by being withdrawn."""

    status: int
    when: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfService:
    days: int
    """How long a link is good."""
    shows: tuple[str, ...]
    """Attributes shown beside what the form asks, or in its place; none stated: what it asks."""
    states: tuple[ToldState, ...]
    """The first one that holds is told; where none does, nothing is."""
    correction: Correction | None = None
    withdrawal: Withdrawal | None = None
    erasure_days: int | None = None
    """Within how many days the office decides on a request for erasure; None: it is not asked."""
    requests: tuple[str, ...] = ()
    """What may be asked for under the law on personal data."""
