"""Applications nobody confirmed leave after their hours, keys included; everything else stays."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from crypto.errors import DestroyedKey
from forms.confirmations import look_up
from jobs import erasing
from jobs.erasing import NotErased, erase_unconfirmed
from jobs.mail import Mailer
from jobs.outbox import open_mail
from jobs.queue import ClaimedJob
from models.metadata.errors import ValidationFailed
from models.metadata.query import Query
from models.metadata.tables import DATA_KEY
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.tables.base import new_id, utc_now
from models.tables.record_data import AuditEntry, BlindIndexEntry
from tests.jobs.applications import (
    APPLICATION,
    OFFICIAL,
    RECEIVED,
    application,
    apply,
    change,
    created_earlier,
    links,
)
from tests.jobs.post import jobs
from tests.jobs.test_workflows import LINK

HOURS = timedelta(hours=72)
MINUTE = timedelta(minutes=1)
JOB = ClaimedJob(
    id=new_id(),
    kind="erase_unconfirmed",
    name="erase",
    recurrence=None,
    due_on=utc_now(),
    record_id=None,
    payload=None,
    attempts=1,
    message="",
)


def erase(engine: RecordEngine, mailer: Mailer) -> None:
    erase_unconfirmed(engine, mailer, JOB)


def remaining(engine: RecordEngine) -> set[object]:
    query = Query(entity=APPLICATION, columns=("statuscode",), page_size=1000)
    page = engine.run(lambda service: service.retrieve_multiple(OFFICIAL, query))
    return {record["id"] for record in page.records}


def keys(engine: RecordEngine) -> dict[UUID, int]:
    table = engine.catalog.tables.entities[APPLICATION]
    with engine.database.reading() as connection:
        rows = connection.execute(select(table.c.id, table.c[DATA_KEY])).all()
    return {row[0]: row[1] for row in rows}


def test_only_the_overdue_and_unconfirmed_leave(kobe: RecordEngine, mailer: Mailer) -> None:
    young, old, confirmed = apply(kobe, *(application(n) for n in range(3)))
    received = apply(kobe, application(3, statuscode=RECEIVED))
    change(kobe, [confirmed], statuscode=RECEIVED)
    created_earlier(kobe, [old, confirmed, *received], HOURS + MINUTE)
    created_earlier(kobe, [young], HOURS - MINUTE)
    erase(kobe, mailer)
    assert remaining(kobe) == {young, confirmed, *received}


def test_nothing_of_them_can_be_opened_again(kobe: RecordEngine, mailer: Mailer) -> None:
    old, kept = apply(kobe, application(1), application(2))
    key_of = keys(kobe)
    ((mail_id, payload),) = [(row.id, row.payload) for row in jobs(kobe.database, record_id=old)]
    body = open_mail(kobe.keyring, mail_id, payload).body
    created_earlier(kobe, [old], HOURS + MINUTE)
    erase(kobe, mailer)
    with pytest.raises(DestroyedKey):
        kobe.keyring.opening_key(key_of[old])
    with pytest.raises(DestroyedKey):
        open_mail(kobe.keyring, mail_id, payload)
    kobe.keyring.opening_key(key_of[kept])
    assert [row.record_id for row in jobs(kobe.database, kind="send_mail")] == [kept]
    with kobe.database.reading() as connection:
        index = set(connection.scalars(select(BlindIndexEntry.record_id)))
        (token,) = LINK.findall(body)
        link = look_up(connection, token, on=utc_now())
    assert index == {kept}
    assert link is not None
    assert link.state == "expired", "the page can still say why"


def test_it_is_audited_with_its_reason(kobe: RecordEngine, mailer: Mailer) -> None:
    (old,) = apply(kobe, application())
    created_earlier(kobe, [old], HOURS + MINUTE)
    erase(kobe, mailer)
    with kobe.database.reading() as connection:
        statement = select(AuditEntry.body).where(
            AuditEntry.record_id == old, AuditEntry.action == "delete"
        )
        (body,) = connection.scalars(statement)
    assert erasing.ERASER.name in body
    assert '"kind":"system"' in body


def test_batch_after_batch(
    kobe: RecordEngine, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "BATCH", 7)
    ids = apply(kobe, *(application(n) for n in range(30)))
    created_earlier(kobe, ids[:24], HOURS + MINUTE)
    erase(kobe, mailer)
    assert remaining(kobe) == set(ids[24:])
    erase(kobe, mailer)
    assert remaining(kobe) == set(ids[24:])


def test_who_confirms_at_the_last_moment_stays(
    kobe: RecordEngine, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the deletion, one of the batch is confirmed."""
    ids = apply(kobe, *(application(n) for n in range(3)))
    created_earlier(kobe, ids, HOURS + MINUTE)
    look = erasing._page

    def look_then_confirm(*arguments: object, **named: object) -> object:
        page = look(*arguments, **named)  # type: ignore[arg-type]
        if page.records:
            change(kobe, [ids[1]], statuscode=RECEIVED)
        return page

    monkeypatch.setattr(erasing, "_page", look_then_confirm)
    erase(kobe, mailer)
    assert remaining(kobe) == {ids[1]}
    kobe.keyring.opening_key(keys(kobe)[ids[1]])


def test_one_that_cannot_be_deleted_does_not_keep_the_others(
    kobe: RecordEngine, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a record that others refer to, by a relationship that restricts deletion."""
    ids = apply(kobe, *(application(n) for n in range(4)))
    created_earlier(kobe, ids, HOURS + MINUTE)
    delete = RecordService.delete_multiple

    def restricted(service: RecordService, caller: object, entity: str, batch: object) -> None:
        if any(one.id == ids[2] for one in batch):  # type: ignore[attr-defined]
            raise ValidationFailed([])
        delete(service, caller, entity, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(RecordService, "delete_multiple", restricted)
    with pytest.raises(NotErased, match="1 records"):
        erase(kobe, mailer)
    assert remaining(kobe) == {ids[2]}
    assert len(links(kobe)) == 4
