"""The end of records: found, approved, erased for good, proved, and gone from backups too."""

import json
import shutil
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from admin_views.retention import deciding
from crypto.errors import DestroyedKey
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    RecordNotFound,
    ValidationFailed,
)
from models.records.changes import Change, Deletion
from models.records.erasing import certificates
from models.records.erasing.replaying import replay_erasures
from models.security.contracts import today
from models.tables.record_data import BlindIndexEntry, SystemJob
from models.tables.retention import (
    APPROVED,
    CHANGED,
    DONE,
    GONE,
    PROPOSED,
    REFUSED,
    REJECTED,
    LegalHold,
)
from packager.installing import install
from tests.admin_views.office import ENTITY, Office, open_engine
from tests.enquiries.asking import ENQUIRY, ask, change, of, tell
from tests.laws.traces import files_below
from tests.packager.folders import copy_of_kobe, edit
from tests.retention.ending import (
    ANSWERED,
    COMPLETED,
    LONG_AGO,
    SEEING,
    WITHDRAWN,
    aged,
    closed,
    erasures,
    night,
    outcomes,
    there,
)

PERSONAL = ("kobe_name", "kobe_email", "kobe_phone", "kobe_enquirytext")
WRITTEN = "この文章は、消去された応募のほかのどこにも書かれていません。"


def approve(office: Office, role: str = "kobe_manager") -> UUID:
    [row] = erasures(office, state=PROPOSED)
    caller = office.caller(role)
    office.engine.run(lambda service: deciding.approve(service, caller, row.id))
    return UUID(str(row.id))


def answered(office: Office) -> UUID:
    """An enquiry that was completed long ago."""
    record = ask(office, kobe_phone="078-000-1111")
    for status in (ANSWERED, COMPLETED):
        change(office, ENQUIRY, record, statuscode=status)
    aged(office, ENQUIRY, record, LONG_AGO)
    return record


def key_of(office: Office, record: UUID) -> int:
    table = office.engine.catalog.tables.entities[ENTITY]
    with office.engine.database.reading() as connection:
        return int(connection.scalar(select(table.c.data_key_id).where(table.c.id == record)))


def hold(office: Office, record: UUID, until: date | None = None) -> None:
    caller = office.caller("kobe_official")
    wanted = deciding.Hold(entity=ENTITY, record_id=record, reason="訴訟", until=until)
    office.engine.run(lambda service: deciding.hold(service, caller, wanted))


def test_the_day_is_written_and_taken_back_by_the_platform(office: Office) -> None:
    record = office.apply()
    assert office.engine.run(lambda s: s.retrieve(SEEING, ENTITY, record))["kobe_closedon"] is None
    change(office, ENTITY, record, statuscode=WITHDRAWN)
    assert office.engine.run(lambda s: s.retrieve(SEEING, ENTITY, record))["kobe_closedon"]
    change(office, ENTITY, record, statuscode=3)
    assert office.engine.run(lambda s: s.retrieve(SEEING, ENTITY, record))["kobe_closedon"] is None
    batch = [Change(record, {"kobe_closedon": LONG_AGO})]
    with pytest.raises(ValidationFailed):
        office.engine.run(lambda s: s.update_multiple(SEEING, ENTITY, batch))


def test_nothing_goes_without_approval_and_all_of_it_with(office: Office, folder: Path) -> None:
    mail = "kieta.hito@example.jp"
    record = closed(office, kobe_email=mail, kobe_phone="090-2222-7777", kobe_body=WRITTEN)
    recent, open_one = closed(office, on=None), office.apply()
    change(office, ENTITY, recent, kobe_nickname="最近の人")
    key = key_of(office, record)
    assert night(office) == 0
    assert record in there(office)
    erasure = approve(office)
    assert night(office) == 1
    assert there(office) & {record, recent, open_one} == {recent, open_one}
    with pytest.raises(DestroyedKey):
        office.engine.keyring.opening_key(key)
    with office.engine.database.reading() as connection:
        for column in (BlindIndexEntry.record_id, SystemJob.record_id):
            assert not connection.scalar(select(func.count()).where(column == record))
    [row] = erasures(office, id=erasure)
    said = json.loads(row.certificate)
    assert (row.state, said["counts"]["GONE"], said["keys_destroyed"]) == (DONE, 1, 1)
    assert said["approved_by"] == "kobe_manager@example.jp"
    proof = said["verification"]
    assert proof["holds"]
    assert (proof["records"], proof["opened"], proof["found"]) == (1, 0, 0)
    if office.engine.database.is_sqlite:
        assert proof["files"] >= 2
        everything = b"".join(files_below(folder).values())
        for text in (mail, "090-2222-7777", WRITTEN):
            assert text.encode() not in everything


def test_the_proof_fails_where_a_word_is_left(office: Office, folder: Path) -> None:
    closed(office, kobe_email="nokotta.hito@example.jp")
    night(office)
    erasure = approve(office)
    left = folder / "forgotten-export.csv"
    left.write_text("nokotta.hito@example.jp", encoding="utf-8")
    night(office)
    left.unlink()
    [row] = erasures(office, id=erasure)
    proof = json.loads(row.certificate)["verification"]
    assert (proof["found"], proof["holds"]) == (1, False)


def test_a_certificate_is_signed(office: Office) -> None:
    closed(office)
    night(office)
    erasure = approve(office)
    night(office)
    [row] = erasures(office, id=erasure)
    verifier = certificates.signer_of(office.engine.keyring).verifier
    assert certificates.is_genuine(row.certificate, verifier)
    assert not certificates.is_genuine(row.certificate.replace('"GONE":1', '"GONE":2'), verifier)
    assert not certificates.is_genuine("[]", verifier)


