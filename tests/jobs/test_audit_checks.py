"""The platform's own jobs: every hour a checkpoint, every night the whole log examined."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from jobs import notices
from jobs.audit_checks import checkpoint
from jobs.kinds import KINDS
from jobs.platform_recurrences import PLATFORM, all_recurrences
from jobs.recurrences import check, ensure, next_occurrence
from models.metadata.components import Recurrence
from models.metadata.errors import DefinitionError
from models.records.checkpoints import results
from models.records.checkpoints.second_place import SecondPlace
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.record_data import AuditEntry
from tests.jobs.post import WorkerOf, add_job, empty, job, let_time_pass, platform_jobs
from tests.support.audit_states import State

ACTING = Caller.system("tests of the platform's jobs")
NAMES = ["audit_checkpoint", "audit_verification"]
Do = Callable[[str], object]


@pytest.fixture
def log(engine: RecordEngine, tmp_path: Path) -> Iterator[RecordEngine]:
    """An office with something in its log and a second place; its log is put back afterwards."""
    before = State.of(engine)
    acting = replace(engine, second_place=SecondPlace(tmp_path / "lines"))
    acting.run(lambda service: service.audit(ACTING, "sign_in"))
    yield acting
    before.put_back(engine)


@pytest.fixture
def do(log: RecordEngine, worker_of: WorkerOf) -> Do:
    """Have a worker do one job of this kind; its row afterwards."""

    def done(kind: str) -> object:
        job_id = add_job(log.database, kind=kind, name=kind)
        worker_of(log)()
        return job(log.database, job_id)

    return done


def newest(log: RecordEngine) -> results.Result:
    found = log.database.run(results.newest)
    assert found is not None
    return found


def test_the_platform_has_jobs_whatever_the_solution_states(log: RecordEngine) -> None:
    audits = [one for one in PLATFORM if one.name in NAMES]
    assert [one.name for one in audits] == NAMES
    assert {one.kind for one in PLATFORM} <= KINDS.keys()
    stated = log.catalog.recurrences
    assert all_recurrences(log.catalog) == (*PLATFORM, *stated)
    ninth = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    hourly, nightly = (next_occurrence(one.rule, after=ninth) for one in audits)
    assert hourly == ninth + timedelta(minutes=30)
    assert nightly == ninth.replace(hour=4, minute=20) + timedelta(days=1)


def test_a_worker_schedules_them(log: RecordEngine, worker_of: WorkerOf) -> None:
    empty(log.database)
    worker_of(log)()
    worker_of(log)()
    scheduled = sorted(row.name for row in platform_jobs(log.database, state="READY"))
    assert scheduled == sorted(one.name for one in PLATFORM)


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_may_take_neither_their_names_nor_their_kinds(name: str) -> None:
    for taking in (
        Recurrence(name=name, kind="purge_intake", rule="FREQ=DAILY"),
        Recurrence(name="x", kind=name, rule="FREQ=DAILY"),
    ):
        with pytest.raises(DefinitionError, match=f"'{name}' is the platform's own job"):
            check([taking], KINDS)


def test_a_day_without_a_worker_is_one_checkpoint(log: RecordEngine, worker_of: WorkerOf) -> None:
    empty(log.database)
    log.database.run(lambda transaction: ensure(transaction, PLATFORM))
    let_time_pass(log.database, timedelta(days=1), of=platform_jobs)
    worker_of(log)()
    assert len(list(log.second_place.lines())) == 1
    done = platform_jobs(log.database, status="SUCCEEDED")
    assert set(NAMES) <= {row.name for row in done}


def test_a_checkpoint_is_made_and_the_log_examined(log: RecordEngine, do: Do) -> None:
    assert do("audit_checkpoint").status == "SUCCEEDED"
    [line] = map(json.loads, log.second_place.lines())
    assert do("audit_verification").status == "SUCCEEDED"
    found = newest(log)
    assert (found.holds, found.checkpoints, found.entries) == (True, 1, line["sequence"])


def test_what_is_wrong_fails_the_job_for_good_and_is_kept(
    log: RecordEngine, do: Do, caplog: pytest.LogCaptureFixture
) -> None:
    log.run(lambda service: service.audit(ACTING, "sign_out"))
    first = State.of(log).rows["audit"][0]["sequence"]
    altered = update(AuditEntry).where(AuditEntry.sequence == first).values(outcome="refused")
    log.database.run(lambda transaction: transaction.write(altered))
    failed = do("audit_verification")
    assert (failed.status, failed.message) == ("FAILED", notices.TAMPERED)
    [fault] = newest(log).faults
    assert (fault.sequence, fault.reason) == (first, "the columns differ from the entry")
    assert f"the audit log fails at entry {first}" in caplog.text


def test_a_log_put_back_fails_the_next_checkpoint(log: RecordEngine, do: Do) -> None:
    old = State.of(log)
    log.run(lambda service: service.audit(ACTING, "sign_out"))
    assert do("audit_checkpoint").status == "SUCCEEDED"
    old.put_back(log)
    failed = do("audit_checkpoint")
    assert (failed.status, failed.message) == ("FAILED", notices.TAMPERED)
    assert do("audit_verification").status == "FAILED"
    [fault] = [one for one in newest(log).faults if one.line is None]
    assert fault.before is not None


def test_a_full_disk_is_tried_again(log: RecordEngine, tmp_path: Path, do: Do) -> None:
    (tmp_path / "lines").mkdir()
    waiting = do("audit_checkpoint")
    assert (waiting.status, waiting.state) == ("WAITING", "READY")
    assert waiting.message == f"{notices.NO_CHECKPOINT}\nIs a directory"


def test_without_a_second_place_it_is_no_silent_success(engine: RecordEngine) -> None:
    with pytest.raises(Exception, match="no second place"):
        checkpoint(engine, None, None)
