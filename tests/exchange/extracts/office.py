"""An extract's life as the tests lead it: asked for, decided, built, fetched, confirmed."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from crypto.errors import DestroyedKey
from exchange.extracts import requesting
from exchange.extracts.building import build
from exchange.extracts.confirming import confirm
from exchange.extracts.downloading import fetch
from exchange.orders import ExportOrder
from jobs import extracts
from models.metadata.query import Order, Query
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.security.contracts import today
from models.tables.base import utc_now
from models.tables.extracts import Extract, ExtractPiece, ExtractRecords
from models.tables.record_data import AuditEntry, SystemJob
from tests.exchange.extracts.people import MAY_ASK, MAY_DECIDE, Person, hire
from tests.models.office import system

THING = "tst_thing"
COLUMNS = ("tst_name", "tst_email", "tst_phone")


@dataclass(frozen=True)
class Extraction:
    """One extract, who asked for it and who may decide on it."""

    engine: RecordEngine
    requester: Person
    approver: Person
    id: UUID

    @property
    def row(self) -> Any:
        with self.engine.database.reading() as connection:
            return connection.execute(select(Extract.__table__).where(Extract.id == self.id)).one()

    @property
    def state(self) -> str:
        return str(self.row.state)

    def approve(self) -> "Extraction":
        caller = self.approver.caller
        self.engine.run(lambda service: extracts.approve(service, caller, self.id))
        return self

    def build(self) -> "Extraction":
        build(self.engine, self.id)
        return self

    def fetch(self) -> bytes:
        return b"".join(fetch(self.engine, self.requester.caller, self.id))

    def confirm(self, how: str = "端末から消去した") -> None:
        caller = self.requester.caller
        self.engine.run(lambda s: confirm(s, caller, self.id, deleted_on=today(), how=how))

    def withdraw(self) -> None:
        caller = self.requester.caller
        self.engine.run(lambda service: requesting.withdraw(service, caller, self.id))

    def let_pass(self, by: timedelta) -> None:
        """As if everything about it were so much longer ago."""
        row, moved = self.row, {}
        for name in ("requested_on", "decided_on", "queued_on", "ready_on", "downloaded_on"):
            moment = getattr(row, name)
            moved |= {name: moment - by} if moment is not None else {}
        if row.keep_until is not None:
            moved["keep_until"] = row.keep_until - by
        self.change(**moved)

    def change(self, **values: object) -> None:
        statement = update(Extract).where(Extract.id == self.id).values(**values)
        self.engine.database.run(lambda transaction: transaction.write(statement))

    def acts(self) -> list[tuple[str, str]]:
        """What the audit has of it: acts and how they ended."""
        return [(one["action"], one["outcome"]) for one in audited(self.engine, self.id)]

    def is_open(self, key_id: int | None) -> bool:
        """Whether anybody could open what was sealed with this key."""
        try:
            self.engine.keyring.opening_key(key_id or 0)
        except DestroyedKey:
            return False
        return True


def order(
    ids: Sequence[UUID] | None, columns: Sequence[str] = COLUMNS, **changes: Any
) -> ExportOrder:
    query = Query(
        entity=THING,
        columns=tuple(columns),
        ids=None if ids is None else tuple(ids),
        order=(Order("tst_name"),),
    )
    stated = {
        "query": query,
        "purpose": "説明会の案内の送付",
        "recipient": "つなぐラボ 担当 山本",
        "keep_until": today() + timedelta(days=30),
    }
    return ExportOrder(**stated | changes)


def asked(
    engine: RecordEngine,
    ids: Sequence[UUID],
    *,
    requester: Person | None = None,
    approver: Person | None = None,
    **changes: Any,
) -> Extraction:
    """A request for these records that waits for a decision."""
    requester = requester or hire(engine, MAY_ASK)
    approver = approver or hire(engine, MAY_DECIDE)
    extract_id = requesting.request(engine, requester.caller, order(ids, **changes))
    return Extraction(engine, requester, approver, extract_id)


def ready(engine: RecordEngine, ids: Sequence[UUID], **how: Any) -> Extraction:
    """One that is built and waits to be fetched."""
    found = asked(engine, ids, **how).approve().build()
    assert found.state == "READY", found.row.failure
    return found


def things(engine: RecordEngine, *names: str) -> tuple[UUID, ...]:
    """Records with an address and a number each."""
    batch = [
        {"tst_name": name, "tst_email": f"a{n}@example.jp", "tst_phone": f"090-1234-{n:04}"}
        for n, name in enumerate(names)
    ]
    caller = system(engine)
    return tuple(engine.run(lambda service: service.create_multiple(caller, THING, batch)))


def erase(engine: RecordEngine, *ids: UUID) -> None:
    caller, batch = system(engine), [Deletion(one) for one in ids]
    engine.run(lambda service: service.delete_multiple(caller, THING, batch))


def rows(content: bytes) -> list[list[str]]:
    """A CSV file's rows, without its header."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, strict=True))[1:]


def audited(engine: RecordEngine, extract_id: UUID) -> list[dict[str, Any]]:
    statement = (
        select(AuditEntry.body)
        .where(AuditEntry.record_id == extract_id)
        .order_by(AuditEntry.sequence)
    )
    with engine.database.reading() as connection:
        return [json.loads(body) for body in connection.scalars(statement)]


def pieces(engine: RecordEngine, key_id: int | None) -> list[bytes]:
    statement = (
        select(ExtractPiece.sealed)
        .where(ExtractPiece.key_id == key_id)
        .order_by(ExtractPiece.number)
    )
    with engine.database.reading() as connection:
        return list(connection.scalars(statement))


def kept_ids(engine: RecordEngine, extract_id: UUID) -> int:
    """How many ids are kept of it."""
    statement = select(ExtractRecords.ids).where(ExtractRecords.extract_id == extract_id)
    with engine.database.reading() as connection:
        return sum(map(len, connection.scalars(statement))) // 16


def jobs_of(engine: RecordEngine, extract_id: UUID) -> list[Any]:
    statement = select(SystemJob.__table__).where(SystemJob.record_id == extract_id)
    with engine.database.reading() as connection:
        return list(connection.execute(statement.order_by(SystemJob.created_on)))


def now_is_later(extraction: Extraction, hours: float) -> None:
    extraction.let_pass(timedelta(hours=hours))
    assert extraction.row.requested_on < utc_now()
