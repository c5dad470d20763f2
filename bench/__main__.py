"""“make bench”: every figure the service promises, beside its limit or baseline, in one run.

ROWS=1000000 measures a larger database. All is made in a folder of its own and thrown away; the
exit status is 1 if a figure was missed.
"""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.access_figures import lists_by_access_level
from bench.audit_figures import cost_of_audit
from bench.backup_figures import backups
from bench.baseline.figures import BASELINE_ROWS, Baseline
from bench.dashboard_figures import dashboard
from bench.erasure_figures import erasing
from bench.extract_figures import extracts
from bench.filling import fill
from bench.http_figures import back_office, export_over_http, public_form
from bench.installation import Installation
from bench.limit import Limit
from bench.measuring import Table
from bench.record_figures import exports, lists_and_search
from bench.rotation_figures import rotations
from bench.server import free_port
from bench.sign_in_figures import sign_ins

ROOT = Path(__file__).parents[1]


def main(rows: int) -> int:
    table = Table()
    with _folder() as folder:
        print(f"{rows:,} applications of 2 KB; {os.cpu_count()} cores; SQLite, synchronous=FULL")
        installation = Installation(folder / "service", free_port())
        limit = Limit(folder / "limit", service=folder / "service")
        baseline = Baseline(folder / "baseline")
        _settle()
        fill(table, rows, installation=installation, limit=limit, baseline=baseline)
        public_form(table, installation, baseline)
        lists_and_search(table, installation, baseline, rows=rows)
        back_office(table, installation, baseline)
        exports(table, installation, limit, keys="record", aim=0.60)
        export_over_http(table, installation, baseline)
        extracts(table, installation, rows=rows)
        sign_ins(table, installation)
        cost_of_audit(table, installation)
        lists_by_access_level(table, installation, rows=rows)
        dashboard(table, installation)
        backups(table, installation, folder / "backed up")
        erasing(table, installation)
        rotations(table, installation, folder)
        month = Installation(folder / "month", free_port(), key_bucket="month")
        fill(None, rows, installation=month)
        limit.seal_with_one_key()
        exports(table, month, limit, keys="month", aim=0.75)
    print(f"The baseline was measured with {min(rows, BASELINE_ROWS):,} applications.")
    return 1 if table.has_missed else 0


def _settle() -> None:
    """As `create_app` does for a process of its own."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@contextmanager
def _folder() -> Iterator[Path]:
    """On the disk the repository is on: a folder in memory would make every commit free."""
    place = ROOT / "instance"
    place.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(int(os.environ.get("ROWS") or 100_000)))
