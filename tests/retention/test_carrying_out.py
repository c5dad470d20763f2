"""Carrying out an erasure: by one of several workers, though broken off, as it was approved, and
proved by what is observed."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from admin_views.retention import deciding
from jobs.retention import carrying_out
from jobs.retention.carrying_out import carry_out
from jobs.retention.claims import claim
from jobs.retention.ending import Ending
from jobs.retention.handlers import CARRY_OUT
from jobs.retention.proposing import propose
from jobs.tidying import check
from models.metadata.errors import AccessDenied, RecordNotFound
from models.records.changes import Deletion
from models.records.matching.merging import Merging, merge
from models.tables import rewriting
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from models.tables.retention import CHANGED, GONE, PROPOSED, UNPROVED, Erasure
from packager.installing import install
from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, Office
from tests.packager.folders import copy_of_kobe, edit
from tests.retention.ending import (
    LONG_AGO,
    SEEING,
    aged,
    closed,
    erasures,
    night,
    outcomes,
    there,
)

HEARING, TOLD = "kobe_hearing", "聞き取りで話されたこの文章は、ほかのどこにも書かれていません。"
PAGE = "/admin/retention/"


def approved(office: Office) -> UUID:
    """What is due is found and approved, and nothing done yet."""
    propose(office.engine)
    [row] = erasures(office, state=PROPOSED)
    manager = office.caller("kobe_manager")
    office.engine.run(lambda service: deciding.approve(service, manager, row.id))
    return UUID(str(row.id))


def certificate(office: Office, erasure: UUID) -> dict[str, Any]:
    [row] = erasures(office, id=erasure)
    found: dict[str, Any] = json.loads(row.certificate)
    return found


def hear(office: Office, application: UUID) -> UUID:
    """A hearing on the application, which goes with it."""
    operator = office.caller("kobe_operator")
    values = {"kobe_application": application, "kobe_subject": TOLD}
    batch = [values]
    return office.engine.run(lambda s: s.create_multiple(operator, HEARING, batch))[0]


def test_of_two_workers_one_carries_it_out(office: Office) -> None:
    gone = {closed(office) for _ in range(30)}
    erasure = approved(office)
    together, went = Barrier(2), []

    def work() -> None:
        together.wait()
        went.append(carry_out(office.engine))

    workers = [Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    said = certificate(office, erasure)
    assert sorted(went) == [0, 30]
    assert outcomes(office, erasure) == dict.fromkeys(gone, GONE)
    assert (said["counts"]["GONE"], said["keys_destroyed"]) == (30, 30)
    assert said["verification"]["records"] == 20


def test_what_another_job_has_is_left_to_it(office: Office) -> None:
    record = closed(office)
    erasure = approved(office)
    other = uuid4()
    assert office.engine.database.run(lambda t: claim(t, erasure, other))
    assert carry_out(office.engine) == 0
    assert record in there(office)
    assert carry_out(office.engine, by=other) == 1  # the same job, taken up again
    assert certificate(office, erasure)["verification"]["holds"]


def test_broken_off_before_the_proof_the_keys_prove_it(office: Office) -> None:
    """Whoever ended the records died with what was remembered of them."""
    closed(office)
    erasure, job = approved(office), uuid4()
    [row] = erasures(office, id=erasure)
    Ending(office.engine, row, job).run()
    past = update(Erasure).where(Erasure.id == erasure).values(claimed_until=utc_now())
    office.engine.database.run(lambda transaction: transaction.write(past))
    assert carry_out(office.engine) == 1
    proof = certificate(office, erasure)["verification"]
    assert proof["remains"] == {
        "went": 1, "rows_left": 0, "keys_left": 0, "keys_destroyed": 1, "rewritten": True
    }  # fmt: skip
    assert (proof["records"], proof["holds"]) == (0, True)


def test_nothing_is_done_that_nobody_approved(office: Office, tmp_path: Path) -> None:
    """The rule became another one between the approval and the night."""
    record = closed(office)
    erasure = approved(office)
    longer = copy_of_kobe(tmp_path / "longer")
    edit(
        longer, "retention.yaml", lambda c: c["kobe_applications_kept"].update(action="anonymise")
    )
    install(office.engine.database, longer)
    assert carry_out(office.engine) == 0
    assert outcomes(office, erasure) == {record: CHANGED}
    assert record in there(office)
    propose(office.engine)
    [again] = erasures(office, state=PROPOSED)
    assert (again.action, outcomes(office, again.id)) == ("anonymise", {record: "WAITING"})
    install(office.engine.database, copy_of_kobe(tmp_path / "again"))


def test_what_went_along_is_proved_too(office: Office) -> None:
    """On PostgreSQL its words are looked for in the server's own files."""
    record = closed(office)
    hear(office, record)
    erasure = approved(office)
    carry_out(office.engine)
    said = certificate(office, erasure)
    proof = said["verification"]
    assert (proof["records"] >= 2, proof["found"], proof["holds"]) == (True, 0, True)
    assert proof["files"] > 2
    last = "log_emptied" if office.engine.database.is_sqlite else "vacuum_full"
    assert said["method"][-1] == last


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "PATIENCE_SECONDS", 0.1)


