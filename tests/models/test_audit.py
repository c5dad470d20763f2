"""The laws of the audit: what is written is noted in the same transaction, or neither is; the
chain finds whatever was done to it; no entry holds a value.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text

from models.metadata.errors import AccessDenied, RecordNotFound
from models.metadata.query import Link, Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.records.steps import Operation, Steps
from models.security.caller import Caller
from models.security.privileges import FieldRights, Unmasked
from models.tables.record_data import AuditHead, BlindIndexEntry
from tests.models.office import account, member, system
from tests.support.auditing import ENTRY, entries, last

SECRETS = {"tst_mail": "hanako@example.jp", "tst_tel": "078-331-4649", "tst_diary": "通院の記録"}
PERSON = {"tst_fullname": "神戸花子", "tst_nickname": "はなちゃん", **SECRETS}


class Interrupted(Exception):
    """Raised in the middle of things."""


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    return replace(member(engine), roles=frozenset({"official"}))


def create(engine: RecordEngine, caller: Caller) -> UUID:
    return engine.run(lambda s: s.create_multiple(caller, "tst_person", [PERSON]))[0]


def test_every_change_is_noted_with_who_what_and_which(
    engine: RecordEngine, caller: Caller
) -> None:
    before, taker = last(engine), account(engine, "西区")
    one = create(engine, caller)
    change = Change(one, {"tst_tel": "078-331-0000", "tst_nickname": None})
    engine.run(lambda s: s.update_multiple(caller, "tst_person", [change]))
    engine.run(lambda s: s.assign_multiple(caller, "tst_person", [one], owner=taker))
    engine.run(lambda s: s.reveal(caller, "tst_person", one, "tst_mail", purpose="本人に連絡"))
    engine.run(lambda s: s.delete_multiple(caller, "tst_person", [Deletion(one)]))
    noted = entries(engine, before)
    assert [one["action"] for one in noted] == ["create", "update", "assign", "reveal", "delete"]
    for entry in noted:
        assert entry["caller"] == caller.id.hex
        assert (entry["roles"], entry["outcome"]) == (["official"], "ok")
        assert (entry["entity"], entry["record"]) == ("tst_person", one.hex)
    assert set(PERSON) <= set(noted[0]["attributes"])
    assert set(noted[1]["attributes"]) == {"tst_tel", "tst_nickname"}
    assert set(noted[2]["attributes"]) == {"ownerid", "owningbusinessunit"}
    assert (noted[3]["attributes"], noted[3]["purpose"]) == (["tst_mail"], "本人に連絡")


def test_no_entry_holds_a_value(engine: RecordEngine, caller: Caller) -> None:
    create(engine, caller)
    everything = json.dumps(entries(engine), ensure_ascii=False)
    assert "tst_mail" in everything
    assert [value for value in PERSON.values() if value in everything] == []


def test_seeing_personal_values_is_noted_and_seeing_them_masked_is_not(
    engine: RecordEngine, caller: Caller
) -> None:
    one, before = create(engine, caller), last(engine)
    masked = FieldRights(read=True, unmasked=Unmasked.ONE_RECORD)
    engine.run(lambda s: s.retrieve(member(engine, fields=masked), "tst_person", one))
    plain = Query(entity="tst_person", columns=("tst_fullname",), ids=(one,))
    engine.run(lambda s: s.retrieve_multiple(caller, plain))
    assert entries(engine, before) == []
    engine.run(lambda s: s.retrieve(caller, "tst_person", one, columns=["tst_tel"]))
    note = {"tst_heading": "面談", "tst_about": one}
    [note_id] = engine.run(lambda s: s.create_multiple(system(engine), "tst_note", [note]))
    linked = Query(entity="tst_note", ids=(note_id,), links=(Link("tst_about", ("tst_mail",)),))
    engine.run(lambda s: s.retrieve_multiple(caller, linked))
    reads = [entry for entry in entries(engine, before) if entry["action"] == "read"]
    assert [entry["attributes"] for entry in reads] == [["tst_tel"], ["tst_about.tst_mail"]]
    assert reads[0]["details"]["records"] == [one.hex]


def test_seeing_what_is_sealed_is_noted_too(engine: RecordEngine, caller: Caller) -> None:
    """It may be about people, though nobody needs a profile to read it."""
    values = {"tst_name": "相談", "tst_secret_integer": 4}
    [one] = engine.run(lambda s: s.create_multiple(system(engine), "tst_thing", [values]))
    before = last(engine)
    for column in ("tst_name", "tst_secret_integer"):
        query = Query(entity="tst_thing", columns=(column,), ids=(one,))
        engine.run(lambda s, q=query: s.retrieve_multiple(caller, q))
    [entry] = entries(engine, before)
    assert (entry["action"], entry["attributes"]) == ("read", ["tst_secret_integer"])
    assert entry["details"]["records"] == [one.hex]


def test_a_refusal_is_noted_though_what_it_ended_is_undone(
    engine: RecordEngine, caller: Caller
) -> None:
    before = last(engine)
    nobody = replace(caller, privileges={})

    def work(service: RecordService) -> None:
        service.create_multiple(caller, "tst_person", [PERSON])
        service.create_multiple(nobody, "tst_person", [PERSON])

    with pytest.raises(AccessDenied):
        engine.run(work)
    [refusal] = entries(engine, before)
    assert (refusal["action"], refusal["outcome"]) == ("refusal", "refused")
    assert refusal["details"] == {"what": "Create on tst_person"}


def everything_kept(engine: RecordEngine) -> list[object]:
    with engine.database.reading() as connection:
        tables = [engine.catalog.tables.entities["tst_person"], ENTRY, BlindIndexEntry.__table__]
        counts = [connection.scalar(select(func.count()).select_from(one)) for one in tables]
        return [*counts, connection.execute(select(AuditHead.sequence, AuditHead.mac)).one()]


def interrupt(_operation: Operation) -> None:
    raise Interrupted


@pytest.mark.parametrize("verb", ["create", "update", "assign", "delete"])
def test_a_failure_after_the_write_leaves_neither_record_nor_entry(
    engine: RecordEngine, caller: Caller, verb: str
) -> None:
    one = create(engine, caller)
    found = engine.run(lambda s: s.retrieve(system(engine), "tst_person", one))
    before = everything_kept(engine)
    failing = engine.with_steps(Steps(post_operation=(interrupt,)))
    acts: dict[str, Callable[[RecordService], object]] = {
        "create": lambda s: s.create_multiple(caller, "tst_person", [PERSON]),
        "update": lambda s: s.update_multiple(
            caller, "tst_person", [Change(one, {"tst_mail": "jiro@example.jp"})]
        ),
        "assign": lambda s: s.assign_multiple(
            caller, "tst_person", [one], owner=next(iter(caller.teams))
        ),
        "delete": lambda s: s.delete_multiple(caller, "tst_person", [Deletion(one)]),
    }
    with pytest.raises(Interrupted):
        failing.run(acts[verb])
    assert everything_kept(engine) == before
    # opens still: the key of a record that was not deleted after all was not destroyed
    assert engine.run(lambda s: s.retrieve(system(engine), "tst_person", one)) == found


def test_what_cannot_be_noted_is_not_done(fresh_engine: RecordEngine) -> None:
    caller, record_id = member(fresh_engine), uuid4()
    fresh_engine.database.run(lambda t: t.write(text("DROP TABLE audit_head")))
    with pytest.raises(Exception, match="audit_head"):
        fresh_engine.run(
            lambda s: s.create_multiple(caller, "tst_person", [{"id": record_id, **PERSON}])
        )
    fresh_engine.database.run(lambda t: AuditHead.__table__.create(t.lock()))
    row = {"id": 1, "sequence": 0, "mac": bytes(32)}
    fresh_engine.database.run(lambda t: t.write(insert(AuditHead), row))
    with pytest.raises(RecordNotFound):
        fresh_engine.run(lambda s: s.retrieve(system(fresh_engine), "tst_person", record_id))
