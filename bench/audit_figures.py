"""What the audit costs a write: the same records created with their entries and without them.

The service has no switch for it. Here the chain is left out by an `Auditing` of the bench, which
gathers entries as ever and appends none.
"""

import time
from collections.abc import Sequence
from typing import Any

from bench.installation import ENTITY, UNIT, Installation
from bench.measuring import Latencies, Table
from models.records.auditing import Auditing
from models.records.service import RecordService
from models.records.unit import UnitOfWork
from models.security.caller import Caller
from models.security.principals import owning
from models.tables.session import Transaction

SINGLE, BATCHES, BATCH = 400, 20, 1000


class Unchained(Auditing):
    def write(self, transaction: Transaction) -> None:
        self._entries.clear()


def cost_of_audit(table: Table, installation: Installation) -> None:
    table.section("What the audit costs a write: with its entry, and without")
    _compare(table, installation, "one record, one durable commit", size=1, times=SINGLE)
    _compare(table, installation, f"{BATCH} records, one commit", size=BATCH, times=BATCHES)


def _compare(
    table: Table, installation: Installation, what: str, *, size: int, times: int
) -> None:
    """By turns: whatever else the machine does slows both."""
    spent = {Auditing: Latencies(), Unchained: Latencies()}
    samples = installation.samples(2 * size * times, seed=11)
    for number, start in enumerate(range(0, len(samples), size)):
        kind = (Auditing, Unchained)[number % 2]
        seconds = _create(installation, kind, samples[start : start + size])
        spent[kind].seconds.append(seconds / size)
    audited, bare = (spent[kind].of(0.5) * 1000 for kind in (Auditing, Unchained))
    difference = f"{audited - bare:,.0f} µs a record, {audited / bare - 1:.0%}"
    table.add(what, f"p50 {audited:,.0f} µs a record", f"without {bare:,.0f} µs", difference)


def _create(
    installation: Installation, kind: type[Auditing], rows: Sequence[dict[str, Any]]
) -> float:
    engine = installation.engine
    with engine.database.reading() as connection:
        caller = owning(connection, Caller.system("measuring"), UNIT)
    catalog, secret = engine.catalog, engine.keyring.secret("audit")

    def work(transaction: Transaction) -> None:
        unit = UnitOfWork(catalog, transaction, engine.keyring, kind(secret, engine.subjects))
        RecordService(unit, engine.steps).create_multiple(caller, ENTITY, rows)
        unit.finish()

    started = time.perf_counter()
    engine.database.run(work)
    return time.perf_counter() - started
