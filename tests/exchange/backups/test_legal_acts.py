"""What the law asks for outlasts a restore: what waited for erased records goes with them again;
certificates, holds, requests and suspensions of after the backup come from the second place.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete as removing
from sqlalchemy import insert, select, update

from exchange.backups.manifests import Kind
from exchange.backups.restoring import Restored, restore
from jobs.outbox import OutgoingMail, enqueue_mails
from models.records.checkpoints.second_place import SecondPlace
from models.records.engine import RecordEngine
from models.records.legal_acts.keeping import PutBack, file_beside, keep
from models.records.legal_acts.reentering import reenter
from models.records.sealing import PERSON_PAYLOAD, open_payload, seal_payload
from models.records.service import RecordService
from models.security.contracts import today
from models.tables.applicants import SubjectRequest
from models.tables.base import new_id, utc_now
from models.tables.principals import BusinessUnit, SystemUser
from models.tables.record_data import AuditEntry, SystemJob
from models.tables.requests import FrozenRecord, PersonRequest
from models.tables.retention import APPROVED, DONE, Erasure, ErasureRecord, LegalHold
from tests.exchange.backups.house import THING, House, built, create, delete, stored, values
from tests.exchange.backups.test_restoring import CALLER, STEPS
from tests.support.databases import sqlite_file

CERTIFICATE = "消去証明書" * 2000
"""Longer than what is looked at for the last line of a file."""


def write(engine: RecordEngine, table: Any, **row: Any) -> UUID:
    row = {"id": new_id(), **row} if "id" in table.__table__.columns else row
    engine.run(lambda service: service.transaction.write(insert(table), row))
    return row.get("id", row.get("record_id"))


def hold(engine: RecordEngine, record: UUID) -> UUID:
    told = {"entity": THING, "record_id": record, "reason": "訴訟の相手は山田氏"}
    return write(engine, LegalHold, **told, placed_by_name="係長", placed_on=utc_now())


def official(engine: RecordEngine, name: str) -> UUID:
    with engine.database.reading() as connection:
        unit = connection.scalar(select(BusinessUnit.id).limit(1))
    told = {"email": f"{name}@example.jp", "full_name": name, "businessunit_id": unit}
    return write(engine, SystemUser, **told, fs_uniquifier=new_id().hex, password="")


def suspend(engine: RecordEngine, record: UUID, by: UUID) -> UUID:
    request = new_id()
    [key] = engine.keyring.sealing_keys(0, "month", 1, on=utc_now())
    told = {"number": PERSON_PAYLOAD, "record_id": request, "key_id": key.id}
    person = seal_payload(engine.keyring, **told, data="停止を求める人".encode())
    row = {"id": request, "kind": "suspension", "state": "RECEIVED", "person": person}
    row |= {"received_on": today(), "due_on": today(), "entered_by": by}
    write(engine, PersonRequest, **row, entered_by_name="担当")
    about = {"record_id": record, "entity": THING, "request_id": request, "handler_id": by}
    write(engine, FrozenRecord, **about)
    return request


def approved(engine: RecordEngine, by: UUID, record: UUID) -> UUID:
    row = {"rule": "r", "entity": THING, "action": "erase", "state": APPROVED, "stated": "{}"}
    row |= {"rule_digest": "d"}
    row |= {"needs_approval": True, "due_on": today(), "count": 1, "decided_by": by}
    erasure = write(engine, Erasure, **row)
    write(engine, ErasureRecord, erasure_id=erasure, record_id=record)
    return erasure


def waiting_for(engine: RecordEngine, record: UUID) -> None:
    mail = {"entity": THING, "record_id": record, "key_id": None, "template": "t"}
    mails = [OutgoingMail(**mail, to="a@example.jp", subject="件名", body="本文")]
    engine.run(lambda s: enqueue_mails(s.transaction, engine.keyring, mails))
    row = {"kind": "erasure", "state": "REQUESTED", "form": THING, "entity": THING}
    write(engine, SubjectRequest, **row, record_id=record)


def change(engine: RecordEngine, statement: Any) -> None:
    def work(service: RecordService) -> None:
        service.transaction.write(statement)
        service.audit(CALLER, "tests")

    engine.run(work)


@pytest.fixture
def checkpoints(own_house: House) -> SecondPlace:
    return SecondPlace(own_house.folder / "elsewhere" / "checkpoints.jsonl")


def test_a_restore_undoes_no_legal_act(own_house: House, checkpoints: SecondPlace) -> None:
    with own_house.engine() as opened:
        engine = replace(opened, second_place=checkpoints, steps=STEPS.operations)
        gone, lifted, held, freed, frozen = create(engine, *(values(f"v{n}") for n in range(5)))
        by = official(engine, "before")
        waiting_for(engine, gone)
        old_hold, old_suspension = hold(engine, lifted), suspend(engine, freed, by)
        erasure = approved(engine, by, gone)
        assert keep(engine) == 3  # the hold, the request, the suspension
        records = own_house.back_up(Kind.RECORDS)
        delete(engine, gone)
        ended = {"lifted_on": utc_now(), "lifted_by_name": "係長"}
        change(engine, update(LegalHold).where(LegalHold.id == old_hold).values(**ended))
        of_request = FrozenRecord.request_id == old_suspension
        change(engine, removing(FrozenRecord).where(of_request))
        signed = {"state": DONE, "certificate": CERTIFICATE, "completed_on": utc_now()}
        change(engine, update(Erasure).where(Erasure.id == erasure).values(**signed))
        new_hold = hold(engine, held)
        new_suspension = suspend(engine, frozen, by)
        [later] = create(engine, values("later"))
        lost_hold = hold(engine, later)
        assert keep(engine) == 7
        assert keep(engine) == 0
    own_house.lose_records()
    place = replace(own_house.place, second_place=checkpoints)
    done = restore(place, records, None, steps=STEPS, caller=CALLER)
    assert done.acts.is_known
    assert dict(done.acts.entered) == {
        **{"erasure": 1, "legalhold": 2},
        **{"personrequest": 1, "frozenrecord": 2},
    }
    assert (done.acts.left, done.acts.faults) == ((f"legalhold {lost_hold.hex}",), 0)
    with own_house.engine() as opened:
        engine = replace(opened, second_place=checkpoints)
        require_as_it_was(engine, done, suspended=(new_suspension, frozen))
        [was_certified] = stored(engine, Erasure)
        assert (was_certified.state, was_certified.certificate) == (DONE, CERTIFICATE)
        assert stored(engine, ErasureRecord) == []
        holds = {one.id: one.lifted_on for one in stored(engine, LegalHold)}
        assert holds[new_hold] is None
        assert holds.keys() == {old_hold, new_hold}
        assert holds[old_hold] is not None
        assert keep(engine) == 1, "the hold that is lost is gone"


def require_as_it_was(
    engine: RecordEngine, done: Restored, *, suspended: tuple[UUID, UUID]
) -> None:
    """Nothing waits for the erased record; the suspension stands, its request can be read."""
    assert done.erased == 1
    assert [one for one in stored(engine, SystemJob) if one.kind == "send_mail"] == []
    assert [one.state for one in stored(engine, SubjectRequest)] == ["DONE"]
    [standing] = stored(engine, FrozenRecord)
    assert (standing.request_id, standing.record_id) == suspended
    [request] = [one for one in stored(engine, PersonRequest) if one.id == suspended[0]]
    told = {"number": PERSON_PAYLOAD, "record_id": request.id, "envelope": request.person}
    assert open_payload(engine.keyring, **told).decode() == "停止を求める人"
    *_, entry = stored(engine, AuditEntry)
    assert json.loads(entry.body)["details"]["acts_left"] == 1


def test_a_database_that_was_put_back_otherwise_tells_no_act_as_gone(tmp_path: Path) -> None:
    house = built(tmp_path, sqlite_file(tmp_path), sqlite_file(tmp_path))
    checkpoints = SecondPlace(tmp_path / "elsewhere" / "checkpoints.jsonl")
    with house.engine() as opened:
        engine = replace(opened, second_place=checkpoints)
        record, other = create(engine, values("one"), values("two"))
        by = official(engine, "before")
        records = house.back_up(Kind.RECORDS)
        for _ in range(9):
            change(engine, removing(FrozenRecord).where(FrozenRecord.record_id == record))
        suspend(engine, record, by)
        assert keep(engine) == 2
    house.lose_records()
    done = restore(house.place, records, None, steps=STEPS, caller=CALLER)
    assert not done.acts.is_known
    with house.engine() as opened:
        engine = replace(opened, second_place=checkpoints)
        with pytest.raises(PutBack):
            keep(engine)
        file = file_beside(checkpoints)
        assert file is not None
        assert "停止を求める人" not in file.read_text()
        [request, suspension] = file.read_text().splitlines()
        file.write_text(f"{request}\n{suspension.replace(record.hex, other.hex)}\n")
        found = reenter(engine)
        assert (found.entered["personrequest"], found.entered["frozenrecord"]) == (1, 0)
        assert found.faults == 1
        assert keep(engine) == 0
