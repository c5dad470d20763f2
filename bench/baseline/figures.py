"""The baseline's figures: the same records through its own ways; a part of them, it is slow."""

import threading
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.baseline.app import Application, create_app, db
from bench.browsing import Visitor
from bench.load import CONCURRENCY
from bench.measuring import Latencies, forget_peaks, peak_megabytes, timed
from bench.server import free_port, serving

BASELINE_ROWS = 20_000
BATCH = 1000
PREFIX = "kobe_"
NAMES = ("organizationname", "nickname", "email", "phone", "websiteurl", "catchphrase", "category")


def values_of(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record.get(PREFIX + name) for name in (*NAMES, "body")}


class Baseline:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        path = folder.resolve() / "baseline.db"
        self._app = create_app(path)
        self._application = f"bench.baseline.app:create_app('{path}')"

    def create(self, records: Sequence[dict[str, Any]]) -> float:
        """Records per second, a thousand a commit."""
        started = time.perf_counter()
        for start in range(0, len(records), BATCH):
            batch = records[start : start + BATCH]
            with self._app.app_context():
                db.session.add_all(Application(**values_of(record)) for record in batch)
                db.session.commit()
        return len(records) / (time.perf_counter() - started)

    def some_emails(self, count: int) -> list[str]:
        with self._app.app_context():
            return list(db.session.scalars(select(Application.email).limit(count)))

    def search(self, emails: Sequence[str]) -> Latencies:
        return timed(lambda number: self._find(emails[number]), range(len(emails)))

    def submitting(
        self, records: Sequence[dict[str, Any]], *, opens: bool = False
    ) -> tuple[float, Latencies]:
        """POSTs per second, and their latencies; with `opens` the form is fetched before each."""
        port = free_port()
        with serving(self._application, port, {}):
            latencies, seconds = _post_all(port, records, opens=opens)
        return len(records) / seconds, latencies

    def listing(self) -> Latencies:
        """Its list page, as Flask-Admin has it."""
        port = free_port()
        with serving(self._application, port, {}):
            visitor = Visitor(HTTPConnection("127.0.0.1", port, timeout=60), address="10.0.0.1")
            path = "/admin/applications/?page_size=50"
            assert visitor.get(path).status == 200
            return timed(lambda _: visitor.get(path), range(100))

    def exporting(self) -> tuple[float, float]:
        """Flask-Admin's own export: rows per second, and the largest process's megabytes."""
        port = free_port()
        with serving(self._application, port, {}) as server:
            forget_peaks(server.workers)
            rows_per_second = _export(port)
            return rows_per_second, peak_megabytes(server.workers)

    def _find(self, email: str) -> list[Application]:
        with self._app.app_context():
            statement = select(Application).where(Application.email == email)
            return list(db.session.scalars(statement))


def _post_all(
    port: int, records: Sequence[dict[str, Any]], *, opens: bool
) -> tuple[Latencies, float]:
    found, waiting, lock = Latencies(), iter(records), threading.Lock()

    def person() -> None:
        visitor = Visitor(HTTPConnection("127.0.0.1", port, timeout=60), address="10.0.0.1")
        while True:
            with lock:
                record = next(waiting, None)
            if record is None:
                return
            given = {k: str(v) for k, v in values_of(record).items() if v is not None}
            started = time.perf_counter()
            if opens:
                found.errors += visitor.get("/apply").status != 200
            found.errors += visitor.post("/apply", given).status != 303
            found.seconds.append(time.perf_counter() - started)

    started = time.perf_counter()
    people = [threading.Thread(target=person) for _ in range(CONCURRENCY)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return found, time.perf_counter() - started


def _export(port: int) -> float:
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    started = time.perf_counter()
    connection.request("GET", "/admin/applications/export/csv/")
    body = connection.getresponse().read()
    return (body.count(b"@example.jp") or 1) / (time.perf_counter() - started)
