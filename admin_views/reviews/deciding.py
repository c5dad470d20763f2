"""Decisions on the accounts of a review, and its sign-off: each a step that happens once.

Nobody decides on their own account. An end takes effect at once. Who holds the review's row goes
first, so that nothing is decided any more once it is signed off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, update

from admin_views.identity import accounts
from extensions import engine
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    Problem,
    RecordNotFound,
    ValidationFailed,
)
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.fiscal import Quarter
from models.security.privileges import Miscellaneous
from models.tables.base import utc_now
from models.tables.reviews import (
    CHANGE,
    END,
    ENDED_BEFORE,
    KEEP,
    OPEN,
    SIGNED_OFF,
    UNDECIDED,
    AccountReview,
    AccountReviewLine,
)

DECISIONS: Mapping[str, Label] = {
    KEEP: Label("継続", "Keep"),
    CHANGE: Label("変更", "Change"),
    END: Label("停止", "End"),
}
FINAL = (END, ENDED_BEFORE)
EXPLAINED = (CHANGE, END)
"""Decisions that say why, or what is to be changed."""
DECISION, NOTE = Label("判断", "Decision"), Label("理由・変更の内容", "Note")
LINES = Label("判断", "Decision")
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    account: UUID
    decision: str
    note: str
    known: str
    """The decision it takes the place of, as its maker saw it."""


def decide(caller: Caller, review_id: UUID, decisions: Sequence[Decision]) -> None:
    """All of them or none. Raises AccessDenied, RecordNotFound, ConcurrencyConflict (signed off),
    ValidationFailed."""
    _require_person(caller)
    if caller.id in {one.account for one in decisions}:
        raise AccessDenied("deciding on one's own account", caller=caller)

    def work(service: RecordService) -> None:
        review = _locked(service, review_id)
        problems = [problem for one in decisions if (problem := _problem(one))]
        if problems:
            raise ValidationFailed(problems)
        for one in decisions:
            _decide(service, caller, review, one)

    engine().run(work)


def sign_off(caller: Caller, review_id: UUID) -> None:
    """By the caller, once. Raises as `decide`; ValidationFailed while lines are undecided."""
    _require_person(caller)

    def work(service: RecordService) -> None:
        review = _locked(service, review_id)
        undecided = select(func.count()).where(
            AccountReviewLine.review_id == review_id, AccountReviewLine.decision == UNDECIDED
        )
        if count := service.transaction.read(undecided).scalar_one():
            raise ValidationFailed([Problem("lines", "undecided", LINES, {"count": count})])
        signed = {"state": SIGNED_OFF, "signed_off_on": utc_now(), "signed_off_by": caller.id}
        still_open = and_(AccountReview.id == review_id, AccountReview.state == OPEN)
        statement = update(AccountReview).where(still_open).values(**signed)
        if service.transaction.write(statement).rowcount != 1:
            raise ConcurrencyConflict("account review")
        service.audit(caller, "sign_off_account_review", **_named(review))

    engine().run(work)


def _require_person(caller: Caller) -> None:
    """Not in the name of another: whose account it is must be plain."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    if caller.id is None or caller.supporter is not None:
        raise AccessDenied("reviewing accounts in another's name", caller=caller)


def _locked(service: RecordService, review_id: UUID) -> Any:
    """The review's row, held until the transaction ends."""
    statement = select(AccountReview.__table__).where(AccountReview.id == review_id)
    row = service.transaction.lock().execute(statement.with_for_update()).first()
    if row is None:
        raise RecordNotFound("account review")
    if row.state != OPEN:
        raise ConcurrencyConflict("account review")
    return row


def _problem(one: Decision) -> Problem | None:
    if one.decision not in DECISIONS:
        return Problem(f"decision-{one.account}", "choose", DECISION)
    if one.decision in EXPLAINED and not one.note:
        return Problem(f"note-{one.account}", "required", NOTE)
    if len(one.note) > LONGEST_NOTE:
        parameters: dict[str, object] = {"maximum": LONGEST_NOTE, "length": len(one.note)}
        return Problem(f"note-{one.account}", "too_long", NOTE, parameters)
    if not one.note.isprintable():
        return Problem(f"note-{one.account}", "control_characters", NOTE)
    return None


def _decide(service: RecordService, caller: Caller, review: Any, one: Decision) -> None:
    line = AccountReviewLine
    this = line.review_id == review.id, line.systemuser_id == one.account
    if service.transaction.read(select(line.decision).where(*this)).first() is None:
        raise RecordNotFound("account")
    decided = {"decision": one.decision, "note": one.note}
    decided_now = {"decided_on": utc_now(), "decided_by": caller.id}
    as_known = (*this, line.decision == one.known, line.decision.not_in(FINAL))
    statement = update(AccountReviewLine).where(*as_known).values(**decided, **decided_now)
    if service.transaction.write(statement).rowcount != 1:
        name = f"decision-{one.account}"
        raise ValidationFailed([Problem(name, "decided_meanwhile", DECISION)])
    if one.decision == END:
        accounts.end(service, caller, one.account)
    before = {"decision_before": one.known} if one.known else {}
    details = {**_named(review), **decided, **before}
    service.audit(caller, "decide_account_review", record_id=one.account, **details)


def _named(review: Any) -> dict[str, Any]:
    return {"quarter": Quarter(review.year, review.quarter).text("ja")}
