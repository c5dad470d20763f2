"""What each person owes before personal data opens to them: the pledge (誓約) and the training.

When data is closed is decided by `models/security/contracts.py`; here it is entered and told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from admin_views.language import read_day
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
from models.security import contracts
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.pledge import Pledge, pledge_of
from models.security.principals import ORGANIZATION
from models.security.privileges import Miscellaneous
from models.tables.principals import SystemUser

ACCOUNTS = Label("アカウント", "Account")
TRAINED_ON, TRAINING = Label("受講日", "Day of the training"), Label("研修名", "Training")
LONGEST_NAME = 100
WARNED_FOR = timedelta(days=30)
"""So long before the training runs out the person is told."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one account stands with its pledge and its training."""

    pledge: Pledge
    pledge_is_asked: bool
    pledged_on: date | None
    """When it gave the present version; None if it did not."""
    months: int
    """After which a training is too old; 0 for never."""
    trained_on: date | None
    valid_until: date | None
    """The last day that the training counts; None without one, or where none is asked for."""

    @property
    def runs_out(self) -> bool:
        """Whether these are the last days of the training."""
        if self.valid_until is None:
            return False
        return timedelta(0) <= self.valid_until - contracts.today() <= WARNED_FOR


def standing_of(account: Any, organization: Any) -> Standing:
    """Of the rows of an account and of the organization."""
    months, trained_on = organization.training_months, account.trained_on
    has_pledged = contracts.has_pledged(account, organization)
    return Standing(
        pledge=pledge_of(organization),
        pledge_is_asked=organization.must_pledge,
        pledged_on=account.pledged_on if has_pledged else None,
        months=months,
        trained_on=trained_on,
        valid_until=contracts.months_after(trained_on, months) if months and trained_on else None,
    )


def read_standing(service: RecordService, user_id: UUID) -> Standing:
    statement = select(SystemUser.__table__).where(SystemUser.id == user_id)
    account = service.transaction.read(statement).first()
    if account is None:
        raise RecordNotFound("account")
    return standing_of(account, service.transaction.read(ORGANIZATION).one())


def give_pledge(caller: Caller, *, version: str) -> None:
    """The caller's own. ConcurrencyConflict if another version is asked for by now."""
    if caller.id is None or caller.supporter is not None:
        raise AccessDenied("a pledge is given by the person alone", caller=caller)

    def work(service: RecordService) -> None:
        present = pledge_of(service.transaction.read(ORGANIZATION).one()).version
        if version != present:
            raise ConcurrencyConflict("pledge")
        ungiven = or_(SystemUser.pledged_on.is_(None), SystemUser.pledge_version != version)
        mine = update(SystemUser).where(SystemUser.id == caller.id, ungiven)
        given = mine.values(pledged_on=contracts.today(), pledge_version=version)
        if service.transaction.write(given).rowcount:
            service.audit(caller, "give_pledge", record_id=caller.id, version=version)

    engine().run(work)


def enter_training(caller: Caller, ids: Sequence[UUID], *, trained_on: str, name: str) -> None:
    """The training that these persons took on one day. Raises AccessDenied, ValidationFailed,
    RecordNotFound. Nobody enters their own."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    day, name = read_day(trained_on), " ".join(name.split())
    problems = [*_problems(day, trained_on, name=name)]
    if not ids:
        problems.append(Problem("accounts", "choose", ACCOUNTS))
    if problems or day is None:
        raise ValidationFailed(problems)
    if {one.id for one in caller.acting} & set(ids):
        raise AccessDenied("entering one's own training", caller=caller)

    def work(service: RecordService) -> None:
        for user_id in dict.fromkeys(ids):
            _enter(service, caller, user_id, trained_on=day, name=name)

    engine().run(work)


def _problems(day: date | None, typed: str, *, name: str) -> list[Problem]:
    problems = []
    if day is None:
        problems.append(Problem("trained_on", "date" if typed.strip() else "required", TRAINED_ON))
    elif day > contracts.today():
        problems.append(Problem("trained_on", "in_the_future", TRAINED_ON))
    if not name:
        problems.append(Problem("training", "required", TRAINING))
    elif len(name) > LONGEST_NAME:
        parameters: dict[str, object] = {"maximum": LONGEST_NAME, "length": len(name)}
        problems.append(Problem("training", "too_long", TRAINING, parameters))
    elif not name.isprintable():
        problems.append(Problem("training", "control_characters", TRAINING))
    return problems


def _enter(
    service: RecordService, caller: Caller, user_id: UUID, *, trained_on: date, name: str
) -> None:
    service.transaction.lock()
    present = select(SystemUser.trained_on).where(SystemUser.id == user_id).with_for_update()
    row = service.transaction.read(present).first()
    if row is None:
        raise RecordNotFound("account")
    changed = update(SystemUser).where(SystemUser.id == user_id)
    service.transaction.write(changed.values(trained_on=trained_on, training_name=name))
    details = {"trained_on": trained_on.isoformat(), "training": name}
    if row.trained_on is not None:
        details["trained_on_before"] = row.trained_on.isoformat()
    service.audit(caller, "enter_training", record_id=user_id, **details)
