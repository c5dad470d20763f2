"""Carrying out what is approved: the records of all erasures end, then the files are rewritten
once for all of them, and each is proved and certified.

Rewriting stops who writes for as long as it takes, and that grows with the database: a large one
is done by night only.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from jobs.retention.certifying import Certifying
from jobs.retention.claims import CLAIM, CLAIM_WHILE_REWRITING, claim, open_erasures
from jobs.retention.ending import Ending, Lost
from models.records.engine import RecordEngine
from models.records.erasing.along import tables_along
from models.tables.base import new_id
from models.tables.rewriting import rewrite, size_of
from models.tables.session import Database

BACKUP_DAYS = 35
"""The setting's own default, for who knows no settings."""
REWRITTEN_BY_DAY = 64 * 1024 * 1024
"""Bytes: about a second."""


def is_done_by_day(database: Database) -> bool:
    """Whether what is approved may be carried out at once."""
    return size_of(database) <= REWRITTEN_BY_DAY


def carry_out(
    engine: RecordEngine, *, by: UUID | None = None, backup_days: int = BACKUP_DAYS
) -> int:
    """All erasures that are approved and that no other job has; how many records went. `by` is the
    job that does it; `backup_days` the setting, for the certificate."""
    claimant = by or new_id()
    ended = list(_ended(engine, claimant))
    if not ended:
        return 0
    tables = _tables(engine, [ending for _, ending in ended])
    rewritten = rewrite(engine.database, tables)
    return sum(
        Certifying(engine, erasure, ending, backup_days=backup_days).run(
            claimant, rewritten=rewritten
        )
        for erasure, ending in ended
    )


def _ended(engine: RecordEngine, claimant: UUID) -> Iterator[tuple[Any, Ending]]:
    """Those of which nothing waits any more, each claimed until its certificate is signed."""
    for erasure in open_erasures(engine):
        if not _claimed(engine, erasure.id, claimant, lasting=CLAIM):
            continue
        ending = Ending(engine, erasure, claimant)
        try:
            ending.run()
        except Lost:
            continue
        if _claimed(engine, erasure.id, claimant, lasting=CLAIM_WHILE_REWRITING):
            yield erasure, ending


def _claimed(
    engine: RecordEngine, erasure_id: UUID, claimant: UUID, *, lasting: timedelta
) -> bool:
    return engine.database.run(lambda one: claim(one, erasure_id, claimant, lasting=lasting))


def _tables(engine: RecordEngine, endings: list[Ending]) -> list[Table]:
    found = [one for ending in endings for one in tables_along(engine.catalog, ending.entity)]
    return list(dict.fromkeys(found))
