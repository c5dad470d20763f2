"""Rows of every place where something is sealed, put there as the house puts them."""

import json
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, select

from crypto.envelope import key_id_of
from jobs.outbox import OutgoingMail, enqueue_mails, enqueue_sealed, open_mail, open_sealed
from models.metadata.query import Query
from models.metadata.tables import DATA_KEY
from models.records import sealing
from models.records.engine import RecordEngine
from models.records.rekeying.patience import Patience
from models.records.sealing import open_payload, seal_payload
from models.security.caller import Caller
from models.tables.applicants import AddressChange, SubjectRequest
from models.tables.base import new_id, table_of, utc_now
from models.tables.intake import FormSession
from models.tables.principals import StaffSession
from models.tables.record_data import SystemJob

AT_ONCE = Patience(0.0)
SENT = OutgoingMail(
    entity="tst_thing",
    record_id=UUID(int=0),
    key_id=None,
    template="received",
    to="taro@example.jp",
    subject="受付",
    body="受け付けました。",
)


class Sealed(NamedTuple):
    record_id: UUID
    draft_of: UUID
    token: bytes


def thing(engine: RecordEngine, caller: Caller, values: Any) -> UUID:
    [made] = engine.run(lambda s: s.create_multiple(caller, "tst_thing", [values]))
    return made


def key_of(engine: RecordEngine, record_id: UUID, entity: str = "tst_thing") -> int:
    table = engine.catalog.tables.entities[entity]
    with engine.database.reading() as connection:
        found = connection.scalar(select(table.c[DATA_KEY]).where(table.c.id == record_id))
    assert isinstance(found, int)
    return found


def row_of(engine: RecordEngine, record_id: UUID, entity: str = "tst_thing") -> dict[str, Any]:
    """As it is stored."""
    table = engine.catalog.tables.entities[entity]
    with engine.database.reading() as connection:
        return dict(
            connection.execute(select(table).where(table.c.id == record_id)).mappings().one()
        )


def record(
    engine: RecordEngine, caller: Caller, record_id: UUID, entity: str = "tst_thing"
) -> dict[str, object]:
    query = Query(entity=entity, ids=(record_id,))
    [found] = engine.run(lambda s: s.retrieve_multiple(caller, query)).records
    return found


def everything(engine: RecordEngine, caller: Caller) -> Sealed:
    """A record with all that may belong to it, a visit's draft, a session of staff."""
    record_id = thing(engine, caller, {"tst_email": "taro@example.jp"})
    key_id, now, token = key_of(engine, record_id), utc_now(), new_id().bytes * 2
    entity = engine.catalog.entity("tst_thing")
    [future] = engine.keyring.sealing_keys(entity.number, "record", 1, on=now)
    [month] = engine.keyring.sealing_keys(0, "month", 1, on=now)
    draft_of, request_id = new_id(), new_id()

    def sealed(number: int, about: UUID, key: int, text: str) -> bytes:
        return seal_payload(
            engine.keyring, number=number, record_id=about, key_id=key, data=text.encode()
        )

    about = {"form": "f", "entity": "tst_thing", "record_id": record_id}
    rows: list[tuple[Any, dict[str, Any]]] = [
        (
            FormSession,
            {"token_hash": token, "form": "f", "expires_on": now, "record_id": draft_of}
            | {"draft": sealed(sealing.DRAFT_PAYLOAD, draft_of, future.id, "下書き")},
        ),
        (
            AddressChange,
            {"token_hash": token, "expires_on": now, **about}
            | {"address": sealed(sealing.ADDRESS_PAYLOAD, record_id, key_id, "新住所")},
        ),
        (
            SubjectRequest,
            {"id": request_id, "kind": "correction", "state": "REQUESTED", **about}
            | {"statement": sealed(sealing.STATEMENT_PAYLOAD, request_id, key_id, "訂正")},
        ),
        (
            StaffSession,
            {"token_hash": token, "expires_on": now}
            | {
                "payload": sealed(
                    sealing.SESSION_PAYLOAD, UUID(bytes=token[:16]), month.id, "会話"
                )
            },
        ),
    ]

    def work(service: Any) -> None:
        mail = SENT.__class__(**{**_fields(SENT), "record_id": record_id, "key_id": key_id})
        enqueue_mails(service.transaction, engine.keyring, [mail])
        enqueue_sealed(service.transaction, engine.keyring, kind="send_status_links", data=["x"])
        for mapped, row in rows:
            service.transaction.write(insert(mapped), row)

    engine.run(work)
    return Sealed(record_id, draft_of, token)


def read_all(engine: RecordEngine, kept: Sealed) -> list[Any]:
    """What stands in it, opened as the house opens it."""
    found: list[Any] = []
    with engine.database.reading() as connection:
        jobs = connection.execute(select(table_of(SystemJob)).order_by(SystemJob.kind)).all()
        draft = connection.scalar(select(FormSession.draft))
        address = connection.scalar(select(AddressChange.address))
        request = connection.execute(select(SubjectRequest.id, SubjectRequest.statement)).one()
        session = connection.scalar(select(StaffSession.payload))
    for job in jobs:
        is_mail = job.kind == "send_mail"
        opened = (open_mail if is_mail else open_sealed)(engine.keyring, job.id, job.payload)
        found.append((opened.to, opened.body) if is_mail else json.dumps(opened))
    for number, about, envelope in (
        (sealing.DRAFT_PAYLOAD, kept.draft_of, draft),
        (sealing.ADDRESS_PAYLOAD, kept.record_id, address),
        (sealing.STATEMENT_PAYLOAD, request.id, request.statement),
        (sealing.SESSION_PAYLOAD, UUID(bytes=kept.token[:16]), session),
    ):
        assert envelope is not None
        data = open_payload(engine.keyring, number=number, record_id=about, envelope=envelope)
        found.append(data.decode())
    return found


def named(engine: RecordEngine) -> dict[str, int]:
    """Which key each of the platform's payloads names."""
    with engine.database.reading() as connection:
        mail = connection.scalar(select(SystemJob.payload).where(SystemJob.kind == "send_mail"))
        draft = connection.scalar(select(FormSession.draft))
        address = connection.scalar(select(AddressChange.address))
    found = {"mail": mail, "draft": draft, "address": address}
    return {name: key_id_of(one) for name, one in found.items() if one is not None}


def _fields(mail: OutgoingMail) -> dict[str, Any]:
    return {name: getattr(mail, name) for name in OutgoingMail.__slots__}
