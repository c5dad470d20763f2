"""Extracts built by workers: by the queue, taken over from one that was killed, never in clear."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from exchange.extracts.states import State
from exchange.samples import sample_values
from jobs.mail import Mailer
from jobs.queue import LEASE, MOST_ATTEMPTS
from jobs.worker import Worker
from models.records.engine import RecordEngine
from tests.exchange.extracts.office import (
    THING,
    Extraction,
    asked,
    erase,
    jobs_of,
    pieces,
    rows,
    things,
)
from tests.jobs.post import let_time_pass, platform_jobs, settings
from tests.laws.traces import files_below, tables_of
from tests.models.office import office, system
from tests.support.service import free_port

ROOT = Path(__file__).parents[2]
MANY = 4_000
COLUMNS = ("tst_name", "tst_memo", "tst_email", "tst_phone")
SECRET = "himitsu.tochuu"


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[tuple[RecordEngine, list[str]]]:
    """An office, and what another process needs to work in it."""
    url = database_url
    if url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'office.db'}"
    with office(url, tmp_path) as engine:
        (keystore,) = tmp_path.glob("keystore-*.db")
        yield engine, [url, f"sqlite:///{keystore}", str(tmp_path / "root.key")]


@pytest.fixture
def engine(place: tuple[RecordEngine, list[str]]) -> RecordEngine:
    return place[0]


def drain(engine: RecordEngine) -> int:
    return Worker(engine, Mailer(settings(free_port()))).run(Event(), drain=True)


def test_a_worker_builds_what_was_approved(engine: RecordEngine) -> None:
    extraction = asked(engine, things(engine, "い")).approve()
    assert drain(engine) == 1
    assert extraction.state == State.READY
    assert [(job.kind, job.status) for job in jobs_of(engine, extraction.id)] == [
        ("build_extract", "SUCCEEDED")
    ]
    assert rows(extraction.fetch()) == [["い", "a0@example.jp", "090-1234-0000"]]


def test_a_job_without_an_extract_has_nothing_to_do(engine: RecordEngine) -> None:
    """Withdrawn in the same moment, or failed for good: the job succeeds and changes nothing."""
    ids = things(engine, "い")
    failed, gone = asked(engine, ids).approve(), asked(engine, ids).approve()
    failed.requester.change(active=False)
    gone.change(state=State.EXPIRED)
    drain(engine)
    assert (failed.state, gone.state) == (State.FAILED, State.EXPIRED)
    for one in (failed, gone):
        assert [job.status for job in jobs_of(engine, one.id)] == ["SUCCEEDED"]


def test_what_may_pass_is_tried_again(
    engine: RecordEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    extraction = asked(engine, things(engine, "い")).approve()
    with monkeypatch.context() as broken:
        broken.setattr("exchange.extracts.pieces.insert", _fails)
        drain(engine)
    assert extraction.state == State.BUILDING
    [job] = jobs_of(engine, extraction.id)
    assert (job.state, job.attempts < MOST_ATTEMPTS) == ("READY", True)
    let_time_pass(engine.database, LEASE)
    drain(engine)
    assert extraction.state == State.READY


def _fails(*_: object) -> None:
    raise OSError("the disk is full")


def large(engine: RecordEngine) -> Extraction:
    """One of some megabytes, whose addresses begin with the secret."""
    caller = system(engine)
    values = sample_values(engine.catalog.entity(THING), MANY, seed=3)
    batch = [
        {name: one[name] for name in COLUMNS} | {"tst_email": f"{SECRET}{n}@example.jp"}
        for n, one in enumerate(values)
    ]
    ids = [
        one
        for start in range(0, MANY, 1000)
        for one in engine.run(
            lambda s, start=start: s.create_multiple(caller, THING, batch[start : start + 1000])
        )
    ]
    return asked(engine, ids, columns=COLUMNS).approve()


@pytest.mark.slow
def test_killed_in_the_middle_it_is_taken_over_and_finished(
    place: tuple[RecordEngine, list[str]], tmp_path: Path
) -> None:
    engine, arguments = place
    extraction = large(engine)
    command = [sys.executable, "-m", "tests.jobs.working", *arguments, str(free_port()), "drain"]
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        first = wait_for_a_piece(extraction)
    finally:
        worker.kill()
        worker.communicate()
    assert (extraction.state, extraction.row.key_id) == (State.BUILDING, first)
    begun = len(pieces(engine, first))
    assert begun > 0
    assert in_clear(engine, tmp_path) == []
    assert drain(engine) == 0, "its lease has not run out"
    let_time_pass(engine.database, LEASE)
    assert drain(engine) == 1
    row = extraction.row
    assert (row.state, row.built) == (State.READY, MANY)
    assert row.key_id != first
    assert len(pieces(engine, row.key_id)) > begun
    assert pieces(engine, first) == []
    assert not extraction.is_open(first)
    assert in_clear(engine, tmp_path) == []
    content = extraction.fetch()
    assert len(rows(content)) == MANY
    assert content.count(SECRET.encode()) == MANY
    assert in_clear(engine, tmp_path) == []


def wait_for_a_piece(extraction: Extraction) -> int:
    """The key of the attempt that has stored its first piece."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        key_id = extraction.row.key_id
        if key_id is not None and pieces(extraction.engine, key_id):
            return int(key_id)
        time.sleep(0.005)
    raise AssertionError("no worker began")


def in_clear(engine: RecordEngine, folder: Path) -> list[str]:
    """Where an address of the records can be read, in files and tables."""
    places = files_below(folder)
    url = engine.database.engine.url.render_as_string(hide_password=False)
    if not url.startswith("sqlite"):
        places |= tables_of(url)
    return [name for name, content in places.items() if SECRET.encode() in content]


def test_erased_while_it_waited_to_be_fetched_the_hourly_job_has_it_built_anew(
    engine: RecordEngine,
) -> None:
    ids = things(engine, "い", "ろ")
    extraction = asked(engine, ids).approve()
    drain(engine)
    erase(engine, ids[0])
    let_time_pass(engine.database, timedelta(hours=1), of=platform_jobs)
    drain(engine)
    drain(engine)
    assert extraction.state == State.READY
    assert [row[0] for row in rows(extraction.fetch())] == ["ろ"]
