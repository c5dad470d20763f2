"""Filling the databases: bulk create, the service and the limit by turns, a chunk each."""

import sys
import time

from bench.baseline.figures import BASELINE_ROWS, Baseline
from bench.installation import Installation
from bench.limit import Limit
from bench.measuring import Table, verdict

CHUNK = 20_000
AIM = 0.5


def fill(
    table: Table | None,
    rows: int,
    *,
    installation: Installation,
    limit: Limit | None = None,
    baseline: Baseline | None = None,
) -> None:
    """Create `rows` applications; their mails wait in the outbox."""
    ours = raw = usual = 0.0
    for start in range(0, rows, CHUNK):
        samples = installation.samples(min(CHUNK, rows - start), seed=start)
        if limit is not None:
            raw += len(samples) / limit.write(samples)
        started = time.perf_counter()
        installation.create(samples)
        ours += time.perf_counter() - started
        if baseline is not None and start < BASELINE_ROWS:
            usual = baseline.create(samples)
        print(f"\r{start + len(samples):,} created", end="\r", file=sys.stderr, flush=True)
    if table is None:
        return
    share = raw / ours
    table.section(
        "Bulk create: record, key, two index rows, match code, audit entry, sealed mail, its link"
    )
    table.add(
        "records/s",
        f"{rows / ours:,.0f}",
        f"limit {rows / raw:,.0f}, baseline {usual:,.0f}",
        verdict(f"{share:.2f} of the limit (≥ {AIM})", reached=share >= AIM),
    )
