"""What the audit holds, as tests read it; and the id on an answer that joins the two."""

import json
import re
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.records.engine import RecordEngine
from models.tables.record_data import AuditEntry

OURS = re.compile(r"[0-9a-f]{32}")
ENTRY = AuditEntry.__table__


def last(engine: RecordEngine) -> int:
    """The number of the newest entry."""
    with engine.database.reading() as connection:
        return connection.scalar(select(func.max(ENTRY.c.sequence))) or 0


def entries(engine: RecordEngine, after: int = 0) -> list[dict[str, Any]]:
    """Their bodies, the oldest first."""
    statement = select(ENTRY.c.body).where(ENTRY.c.sequence > after).order_by(ENTRY.c.sequence)
    with engine.database.reading() as connection:
        return [json.loads(body) for body in connection.scalars(statement)]


def request_id_of(answer: TestResponse) -> str:
    """The id that an answer carries, once."""
    [found] = answer.headers.getlist("X-Request-ID")
    assert OURS.fullmatch(found)
    return found
