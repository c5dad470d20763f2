"""Account reviews as their pages show them: how far each is, and its lines as they were."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from models.metadata.errors import RecordNotFound
from models.security import contracts
from models.security.fiscal import Quarter
from models.tables.principals import Role, SystemUser
from models.tables.reviews import (
    OPEN,
    UNDECIDED,
    AccountReview,
    AccountReviewLine,
)
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class Review:
    id: UUID
    quarter: Quarter
    is_open: bool
    opened_on: datetime
    due_on: date
    accounts: int
    undecided: int
    signed_off_on: datetime | None
    signed_off_by: str

    @property
    def is_overdue(self) -> bool:
        return self.is_open and contracts.today() > self.due_on

    @property
    def decided(self) -> int:
        return self.accounts - self.undecided


@dataclass(frozen=True, slots=True)
class Line:
    account: UUID
    email: str
    full_name: str
    roles: tuple[str, ...]
    place: str
    """The contractor, or the business unit of the office's own."""
    last_signed_in_on: datetime | None
    shut: str
    decision: str
    note: str
    decided_on: datetime | None
    decided_by: str


def read_reviews(transaction: Transaction) -> list[Review]:
    """The newest first."""
    line = AccountReviewLine
    lines = (
        select(
            line.review_id,
            func.count().label("accounts"),
            func.count().filter(line.decision == UNDECIDED).label("undecided"),
        )
        .group_by(line.review_id)
        .subquery()
    )
    statement = (
        select(AccountReview.__table__, lines.c.accounts, lines.c.undecided, SystemUser.full_name)
        .outerjoin(lines, lines.c.review_id == AccountReview.id)
        .outerjoin(SystemUser, SystemUser.id == AccountReview.signed_off_by)
        .order_by(AccountReview.year.desc(), AccountReview.quarter.desc())
    )
    return [_review(row) for row in transaction.read(statement)]


def read_review(transaction: Transaction, review_id: UUID) -> Review:
    for review in read_reviews(transaction):
        if review.id == review_id:
            return review
    raise RecordNotFound("account review")


def read_lines(transaction: Transaction, review_id: UUID, *, language: str) -> list[Line]:
    """What is undecided first, then by name."""
    decider = SystemUser.__table__.alias("decider")
    statement = (
        select(AccountReviewLine.__table__, decider.c.full_name.label("decider"))
        .outerjoin(decider, decider.c.id == AccountReviewLine.decided_by)
        .where(AccountReviewLine.review_id == review_id)
        .order_by(AccountReviewLine.full_name, AccountReviewLine.email)
    )
    labels = _role_labels(transaction, language)
    lines = [_line(row, labels) for row in transaction.read(statement)]
    return sorted(lines, key=lambda one: one.decision != UNDECIDED)


def _review(row: Any) -> Review:
    return Review(
        id=row.id,
        quarter=Quarter(row.year, row.quarter),
        is_open=row.state == OPEN,
        opened_on=row.opened_on,
        due_on=row.due_on,
        accounts=row.accounts or 0,
        undecided=row.undecided or 0,
        signed_off_on=row.signed_off_on,
        signed_off_by=row.full_name or "",
    )


def _line(row: Any, labels: Mapping[str, str]) -> Line:
    return Line(
        account=row.systemuser_id,
        email=row.email,
        full_name=row.full_name,
        roles=tuple(labels.get(name, name) for name in json.loads(row.roles)),
        place=row.contractor or row.business_unit,
        last_signed_in_on=row.last_signed_in_on,
        shut=row.shut,
        decision=row.decision,
        note=row.note,
        decided_on=row.decided_on,
        decided_by=row.decider or "",
    )


def _role_labels(transaction: Transaction, language: str) -> dict[str, str]:
    rows = transaction.read(select(Role.__table__)).mappings()
    return {row["name"]: row[f"display_name_{language}"] or row["name"] for row in rows}
