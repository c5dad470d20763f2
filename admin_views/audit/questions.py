"""What entries are asked for, in values of the columns: made of texts by `filters`, answered by
`finding`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Who:
    """Whose entries: an account's, a supporter's (of one, or of any), or those of nobody who has
    an account."""

    side: Literal["caller", "supporter"]
    account: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything that is asked at once; what is None or empty narrows nothing."""

    who: Who | None = None
    record: UUID | None = None
    subjects: frozenset[int] | None = None
    """Numbers of what entries are about (see models/records/audit_subjects)."""
    actions: tuple[str, ...] = ()
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is not meant."""
    is_outside_hours: bool = False
    before: int | None = None
    """Entries with a smaller number."""
