"""Erasing: one record, and ten thousand by a retention rule, from the approval to the certificate.

The last figures of a run: what is erased is not there for others.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import update

from bench.installation import ENTITY, Installation
from bench.measuring import Table, timed
from jobs.retention.carrying_out import carry_out
from jobs.retention.proposing import propose
from models.metadata.query import Query
from models.records.changes import Deletion
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import utc_now
from models.tables.retention import APPROVED, Erasure

SINGLE, MANY = 100, 10_000
CLOSED, LONG_AGO = 5, datetime(2015, 6, 1, tzinfo=UTC)
ERASER = Caller.system("measuring")


def erasing(table: Table, installation: Installation) -> None:
    table.section("Erasing: keys destroyed, rows, index entries and mails deleted, audit")
    engine = installation.engine
    ids = engine.run(lambda service: _ids(service, SINGLE))

    def erase(place: int) -> None:
        batch = [Deletion(ids[place])]
        engine.run(lambda service: service.delete_multiple(ERASER, ENTITY, batch))

    table.add("one record", timed(erase, range(SINGLE)).spread)
    propose(engine)  # what the figures before closed gets its day now
    closed = engine.run(lambda service: _ids(service, MANY))
    rows = engine.catalog.tables.entities[ENTITY]
    for start in range(0, len(closed), 500):
        some = rows.c.id.in_(closed[start : start + 500])
        statement = update(rows).where(some).values(statuscode=CLOSED, kobe_closedon=LONG_AGO)
        engine.database.run(lambda t, statement=statement: t.write(statement))
    started = time.perf_counter()
    propose(engine)
    proposed = time.perf_counter() - started
    decided = {"state": APPROVED, "decided_by": installation.official.id, "decided_on": utc_now()}
    engine.database.run(lambda t: t.write(update(Erasure).values(**decided)))
    started = time.perf_counter()
    gone = carry_out(engine)
    seconds = time.perf_counter() - started
    table.add("found by the rule", f"{len(closed) / proposed:,.0f} records/s")
    table.add(
        "erased, files rewritten, proved, certified",
        f"{gone / seconds:,.0f} records/s",
        f"{gone:,} in {seconds:.1f} s",
    )


def _ids(service: RecordService, count: int) -> list[UUID]:
    found: list[UUID] = []
    query = Query(entity=ENTITY, columns=("versionnumber",), page_size=1000)
    while len(found) < count:
        page = service.retrieve_multiple(ERASER, query)
        found += [one for record in page.records if isinstance(one := record["id"], UUID)]
        if page.next is None:
            break
        query = replace(query, after=page.next)
    return found[:count]
