"""Months and their inspections as the pages show them: what waits; who signed what off, when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from admin_views.audit.finding import ENTRY
from admin_views.audit.inspections.figures import Figures, Vouched, count_month
from admin_views.audit.inspections.months import Month
from models.metadata.errors import RecordNotFound
from models.records.checkpoints import results
from models.records.checkpoints.results import Result
from models.records.service import RecordService
from models.tables.audit import AuditCheckpoint, AuditInspection
from models.tables.base import utc_now
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class Inspection:
    """A month: running, waiting for its inspection, or signed off."""

    month: Month
    signed_on: datetime | None = None
    signer: str = ""
    remarks: str = ""
    figures: Figures | None = None
    """As they were seen by who signed."""

    @property
    def is_over(self) -> bool:
        return utc_now() >= self.month.ends

    @property
    def waits(self) -> bool:
        return self.is_over and self.signed_on is None


@dataclass(frozen=True, slots=True)
class Examined:
    """What vouches for the log: the newest verification of the chain, the newest checkpoint."""

    result: Result | None
    checkpoint_on: datetime | None
    month: Month

    @property
    def is_new_enough(self) -> bool:
        return self.result is not None and self.result.completed_on >= self.month.ends

    @property
    def is_good(self) -> bool:
        return self.is_new_enough and self.result is not None and self.result.holds

    @property
    def vouched(self) -> Vouched | None:
        found = self.result
        if found is None:
            return None
        return Vouched(found.completed_on, found.entries, found.checkpoints, found.holds)


@dataclass(frozen=True, slots=True)
class Inspected:
    """Everything a month's page shows."""

    inspection: Inspection
    now: Figures
    """As the log says at this moment."""
    examined: Examined

    @property
    def figures(self) -> Figures:
        return self.inspection.figures or self.now

    @property
    def differs(self) -> bool:
        """Whether the log now says otherwise than when it was signed off."""
        return self.figures != self.now


def read_months(transaction: Transaction) -> list[Inspection]:
    """From the first entry's month to the present one, the newest first."""
    signed = {row.month: row for row in transaction.read(select(AuditInspection.__table__))}
    months = list(_months(transaction))[::-1]
    return [_inspection(month, signed.get(str(month))) for month in months]


def waiting(transaction: Transaction) -> list[Month]:
    """Months that are over and were not signed off, the oldest first."""
    return [one.month for one in read_months(transaction) if one.waits][::-1]


def read_month(service: RecordService, text: str) -> Inspected:
    """Raises RecordNotFound for what is no month of the log."""
    month = month_of(service.transaction, text)
    table = AuditInspection.__table__
    statement = select(table).where(AuditInspection.month == str(month))
    row = service.transaction.read(statement).first()
    return Inspected(
        _inspection(month, row),
        count_month(service, month),
        examined(service.transaction, month),
    )


def month_of(transaction: Transaction, text: str) -> Month:
    month = Month.read(text)
    if month is None or month not in _months(transaction):
        raise RecordNotFound("a month of the log")
    return month


def examined(transaction: Transaction, month: Month) -> Examined:
    on = AuditCheckpoint.created_on
    newest = transaction.read(select(on).order_by(on.desc()).limit(1)).scalar()
    return Examined(results.newest(transaction), newest, month)


def _months(transaction: Transaction) -> Iterator[Month]:
    on = ENTRY.c.created_on
    first = transaction.read(select(on).order_by(on).limit(1)).scalar()
    if first is None:
        return
    month, last = Month.at(first), Month.at(utc_now())
    while month <= last:
        yield month
        month = month.next


def _inspection(month: Month, row: Any) -> Inspection:
    if row is None or row.signed_on is None:
        return Inspection(month)
    return Inspection(month, row.signed_on, row.signer, row.remarks, Figures.read(row.figures))