def test_a_held_record_stays_whatever_comes(office: Office) -> None:
    held, other = closed(office), closed(office)
    night(office)
    hold(office, held)
    erasure = approve(office)
    night(office)
    assert there(office) & {held, other} == {held}
    assert outcomes(office, erasure) == {held: CHANGED, other: GONE}
    with pytest.raises(ValidationFailed):
        office.engine.run(lambda s: s.delete_multiple(SEEING, ENTITY, [Deletion(held)]))
    with pytest.raises(ConcurrencyConflict):
        hold(office, held)
    night(office)
    assert held not in {one for row in erasures(office) if row.state == PROPOSED
                        for one in outcomes(office, row.id)}  # fmt: skip


def test_a_hold_ends_with_its_last_day(office: Office) -> None:
    record = closed(office)
    hold(office, record, until=today())
    night(office)
    assert erasures(office, state=PROPOSED) == []
    with pytest.raises(ValidationFailed):
        hold(office, office.apply(), until=today() - timedelta(days=1))


def test_one_that_was_opened_again_stays(office: Office) -> None:
    record = closed(office)
    night(office)
    change(office, ENTITY, record, statuscode=3)
    erasure = approve(office)
    night(office)
    assert record in there(office)
    assert outcomes(office, erasure)[record] == CHANGED


def test_what_others_refer_to_stays_and_the_rest_goes(office: Office, tmp_path: Path) -> None:
    stricter = copy_of_kobe(tmp_path)
    edit(
        stricter,
        "relationships.yaml",
        lambda c: c["one_to_many"]["kobe_application_projects"].update(on_delete="restrict"),
    )
    install(office.engine.database, stricter)
    first, second = closed(office), closed(office)
    official = office.caller("kobe_official")
    about = {"kobe_category": 927000005, "kobe_area": 927000103, "kobe_projectname": "花の会"}
    project = [{**about, "kobe_application": first}]
    office.engine.run(lambda s: s.create_multiple(official, "kobe_project", project))
    night(office)
    erasure = approve(office)
    night(office)
    assert outcomes(office, erasure) == {first: REFUSED, second: GONE}
    install(office.engine.database, copy_of_kobe(tmp_path / "again"))


def test_only_who_may_decides_and_once(office: Office) -> None:
    closed(office)
    night(office)
    [row] = erasures(office, state=PROPOSED)
    for role in ("kobe_operator", "auditor", "administrator"):
        caller = office.caller(role)
        with pytest.raises(AccessDenied):
            office.engine.run(lambda s, caller=caller: deciding.approve(s, caller, row.id))
    manager = office.caller("kobe_manager")
    office.engine.run(lambda s: deciding.reject(s, manager, row.id, reason="確認中"))
    with pytest.raises(ConcurrencyConflict):
        office.engine.run(lambda s: deciding.approve(s, manager, row.id))
    assert {one.state for one in erasures(office, id=row.id)} == {REJECTED}


def test_enquiries_become_nobodys(office: Office) -> None:
    record = answered(office)
    note = tell(office, record)
    night(office)
    kept = of(office, record)
    assert [kept[name] for name in PERSONAL] == [None] * len(PERSONAL)
    assert (kept["kobe_enquirykind"], kept["statuscode"]) == (1, COMPLETED)
    with pytest.raises(RecordNotFound):
        office.engine.run(lambda s: s.retrieve(SEEING, f"{ENQUIRY}_activity", note))
    [row] = [one for one in erasures(office, state=DONE) if one.entity == ENQUIRY]
    assert json.loads(row.certificate)["verification"]["opened"] == 0
    assert erasures(office, state=APPROVED) == []


def test_a_backup_of_before_opens_nothing_and_is_cleared(office: Office, folder: Path) -> None:
    """Put back with the keystore as it is today."""
    if not office.engine.database.is_sqlite:
        pytest.skip("a file is copied; on PostgreSQL the restore's own test does this")
    record, kept, nameless = closed(office), office.apply(), answered(office)
    hold(office, record)  # when the backup is made; ended later
    place = folder / "backup"
    place.mkdir()
    with sqlite3.connect(folder / "uketsuke.db") as source:
        with sqlite3.connect(place / "uketsuke.db") as target:
            source.backup(target)
        target.close()
    source.close()
    ended = update(LegalHold).where(LegalHold.record_id == record)
    office.engine.database.run(lambda t: t.write(ended.values(lifted_on=LONG_AGO)))
    night(office)
    approve(office)
    night(office)
    for name in ("root.key", "keystore.db"):
        shutil.copy(folder / name, place / name)
    restored = open_engine(place)
    back = restored.run(lambda s: s.retrieve(SEEING, ENTITY, record))
    assert str(back["kobe_email"]) == "#SHREDDED"
    back = restored.run(lambda s: s.retrieve(SEEING, ENQUIRY, nameless))
    assert back["kobe_enquirytext"] is not None
    assert replay_erasures(restored) >= 2
    again = restored.run(lambda s: s.retrieve(SEEING, ENQUIRY, nameless))
    assert [again[name] for name in PERSONAL] == [None] * len(PERSONAL)
    assert again["statuscode"] == COMPLETED
    with pytest.raises(RecordNotFound):
        restored.run(lambda s: s.retrieve(SEEING, ENTITY, record))
    assert restored.run(lambda s: s.retrieve(SEEING, ENTITY, kept))["id"] == kept
    assert replay_erasures(restored) == 0
    restored.database.dispose()
    shutil.rmtree(place)
