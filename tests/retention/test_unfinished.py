"""Erasures whose commit was lost, when their keys had gone: the next night finishes them."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Connection, func, select, update

from jobs.unfinished_erasures import NotFinished, finish_erasures
from jobs.workflows import mail_step
from models.metadata.errors import RecordNotFound
from models.records.changes import Change, Deletion
from models.records.erasing.anonymising import anonymise
from models.records.service import RecordService
from models.records.steps import Steps
from models.tables.base import utc_now
from models.tables.record_data import AuditEntry, SystemJob
from models.tables.retention import LegalHold
from tests.admin_views.office import ENTITY, TESTING, Office
from tests.enquiries.asking import ENQUIRY, of, tell
from tests.retention.ending import MAILER, SEEING, job, there
from tests.retention.test_erasing import PERSONAL, answered, hold

Work = Callable[[RecordService], None]
STEPS = Steps(post_operation=(mail_step(TESTING),))


@pytest.fixture
def lose_commit(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """Do some work of which the records' database takes no commit; the keystore does."""

    def full(_connection: Connection) -> None:
        raise OSError("no space left on the device")

    def done(work: Work) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(Connection, "commit", full)
            with pytest.raises(OSError, match="no space"):
                office.engine.run(work)

    return done


def delete(record: UUID) -> Work:
    return lambda service: service.delete_multiple(SEEING, ENTITY, [Deletion(record)])


def at_night(office: Office) -> None:
    finish_erasures(office.engine.with_steps(STEPS), MAILER, job("finish_erasures"))


def told(office: Office) -> list[dict[str, int]]:
    statement = select(AuditEntry.body).filter_by(action="finish_erasures")
    with office.engine.database.reading() as connection:
        bodies = connection.scalars(statement.order_by(AuditEntry.sequence)).all()
    return [json.loads(body)["details"] for body in bodies]


def mails_about(office: Office, record: UUID) -> int:
    with office.engine.database.reading() as connection:
        statement = select(func.count()).where(SystemJob.record_id == record)
        return connection.scalar(statement) or 0


def test_a_deletion_whose_commit_was_lost_is_finished(
    office: Office, lose_commit: Callable[[Work], None]
) -> None:
    public = office.engine.with_steps(STEPS)
    office_with_mails = Office(office.app, public, office.users)
    record, kept = office_with_mails.apply(), office.apply()
    waiting = mails_about(office, record)
    lose_commit(delete(record))
    half = office.engine.run(lambda s: s.retrieve(SEEING, ENTITY, record))
    assert (half["kobe_nickname"], str(half["kobe_email"])) == ("神戸 花子", "#SHREDDED")
    before = len(told(office))
    at_night(office)
    assert there(office) & {record, kept} == {kept}
    assert waiting
    assert mails_about(office, record) == 0
    assert told(office)[before:] == [{"finished": 1, "held_back": 0}]
    at_night(office)
    assert len(told(office)) == before + 1, "nothing is said where nothing was found"


def test_an_anonymising_whose_commit_was_lost_is_finished_once(
    office: Office, lose_commit: Callable[[Work], None]
) -> None:
    """What is written into a record that is nobody's stays."""
    record = answered(office)
    note = tell(office, record)
    entity = office.engine.catalog.entity(ENQUIRY)

    def nobodys(service: RecordService) -> None:
        anonymise(service.unit, SEEING, entity, [record], names=PERSONAL)

    lose_commit(nobodys)
    assert of(office, record)["kobe_email"] is not None
    at_night(office)
    assert [of(office, record)[name] for name in PERSONAL] == [None] * len(PERSONAL)
    with pytest.raises(RecordNotFound):
        office.engine.run(lambda s: s.retrieve(SEEING, f"{ENQUIRY}_activity", note))
    written = [Change(record, {"kobe_enquirytext": "統計用の要約"})]
    office.engine.run(lambda s: s.update_multiple(SEEING, ENQUIRY, written))
    at_night(office)
    assert of(office, record)["kobe_enquirytext"] == "統計用の要約"


def test_what_was_put_on_hold_since_stays_and_is_told(
    office: Office, lose_commit: Callable[[Work], None]
) -> None:
    record = office.apply()
    lose_commit(delete(record))
    hold(office, record)
    with pytest.raises(NotFinished, match="1 records"):
        at_night(office)
    assert record in there(office)
    assert told(office)[-1] == {"finished": 0, "held_back": 1}
    ended = update(LegalHold).where(LegalHold.record_id == record).values(lifted_on=utc_now())
    office.engine.database.run(lambda transaction: transaction.write(ended))
    at_night(office)
    assert record not in there(office)
