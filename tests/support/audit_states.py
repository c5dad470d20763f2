"""The audit's tables as they stood at a moment, and put back: what a restored backup does, or who
has the database and wants something not to have happened. Other tables are left alone.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, insert, select

from models.records.engine import RecordEngine
from models.tables.audit import AuditCheckpoint, AuditListed, AuditSubject
from models.tables.record_data import AuditEntry, AuditHead
from models.tables.session import Transaction

TABLES: tuple[Table, ...] = tuple(
    one.__table__ for one in (AuditEntry, AuditHead, AuditSubject, AuditListed, AuditCheckpoint)
)


@dataclass(frozen=True)
class State:
    rows: dict[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, engine: RecordEngine) -> "State":
        with engine.database.snapshot() as connection:
            return cls(
                {
                    one.name: [dict(row) for row in connection.execute(select(one)).mappings()]
                    for one in TABLES
                }
            )

    def put_back(self, engine: RecordEngine) -> None:
        def work(transaction: Transaction) -> None:
            for table in TABLES:
                transaction.write(delete(table))
                if self.rows[table.name]:
                    transaction.write(insert(table), self.rows[table.name])

        engine.database.run(work)
