"""What time brings: requests lapse, files end with their keys, what broke off is tidied away."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from exchange.exporting import Export
from exchange.extracts import expiring
from exchange.extracts import pieces as stored
from exchange.extracts.downloading import FETCHED_WITHIN
from exchange.extracts.expiring import (
    BUILT_WITHIN,
    LONGEST_DOWNLOAD,
    LONGEST_EXPORT,
    REQUESTS_KEPT,
    expire,
)
from exchange.extracts.states import State
from jobs import extracts
from models.metadata.errors import ConcurrencyConflict
from models.records.engine import RecordEngine
from models.security.contracts import today
from models.tables.base import new_id, utc_now
from models.tables.extracts import Extract, ExtractPiece, ExtractRecords
from models.tables.session import Transaction
from tests.exchange.extracts.office import (
    Extraction,
    asked,
    audited,
    erase,
    jobs_of,
    kept_ids,
    order,
    pieces,
    ready,
    rows,
    things,
)
from tests.exchange.extracts.people import hire

A_MOMENT = timedelta(seconds=5)


def hourly(engine: RecordEngine) -> None:
    expire(engine, build_anew=extracts.build_anew)


@pytest.fixture
def extraction(engine: RecordEngine) -> Extraction:
    return asked(engine, things(engine, "い", "ろ"))


def test_a_request_that_nobody_decides_on_lapses(extraction: Extraction) -> None:
    extraction.change(requested_on=utc_now() - REQUESTS_KEPT + A_MOMENT)
    hourly(extraction.engine)
    assert extraction.state == State.REQUESTED
    extraction.change(requested_on=utc_now() - REQUESTS_KEPT - A_MOMENT)
    hourly(extraction.engine)
    assert extraction.state == State.EXPIRED
    assert kept_ids(extraction.engine, extraction.id) == 0
    entry = audited(extraction.engine, extraction.id)[-1]
    assert (entry["action"], entry["kind"]) == ("expire_extract", "system")


def test_so_does_one_whose_day_is_past(extraction: Extraction) -> None:
    extraction.change(keep_until=today() - timedelta(days=1))
    hourly(extraction.engine)
    assert extraction.state == State.EXPIRED


def test_a_file_is_there_for_a_day(engine: RecordEngine) -> None:
    extraction = ready(engine, things(engine, "い"))
    extraction.change(ready_on=utc_now() - FETCHED_WITHIN + A_MOMENT)
    hourly(engine)
    assert extraction.state == State.READY
    extraction.change(ready_on=utc_now() - FETCHED_WITHIN)
    with pytest.raises(ConcurrencyConflict):
        extraction.fetch()
    assert extraction.state == State.READY, "nobody needs to have noticed yet"
    hourly(engine)
    assert extraction.state == State.EXPIRED


def test_with_its_end_goes_everything_that_opens(engine: RecordEngine) -> None:
    extraction = ready(engine, things(engine, "い"))
    key_id = extraction.row.key_id
    extraction.let_pass(FETCHED_WITHIN)
    hourly(engine)
    assert not extraction.is_open(key_id)
    assert pieces(engine, key_id) == []
    assert kept_ids(engine, extraction.id) == 0


@pytest.mark.parametrize("begun", [False, True])
def test_what_was_not_built_in_a_day_has_failed(extraction: Extraction, begun: bool) -> None:
    engine = extraction.approve().engine
    if begun:
        begin(extraction)
    extraction.change(queued_on=utc_now() - BUILT_WITHIN + A_MOMENT)
    hourly(engine)
    assert extraction.state == (State.BUILDING if begun else State.APPROVED)
    extraction.change(queued_on=utc_now() - BUILT_WITHIN - A_MOMENT)
    hourly(engine)
    assert (extraction.state, extraction.row.failure) == (State.FAILED, "late")
    assert extraction.build().state == State.FAILED, "the job that comes too late finds nothing"


def begin(extraction: Extraction) -> int:
    """As a worker does that is killed right then; the key of its attempt, and a piece of it."""
    engine = extraction.engine
    [key] = engine.keyring.sealing_keys(0, "record", 1, on=utc_now())
    extraction.change(state=State.BUILDING, key_id=key.id)
    stored.store(engine.database, b"sealed", key_id=key.id, number=0)
    return key.id


def test_what_a_broken_attempt_left_is_tidied_away(extraction: Extraction) -> None:
    engine = extraction.approve().engine
    first = begin(extraction)
    second = begin(extraction)
    hourly(engine)
    assert pieces(engine, first) == []
    assert not extraction.is_open(first)
    assert len(pieces(engine, second)) == 1, "the attempt that goes on"
    assert extraction.is_open(second)
    assert extraction.build().state == State.READY
    assert pieces(engine, second) == []
    assert not extraction.is_open(second)


def test_a_download_that_broke_off_is_tidied_away(engine: RecordEngine) -> None:
    """The process was killed in the middle of it."""
    extraction = ready(engine, things(engine, "い"))
    key_id = extraction.row.key_id
    extraction.change(state=State.DOWNLOADED, downloaded_on=utc_now())
    hourly(engine)
    assert len(pieces(engine, key_id)) == 1, "it may still be going on"
    extraction.change(downloaded_on=utc_now() - LONGEST_DOWNLOAD - A_MOMENT)
    hourly(engine)
    assert pieces(engine, key_id) == []


def test_ids_of_a_request_never_made_are_tidied_away(extraction: Extraction) -> None:
    engine, made = extraction.engine, extraction.id
    lost = new_id()
    keep(engine, lost, utc_now())
    hourly(engine)
    assert kept_ids(engine, lost) == 2
    engine.database.run(lambda transaction: expiring.record_ids.forget(transaction, lost))
    keep(engine, lost, utc_now() - timedelta(minutes=61))
    hourly(engine)
    assert kept_ids(engine, lost) == 0
    assert kept_ids(engine, made) == 2


def keep(engine: RecordEngine, extract_id: UUID, moment: datetime) -> None:
    row = {"extract_id": extract_id, "number": 0, "ids": bytes(32), "created_on": moment}
    insertion = ExtractRecords.__table__.insert()
    engine.database.run(lambda transaction: transaction.write(insertion, row))


def test_an_export_that_nobody_ended_broke_off(engine: RecordEngine) -> None:
    """Its process was killed in the middle: the ledger does not say for ever that it runs."""
    caller = hire(engine).caller
    stream = iter(Export(engine, caller, order(things(engine, "い"), ("tst_name",))))
    next(stream)
    extract_id = newest(engine)
    for age, state in ((LONGEST_EXPORT - A_MOMENT, "BUILDING"), (LONGEST_EXPORT, "FAILED")):
        older = (
            Extract.__table__.update()
            .where(Extract.id == extract_id)
            .values(requested_on=utc_now() - age - A_MOMENT / 2)
        )
        engine.database.run(lambda t, o=older: t.write(o))
        hourly(engine)
        assert state_of(engine, extract_id) == state
    stream.close()
    assert state_of(engine, extract_id) == "FAILED"


def newest(engine: RecordEngine) -> UUID:
    with engine.database.reading() as connection:
        found = connection.scalar(select(Extract.id).order_by(Extract.requested_on.desc()))
    assert found is not None
    return found


def state_of(engine: RecordEngine, extract_id: UUID) -> str:
    with engine.database.reading() as connection:
        return str(connection.scalar(select(Extract.state).where(Extract.id == extract_id)))


def test_what_was_erased_does_not_wait_for_the_download(engine: RecordEngine) -> None:
    """Within the hour the file that holds it is unreadable, and another one is being made."""
    ids = things(engine, "い", "ろ")
    extraction = ready(engine, ids)
    first = extraction.row.key_id
    hourly(engine)
    assert (extraction.state, extraction.row.key_id) == (State.READY, first)
    erase(engine, ids[0])
    hourly(engine)
    assert extraction.state == State.APPROVED
    assert not extraction.is_open(first)
    assert pieces(engine, first) == []
    assert [job.state for job in jobs_of(engine, extraction.id)] == ["READY"] * 2
    assert [row[0] for row in rows(extraction.build().fetch())] == ["ろ"]


def test_a_file_whose_requester_is_gone_ends_by_itself(engine: RecordEngine) -> None:
    extraction = ready(engine, things(engine, "い"))
    extraction.requester.change(active=False)
    hourly(engine)
    assert extraction.state == State.READY
    extraction.change(ready_on=utc_now() - FETCHED_WITHIN)
    hourly(engine)
    assert extraction.state == State.EXPIRED


def test_one_step_that_fails_leaves_the_others(
    engine: RecordEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each extract ends in a transaction of its own."""
    first, second = (asked(engine, things(engine, "い")) for _ in range(2))
    for one in (first, second):
        one.change(requested_on=utc_now() - REQUESTS_KEPT - A_MOMENT)
    forget = expiring.record_ids.forget

    def fails(transaction: Transaction, extract_id: UUID) -> None:
        if extract_id == second.id:
            raise OSError("the disk is full")
        forget(transaction, extract_id)

    monkeypatch.setattr(expiring.record_ids, "forget", fails)
    with pytest.raises(OSError, match="full"):
        hourly(engine)
    monkeypatch.undo()
    assert second.state == State.REQUESTED
    hourly(engine)
    assert {first.state, second.state} == {State.EXPIRED}


def test_nothing_is_left_in_the_end(engine: RecordEngine) -> None:
    """Of all that the tests of this office left in every state."""
    long_ago = utc_now() - timedelta(days=30)
    moments = ("requested_on", "queued_on", "ready_on", "downloaded_on")
    for statement in (
        Extract.__table__.update().values(dict.fromkeys(moments, long_ago)),
        ExtractRecords.__table__.update().values(created_on=long_ago),
    ):
        engine.database.run(lambda transaction, s=statement: transaction.write(s))
    hourly(engine)
    for table in (ExtractPiece, ExtractRecords):
        with engine.database.reading() as connection:
            assert connection.scalar(select(func.count()).select_from(table)) == 0
