"""Workers as processes: many at once, killed in the middle, asked to stop, left alone."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from jobs import notices
from jobs.mail import Mailer
from jobs.queue import LEASE
from jobs.worker import Worker
from models.records.engine import RecordEngine
from tests.jobs.post import add_job, jobs, let_time_pass, mail_to, post, record_key, settings
from tests.models.office import office
from tests.support.post_office import PostOffice

ROOT = Path(__file__).parents[2]
WORKERS, MAILS = 4, 300
Start = Callable[..., "subprocess.Popen[str]"]


class Hesitant(PostOffice):
    """Keeps a mail and does not say so until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.released = Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = await super().handle_DATA(server, session, envelope)
        while not self.released.is_set():
            await asyncio.sleep(0.01)
        return reply


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[tuple[RecordEngine, list[str]]]:
    """An office, and what another process needs to work in it."""
    with office(database_url, tmp_path) as engine:
        (keystore,) = tmp_path.glob("keystore-*.db")
        yield engine, [database_url, f"sqlite:///{keystore}", str(tmp_path / "root.key")]


@pytest.fixture
def engine(place: tuple[RecordEngine, list[str]]) -> RecordEngine:
    return place[0]


@pytest.fixture
def start(place: tuple[RecordEngine, list[str]]) -> Iterator[Start]:
    """Start a worker that sends to `port`; whatever still runs in the end is killed."""
    started = []

    def start_one(port: int, how: str = "drain") -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.jobs.working", *place[1], str(port), how]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_four_workers_send_each_of_300_mails_once(
    engine: RecordEngine, start: Start, smtp_server: PostOffice
) -> None:
    keys = [record_key(engine) for _ in range(10)]
    addresses = [f"a{number}@example.jp" for number in range(MAILS)]
    post(engine, *(mail_to(one, key_id=keys[n % 10]) for n, one in enumerate(addresses)))
    workers = [start(smtp_server.port) for _ in range(WORKERS)]
    said = [worker.communicate(timeout=120)[0].split() for worker in workers]
    assert Counter(mail.recipients[0] for mail in smtp_server.mails) == Counter(addresses)
    assert {(row.status, row.attempts, row.message) for row in jobs(engine.database)} == {
        ("SUCCEEDED", 1, "")
    }
    assert sum(int(words[-1]) for words in said) == MAILS
    assert [worker.returncode for worker in workers] == [0] * WORKERS


def test_killed_while_sending_sends_at_least_once_and_says_so(
    engine: RecordEngine, start: Start
) -> None:
    hesitant = Hesitant()
    hesitant.start()
    try:
        post(engine, mail_to("taro@example.jp", key_id=record_key(engine)), mail_to("b@x.jp"))
        worker = start(hesitant.port)
        hesitant.wait_for()
        worker.kill()
        worker.wait()
        stuck = [row for row in jobs(engine.database) if row.state == "LOCKED"]
        assert len(stuck) == 1
        hesitant.released.set()
        assert drain(engine, hesitant.port) == 1, "the other; this one's lease has not run out"
        let_time_pass(engine.database, LEASE + timedelta(seconds=1))
        assert drain(engine, hesitant.port) == 1
    finally:
        hesitant.released.set()
        hesitant.stop()
    rows = {row.id: row for row in jobs(engine.database)}
    assert {row.status for row in rows.values()} == {"SUCCEEDED"}
    doubtful = [row.id for row in rows.values() if notices.MAYBE_TWICE in row.message]
    assert doubtful == [stuck[0].id], "it says which, and no other"
    identities = Counter(mail.message["Message-ID"] for mail in hesitant.mails)
    assert sorted(identities.values()) == [1, 2]
    assert identities[f"<{stuck[0].id.hex}@city.example.jp>"] == 2


def test_asked_to_stop_it_ends_the_mail_it_is_at(engine: RecordEngine, start: Start) -> None:
    hesitant = Hesitant()
    hesitant.start()
    try:
        post(engine, mail_to("a@example.jp"), mail_to("b@example.jp"))
        worker = start(hesitant.port, "stay")
        hesitant.wait_for()
        worker.terminate()
        time.sleep(0.3)
        assert worker.poll() is None, "it is still sending"
        hesitant.released.set()
        assert worker.communicate(timeout=30)[0].split() == ["ready", "1"]
    finally:
        hesitant.released.set()
        hesitant.stop()
    assert worker.returncode == 0
    assert sorted(row.status for row in jobs(engine.database)) == ["SUCCEEDED", "WAITING"]


@contextmanager
def working(engine: RecordEngine, port: int) -> Iterator[None]:
    stop = Event()
    thread = Thread(target=lambda: Worker(engine, Mailer(settings(port))).run(stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_waiting_worker_takes_a_mail_soon(engine: RecordEngine, smtp_server: PostOffice) -> None:
    with working(engine, smtp_server.port):
        time.sleep(0.6)
        begin = time.monotonic()
        post(engine, mail_to("taro@example.jp"))
        smtp_server.wait_for(seconds=5)
        assert (
            time.monotonic() - begin < 3
        )  # it looks twice a second; machines have their hands full


def test_a_database_that_is_away_for_a_while_is_waited_for(
    engine: RecordEngine, smtp_server: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.worker.SECONDS_WITHOUT_DATABASE", 0.1)

    def rename(before: str, after: str) -> None:
        engine.database.run(
            lambda transaction: transaction.lock().exec_driver_sql(
                f"ALTER TABLE {before} RENAME TO {after}"
            )
        )

    post(engine, mail_to("taro@example.jp"))
    rename("systemjob", "away")
    with working(engine, smtp_server.port):
        time.sleep(0.5)
        assert smtp_server.mails == ()
        rename("away", "systemjob")
        smtp_server.wait_for(seconds=10)


def test_a_failing_job_does_not_keep_the_others(
    engine: RecordEngine, smtp_server: PostOffice
) -> None:
    post(engine, mail_to("no address"), mail_to("taro@example.jp"))
    add_job(engine.database, kind="make_tea")
    assert drain(engine, smtp_server.port) == 3
    assert len(smtp_server.mails) == 1


def drain(engine: RecordEngine, port: int) -> Any:
    return Worker(engine, Mailer(settings(port))).run(Event(), drain=True)
