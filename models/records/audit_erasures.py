"""What was erased since a moment, by the audit: for those who looked at records and now hand over
what they saw. It knows no file."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from models.records.auditing import LAST
from models.tables.record_data import AuditEntry, AuditHead
from models.tables.session import Transaction

ERASING = ("delete", "anonymise")


def moment(connection: Connection) -> int:
    """The last entry, to be asked for before the records are looked at."""
    return connection.scalar(select(AuditHead.sequence)) or 0


def any_since(transaction: Transaction, moment: int, entities: Collection[str]) -> bool:
    """Whether records of these entities were. Until this transaction ends none will be: an erasure
    ends with its entries, and these wait for the head of the chain."""
    transaction.lock().execute(LAST)
    entry = AuditEntry
    statement = select(entry.sequence).where(
        entry.sequence > moment, entry.action.in_(ERASING), entry.entity.in_(entities)
    )
    return transaction.read(statement.limit(1)).first() is not None
