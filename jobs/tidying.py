"""Everything that is kept for a while only, put away now instead of at its hour; and the question
whether anything personal is older than its rule allows (メンテナンス時に不要データを残さない).

It does what the recurring jobs do, and counts what is gone.
"""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from exchange.backups import places
from jobs.backup_keys import end_old_backups
from jobs.erasing import NotErased, erase_unconfirmed
from jobs.extracts import expire_extracts
from jobs.mail import Mailer
from jobs.purging import purge_intake
from jobs.queue import ClaimedJob
from jobs.registers import end_old, overdue
from jobs.retention.lateness import is_late, unsettled
from models.metadata.query import Query
from models.metadata.retention_coverage import without_rule
from models.records.engine import RecordEngine
from models.records.erasing.due import KEEPER, Standing, standing
from models.records.rekeying.month_keys import end_month_keys
from models.records.service import RecordService
from models.records.tallying import Tally
from models.security.contracts import today
from models.tables.applicants import AddressChange, ApplicantLink, ApplicantSession
from models.tables.base import new_id, utc_now
from models.tables.credentials import KnownDevice, PasskeyChallenge
from models.tables.extracts import ExtractPiece
from models.tables.intake import ConfirmationToken, FormSession, RateLimit
from models.tables.principals import StaffSession
from models.tables.record_data import SystemJob

KEPT_FOR_A_WHILE: Mapping[str, Any] = {
    "form sessions and their drafts": FormSession,
    "links to confirm an address": ConfirmationToken,
    "applicants' links": ApplicantLink,
    "applicants' sessions": ApplicantSession,
    "addresses to be confirmed": AddressChange,
    "counters of rate limits": RateLimit,
    "staff sessions": StaffSession,
    "passkey challenges": PasskeyChallenge,
    "browsers of staff": KnownDevice,
    "finished jobs": SystemJob,
    "pieces of exported files": ExtractPiece,
}
UNCONFIRMED, LEFT_FILES = "records that nobody confirmed", "files that a broken command left"
LEFT_COPIES = "copies of the database that a broken command left"
OLD_ENTRIES = "entries of registers that are past their years"
OLD_BACKUPS = "keys of backups that are past their days"
OLD_MONTHS = "keys of past months that nothing names"
DRAFT = re.compile(r"\..+\.[0-9a-z_]{8,32}")
"""As files are called until they are whole."""
LEFT_AFTER = 24 * 3600.0
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tidied:
    gone: Mapping[str, int]
    """How much of each kind."""
    refused: str
    """What could not be erased; "" where all was."""


def tidy(engine: RecordEngine, mailer: Mailer, folder: Path) -> Tidied:
    before = _counts(engine)
    job, refused = _at_once(), ""
    try:
        erase_unconfirmed(engine, mailer, job)
    except NotErased as error:
        refused = str(error)
    expire_extracts(engine, mailer, job)
    purge_intake(engine, mailer, job)
    after = _counts(engine)
    gone = {name: max(0, count - after[name]) for name, count in before.items()}
    left = list(_left(folder))
    for path in left:
        path.unlink()
    gone |= {LEFT_FILES: len(left), LEFT_COPIES: _copies_put_away(folder)}
    gone[OLD_ENTRIES] = sum(end_old(engine).values())
    gone[OLD_BACKUPS] = end_old_backups(engine, days=mailer.settings.backup_days)
    gone[OLD_MONTHS] = len(end_month_keys(engine))
    return Tidied(gone, refused)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is older than it may be."""

    rules: list[Standing]
    is_late: bool
    """The nightly search for what is due did not run."""
    jobs_overdue: int
    unproved: int
    """Erasures whose proof failed, and nobody said what was done about it."""
    registers_overdue: int
    """Entries of registers that are past their years."""
    without_rule: Mapping[str, int]
    """Entities with personal data that no rule ends, and how many records they have."""

    @property
    def are_none(self) -> bool:
        is_any = any(one.overdue or one.undated for one in self.rules)
        is_any = is_any or any(self.without_rule.values()) or self.is_late
        return not (is_any or self.jobs_overdue or self.unproved or self.registers_overdue)


def check(engine: RecordEngine) -> Findings:
    def look(service: RecordService) -> tuple[list[Standing], bool, dict[str, int]]:
        rules = service.catalog.retention_rules.values()
        found = [standing(service, rule, on=today()) for rule in rules]
        names = [one.logical_name for one in without_rule(service.catalog)]
        counts = {name: _count_of(service, name) for name in names}
        return found, bool(found) and is_late(service), counts

    rules, late_night, unruled = engine.run(look)
    old_entries = engine.run(overdue)
    from_recurrences = SystemJob.recurrence.is_not(None), SystemJob.state == "READY"
    late = select(func.count()).where(*from_recurrences, SystemJob.due_on < utc_now() - DAY)
    with engine.database.reading() as connection:
        jobs, unproved = (connection.scalar(one) or 0 for one in (late, unsettled()))
        return Findings(rules, late_night, jobs, unproved, old_entries, unruled)


def _counts(engine: RecordEngine) -> dict[str, int]:
    with engine.database.reading() as connection:
        found = {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in KEPT_FOR_A_WHILE.items()
        }
    return found | {UNCONFIRMED: engine.run(_unconfirmed)}


def _unconfirmed(service: RecordService) -> int:
    entities = {
        form.entity for form in service.catalog.forms.values() if form.confirmation is not None
    }
    return sum(_count_of(service, one) for one in entities)


def _count_of(service: RecordService, entity: str) -> int:
    return int(service.tally(KEEPER, Tally(query=Query(entity=entity))).get((), 0))


def _left(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        is_old = path.is_file() and path.stat().st_mtime < time.time() - LEFT_AFTER
        if is_old and DRAFT.fullmatch(path.name):
            yield path


def _copies_put_away(folder: Path) -> int:
    """Whole copies, unsealed: of a backup that was being made or put back."""
    before = set(folder.glob(".*"))
    places.put_away(folder)
    return len(before - set(folder.glob(".*")))


def _at_once() -> ClaimedJob:
    return ClaimedJob(
        id=new_id(),
        kind="tidy",
        name="tidy",
        recurrence=None,
        due_on=utc_now(),
        record_id=None,
        payload=None,
        attempts=1,
        message="",
    )
