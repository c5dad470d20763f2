"""Whom and which month a report is about; who may read it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from admin_views.audit.inspections.months import Month
from models.metadata.errors import RecordNotFound
from models.records.service import RecordService
from models.security import contracts
from models.security.caller import Caller, Scope
from models.security.privileges import Miscellaneous
from models.tables.principals import Contractor, SystemUser
from models.tables.session import Transaction

READERS = (Miscellaneous.MANAGE_USERS, Miscellaneous.READ_AUDIT)
"""No account of a contractor ever has one of them."""
MOST_MONTHS = 13


@dataclass(frozen=True, slots=True)
class Subject:
    """A contractor, with the rows of its accounts, in a month."""

    id: UUID
    name: str
    month: Month
    scope: Scope
    accounts: tuple[Any, ...]

    @property
    def account_ids(self) -> tuple[UUID, ...]:
        return tuple(account.id for account in self.accounts)


def may_read(caller: Caller) -> bool:
    return any(caller.may(privilege) for privilege in READERS)


def read_subject(service: RecordService, contractor_id: UUID, month: str) -> Subject:
    """Raises RecordNotFound for who is no contractor, and for a month outside of the contract or
    yet to come."""
    row = _contractor(service.transaction, contractor_id)
    found = Month.read(month)
    if found is None or found not in months_of(row):
        raise RecordNotFound("a month of the contract")
    statement = select(SystemUser.__table__).where(SystemUser.contractor_id == contractor_id)
    accounts = service.transaction.read(statement.order_by(SystemUser.id)).all()
    return Subject(row.id, row.name, found, contracts.scope_of(row), tuple(accounts))


def months_of(contractor: Any) -> list[Month]:
    """Of the contract, up to the present one, the newest first; not further back than a year."""
    month, last = (
        Month.of(contractor.starts_on),
        Month.of(min(contractor.ends_on, contracts.today())),
    )
    found = []
    while month <= last:
        found.append(month)
        month = month.next
    return found[::-1][:MOST_MONTHS]


def _contractor(transaction: Transaction, contractor_id: UUID) -> Any:
    statement = select(Contractor.__table__).where(Contractor.id == contractor_id)
    row = transaction.read(statement).first()
    if row is None:
        raise RecordNotFound("contractor")
    return row
