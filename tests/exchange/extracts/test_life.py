"""An extract from the request to the confirmed deletion, on either database."""

import hashlib
from uuid import UUID

import pytest

from exchange.extracts.downloading import fetch
from exchange.extracts.states import State
from models.metadata.errors import ConcurrencyConflict
from models.records.changes import Change
from models.records.engine import RecordEngine
from tests.exchange.extracts.office import (
    COLUMNS,
    THING,
    asked,
    audited,
    jobs_of,
    kept_ids,
    pieces,
    ready,
    rows,
    things,
)
from tests.models.office import system


def test_a_whole_life(engine: RecordEngine) -> None:
    ids = things(engine, "は", "い", "ろ")
    extraction = asked(engine, ids)
    assert (extraction.state, extraction.row.count) == (State.REQUESTED, 3)
    assert kept_ids(engine, extraction.id) == 3
    extraction.approve()
    assert extraction.state == State.APPROVED
    assert [(job.kind, job.state) for job in jobs_of(engine, extraction.id)] == [
        ("build_extract", "READY")
    ]
    extraction.build()
    built = extraction.row
    assert (built.state, built.built) == (State.READY, 3)
    content = extraction.fetch()
    assert rows(content) == [
        ["い", "a1@example.jp", "090-1234-0001"],
        ["は", "a0@example.jp", "090-1234-0000"],
        ["ろ", "a2@example.jp", "090-1234-0002"],
    ]
    assert hashlib.sha256(content).hexdigest() == built.sha256
    assert len(content) == built.size
    assert extraction.state == State.DOWNLOADED
    extraction.confirm()
    assert (extraction.state, extraction.row.deleted_how) == (State.DELETED, "端末から消去した")


def test_everything_is_audited_with_all_that_was_stated(engine: RecordEngine) -> None:
    extraction = ready(engine, things(engine, "い", "ろ"))
    extraction.fetch()
    extraction.confirm()
    entries = audited(engine, extraction.id)
    assert [(one["action"], one["outcome"]) for one in entries] == [
        ("request_extract", "ok"),
        ("approve_extract", "ok"),
        ("build_extract", "ok"),
        ("download_extract", "started"),
        ("download_extract", "ok"),
        ("confirm_deletion", "ok"),
    ]
    for entry in entries:
        details = entry["details"]
        assert (entry["entity"], details["count"]) == (THING, 2)
        assert entry["attributes"] == list(COLUMNS)
        assert details["personal"] == ["tst_email", "tst_phone"]
        assert entry["purpose"] == "説明会の案内の送付"
        assert details["recipient"] == "つなぐラボ 担当 山本"
    digests = [one["details"].get("sha256") for one in entries]
    assert digests == [None, None, *[extraction.row.sha256] * 4]
    by = [one["by"] for one in entries]
    requester, approver = extraction.requester.caller.name, extraction.approver.caller.name
    assert by == [requester, approver, *[requester] * 4]
    assert "a0@example.jp" not in str(entries)


def test_the_file_is_sealed_while_it_waits_and_gone_afterwards(engine: RecordEngine) -> None:
    extraction = ready(engine, things(engine, "い"))
    key_id = extraction.row.key_id
    assert len(pieces(engine, key_id)) == 1
    assert b"a0@example.jp" not in b"".join(pieces(engine, key_id))
    assert extraction.is_open(key_id)
    extraction.fetch()
    assert not extraction.is_open(key_id)
    assert pieces(engine, key_id) == []
    assert kept_ids(engine, extraction.id) == 0


def test_the_key_is_gone_before_the_first_byte_leaves(engine: RecordEngine) -> None:
    extraction = ready(engine, things(engine, "い"))
    key_id = extraction.row.key_id
    download = fetch(engine, extraction.requester.caller, extraction.id)
    assert not extraction.is_open(key_id)
    assert rows(b"".join(download)) == [["い", "a0@example.jp", "090-1234-0000"]]


def test_it_is_fetched_once(engine: RecordEngine) -> None:
    extraction = ready(engine, things(engine, "い"))
    extraction.fetch()
    with pytest.raises(ConcurrencyConflict):
        extraction.fetch()


def test_a_download_broken_off_is_over_all_the_same(engine: RecordEngine) -> None:
    extraction = ready(engine, things(engine, "い"))
    pieces_of_file = iter(fetch(engine, extraction.requester.caller, extraction.id))
    next(pieces_of_file)
    pieces_of_file.close()  # type: ignore[attr-defined]
    assert extraction.acts()[-2:] == [
        ("download_extract", "started"),
        ("download_extract", "aborted"),
    ]
    with pytest.raises(ConcurrencyConflict):
        extraction.fetch()


def test_an_extract_of_several_thousand_keeps_the_order_of_the_request(
    engine: RecordEngine,
) -> None:
    names = [f"{n:05}" for n in range(2600)]
    ids = things(engine, *names)
    extraction = asked(engine, ids, columns=("tst_name", "tst_email"))
    assert kept_ids(engine, extraction.id) == extraction.row.count == 2600
    rename(engine, ids[7], "99999")
    content = extraction.approve().build().fetch()
    assert [row[0] for row in rows(content)] == [*names[:7], "99999", *names[8:]]


def rename(engine: RecordEngine, record: UUID, name: str) -> None:
    caller, batch = system(engine), [Change(record, {"tst_name": name})]
    engine.run(lambda service: service.update_multiple(caller, THING, batch))


def test_what_shift_jis_cannot_say_is_told_and_noted(engine: RecordEngine) -> None:
    """Its requester reads it on the page; which character it was only the record knows."""
    ids = things(engine, "いち", "𠮷田の会")
    extraction = ready(engine, ids, format="csv_cp932")
    row = extraction.row
    assert (row.replaced, row.replaced_in) == (1, "[[2, 0]]")
    [built] = [one for one in audited(engine, extraction.id) if one["action"] == "build_extract"]
    assert built["details"]["replaced"] == 1
    assert "〓田の会" in extraction.fetch().decode("cp932")
    assert ready(engine, ids).row.replaced == 0
