"""What the access log is asked for after an incident: whose reading, within which time; or one
extract. As a value, as it is kept, and as a form sends it.

It holds ids and times, never a value of a record.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import Problem, ValidationFailed
from models.metadata.labels import Label

ACCOUNT, CONTRACTOR = Label("アカウント", "Account"), Label("委託事業者", "Contractor")
EXTRACT = Label("ファイル出力", "Extract")
SINCE, UNTIL = Label("開始日時", "From (time)"), Label("終了日時", "Until (time)")
SOMETHING = Label("調べる対象", "What to look for")
IDS = {"account": ACCOUNT, "contractor": CONTRACTOR, "extract": EXTRACT}
TIMES = {"since": SINCE, "until": UNTIL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """Accounts, and times; all of everybody's where neither names somebody."""

    account: UUID | None = None
    contractor: UUID | None = None
    extract: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) is not None for one in fields(self))

    @property
    def is_of_readers(self) -> bool:
        """Whether reading is asked for at all, and not an extract alone."""
        return any((self.account, self.contractor, self.since, self.until))

    def stored(self) -> dict[str, str]:
        """As it is kept and audited."""
        ids = {name: str(one) for name in IDS if (one := getattr(self, name))}
        return ids | {name: one.isoformat() for name in TIMES if (one := getattr(self, name))}


def kept(text: str) -> Suspicion:
    found: dict[str, str] = json.loads(text)
    ids = {name: UUID(found[name]) for name in IDS if name in found}
    times = {name: datetime.fromisoformat(found[name]) for name in TIMES if name in found}
    return Suspicion(**ids, **times)  # type: ignore[arg-type]  # the fields' own names


def sent(typed: Mapping[str, str]) -> Suspicion:
    """Raises ValidationFailed by control."""
    problems = list(_problems(typed))
    if problems:
        raise ValidationFailed(problems)
    ids = {name: UUID(typed[name]) for name in IDS if typed.get(name)}
    times = {name: read_moment(typed[name]) for name in TIMES if typed.get(name)}
    return Suspicion(**ids, **times)  # type: ignore[arg-type]  # the fields' own names


def read_moment(text: str) -> datetime | None:
    """A time as a control for times sends it, by the office's clock; None for none."""
    try:
        found = datetime.fromisoformat(text.strip())
        return found.replace(tzinfo=LOCAL_ZONE) if found.tzinfo is None else None
    except ValueError:
        return None


def _problems(typed: Mapping[str, str]) -> Iterator[Problem]:
    for name, label in IDS.items():
        if typed.get(name) and not _is_id(typed[name]):
            yield Problem(name, "unknown_option", label)
    for name, label in TIMES.items():
        if typed.get(name) and read_moment(typed[name]) is None:
            yield Problem(name, "time", label)
    since, until = (read_moment(typed.get(name, "")) for name in TIMES)
    if since and until and until <= since:
        yield Problem("until", "ends_before_it_begins", UNTIL)
    if not any(typed.get(name) for name in (*IDS, *TIMES)):
        yield Problem("account", "choose", SOMETHING)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