@pytest.fixture
def reader(office: Office, folder: Path) -> Iterator[None]:
    """Somebody who does not let go of the database's log."""
    if not office.engine.database.is_sqlite:
        pytest.skip("readers do not hold PostgreSQL's log")
    with closing(sqlite3.connect(folder / "uketsuke.db", isolation_level=None)) as held:
        held.execute("BEGIN")
        held.execute("SELECT count(*) FROM kobe_application").fetchone()
        yield


def test_a_proof_that_failed_waits_for_a_person(
    office: Office, impatient: None, reader: None
) -> None:
    manager = sit_down(office, "kobe_manager")
    closed(office, kobe_email="log.ni.nokoru@example.jp")
    erasure = approved(office)
    carry_out(office.engine)
    [row] = erasures(office, id=erasure)
    said = json.loads(row.certificate)
    assert (row.state, "log_emptied" in said["method"]) == (UNPROVED, False)
    assert "Erasures that could not be proved: 1" in manager.get("/admin/").text
    assert check(office.engine).unproved == 1
    shown = manager.get(f"{PAGE}erasure/", id=str(erasure)).text
    assert "could not be proved" in shown
    address = f"{PAGE}erasure/settle/"
    assert manager.post(address, id=str(erasure), reason="").status_code == 400
    told = "読み取りを終了させ、ログを空にした。"
    assert manager.post(address, id=str(erasure), reason=told).status_code == 303
    assert "could not be proved: 1" not in manager.get("/admin/").text
    assert told in manager.get(f"{PAGE}certificate/", id=str(erasure)).text
    assert check(office.engine).unproved == 0


def test_whoever_closed_it_does_not_approve(office: Office) -> None:
    """The officials' own did, of the people here."""
    closed(office)
    propose(office.engine)
    [row] = erasures(office, state=PROPOSED)
    official = office.caller("kobe_official")
    with pytest.raises(AccessDenied):
        office.engine.run(lambda service: deciding.approve(service, official, row.id))
    manager = office.caller("kobe_manager")
    office.engine.run(lambda service: deciding.approve(service, manager, row.id))
    assert night(office) == 1


def test_whoever_ended_it_by_a_merge_does_not_approve(office: Office) -> None:
    record, official = office.apply(), office.caller("kobe_official")
    wanted = Merging(master=office.apply(), other=record)
    office.engine.run(lambda service: merge(service, official, ENTITY, wanted))
    aged(office, ENTITY, record, LONG_AGO)
    propose(office.engine)
    [row] = erasures(office, state=PROPOSED)
    with pytest.raises(AccessDenied):
        office.engine.run(lambda service: deciding.approve(service, official, row.id))


def test_whoever_lets_a_record_go_does_not_approve(office: Office) -> None:
    record = str(closed(office))
    manager, official = sit_down(office, "kobe_manager"), office.caller("kobe_official")
    about = {"entity": ENTITY, "id": record}
    wanted = deciding.Hold(entity=ENTITY, record_id=UUID(record), reason="訴訟")
    office.engine.run(lambda service: deciding.hold(service, official, wanted))
    page = manager.get(f"{PAGE}hold/", **about).text
    hold = page.partition('name="hold" value="')[2].partition('"')[0]
    lift = f"{PAGE}hold/lift/"
    assert manager.post(lift, **about, hold=hold, reason="").status_code == 400
    assert manager.post(lift, **about, hold=hold, reason="訴訟の終了").status_code == 303
    propose(office.engine)
    [row] = erasures(office, state=PROPOSED)
    shown = manager.get(f"{PAGE}erasure/", id=str(row.id)).text
    assert "another person approves" in shown
    assert "Approve the erasure" not in shown
    assert manager.post(f"{PAGE}erasure/approve/", id=str(row.id)).status_code == 403
    gone = [Deletion(UUID(record))]  # nobody is left who could approve it here
    office.engine.run(lambda service: service.delete_multiple(SEEING, ENTITY, gone))


def test_a_hold_and_a_deletion_do_not_pass_each_other(office: Office) -> None:
    """The deletion has looked for holds and not committed yet when the hold is placed."""
    record = closed(office)
    official = office.caller("kobe_official")
    wanted = deciding.Hold(entity=ENTITY, record_id=record, reason="訴訟")
    told: list[object] = []

    def hold() -> None:
        try:
            office.engine.run(lambda service: deciding.hold(service, official, wanted))
        except RecordNotFound as gone:
            told.append(gone)

    placing = Thread(target=hold)

    def delete(service: Any) -> None:
        service.delete_multiple(SEEING, ENTITY, [Deletion(record)])
        placing.start()
        placing.join(0.5)
        assert not told  # it waits

    office.engine.run(delete)
    placing.join()
    assert [type(one) for one in told] == [RecordNotFound]
    assert record not in there(office)


def test_by_day_only_what_takes_a_moment(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying_out, "REWRITTEN_BY_DAY", 0)
    record, manager = closed(office), sit_down(office, "kobe_manager")
    propose(office.engine)
    [row] = erasures(office, state=PROPOSED)
    jobs = jobs_at_once(office)
    sent = manager.post(f"{PAGE}erasure/approve/", id=str(row.id))
    assert "It is carried out tonight." in manager.get(sent.headers["Location"]).text
    assert jobs_at_once(office) == jobs
    assert record in there(office)
    night(office)
    assert record not in there(office)


def jobs_at_once(office: Office) -> int:
    statement = select(func.count()).where(SystemJob.kind == CARRY_OUT)
    with office.engine.database.reading() as connection:
        return connection.scalar(statement) or 0
