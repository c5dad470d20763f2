"""What the tests of exchange/ share: orders, files read back, what the audit says of them."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exchange.exporting import Export
from exchange.orders import ExportOrder
from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.record_data import AuditEntry

THING = "tst_thing"


def create(engine: RecordEngine, caller: Caller, *batch: dict[str, object]) -> tuple[UUID, ...]:
    return tuple(engine.run(lambda s: s.create_multiple(caller, THING, list(batch))))


def order(ids: Sequence[UUID] | None, columns: Sequence[str], **changes: Any) -> ExportOrder:
    """An export of these records (of all, for None), by their ids."""
    query = Query(
        entity=THING, columns=tuple(columns), ids=None if ids is None else tuple(ids), order=()
    )
    stated = {"purpose": "協力者との調整", "recipient": "つなぐラボ", **changes}
    return ExportOrder(query=query, **stated)


def export(
    engine: RecordEngine, caller: Caller, ids: Sequence[UUID], columns: Sequence[str], **how: Any
) -> bytes:
    return b"".join(Export(engine, caller, order(ids, columns, **how)))


def cells(content: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    """As Python's csv module reads the file, strictly."""
    return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), strict=True))


def audited(engine: RecordEngine, action: str = "export") -> list[dict[str, Any]]:
    """The audit's entries of that action, the newest last."""
    statement = select(AuditEntry.body).where(AuditEntry.action == action)
    with engine.database.reading() as connection:
        bodies = connection.scalars(statement.order_by(AuditEntry.sequence)).all()
    return [json.loads(body) for body in bodies]
