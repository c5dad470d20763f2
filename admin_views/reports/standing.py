"""Where a contractor's accounts stand at this moment: who works, who is shut, what each owes;
which were made in the month, and what the review of the quarter says of them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from admin_views.reports.subject import Subject
from admin_views.reviews.reading import Review, read_reviews
from models.records.service import RecordService
from models.security import contracts
from models.security.admission import why_shut
from models.security.fiscal import Quarter
from models.security.principals import ORGANIZATION
from models.tables.reviews import END, UNDECIDED, AccountReviewLine
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    accounts: int
    let_in: int
    dormant: int
    ended: int
    new: int
    """Made in the month."""
    unpledged: int
    """Of those that are not ended: without the present pledge."""
    untrained: int
    """Of those that are not ended: without a training that counts."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The review of the month's quarter, and its lines about this contractor."""

    review: Review
    accounts: int
    undecided: int
    to_end: int


def read_standing(service: RecordService, subject: Subject) -> Standing:
    connection, month = service.transaction.connection, subject.month
    organization = service.transaction.read(ORGANIZATION).one()
    shut = Counter(why_shut(connection, one.id, address=None) for one in subject.accounts)
    working = [account for account in subject.accounts if account.active]
    return Standing(
        accounts=len(subject.accounts),
        let_in=shut[""],
        dormant=shut["dormant"],
        ended=len(subject.accounts) - len(working),
        new=sum(month.begins <= one.created_on < month.ends for one in subject.accounts),
        unpledged=_owing(working, organization, "pledge"),
        untrained=_owing(working, organization, "training"),
    )


def read_reviewed(service: RecordService, subject: Subject) -> Reviewed | None:
    """None where there was no review in that quarter."""
    quarter = Quarter.of(subject.month.begins.date())
    reviews = [one for one in read_reviews(service.transaction) if one.quarter == quarter]
    return _of_contractor(service.transaction, reviews[0], subject.name) if reviews else None


def _of_contractor(transaction: Transaction, review: Review, name: str) -> Reviewed:
    line = AccountReviewLine
    statement = select(line.decision).where(line.review_id == review.id, line.contractor == name)
    decisions = Counter(transaction.read(statement).scalars())
    return Reviewed(review, decisions.total(), decisions[UNDECIDED], decisions[END])


def _owing(accounts: Iterable[Any], organization: Any, what: str) -> int:
    today = contracts.today()
    return sum(what in contracts.what_closes(one, organization, on=today) for one in accounts)
