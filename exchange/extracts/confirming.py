"""The confirmation that the copy of a file was deleted (消去確認), by who took it."""

from datetime import date
from uuid import UUID

from exchange.extracts import entries
from exchange.extracts.requesting import own, require_in_person
from exchange.extracts.states import Step, take
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import Problem, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today
from models.tables.base import utc_now
from models.tables.extracts import LONGEST_STATEMENT

DELETED_ON = Label("消去した日", "Day of the deletion")
DELETED_HOW = Label("消去の方法", "How it was deleted")


def confirm(
    service: RecordService, caller: Caller, extract_id: UUID, *, deleted_on: date | None, how: str
) -> None:
    """Raises RecordNotFound (another's), ValidationFailed, ConcurrencyConflict (no copy, or
    confirmed already)."""
    extract = own(service, caller, extract_id)
    require_in_person(caller)
    taken_on = extract.downloaded_on
    problems = [*_problems_of_day(deleted_on, taken_on and taken_on.astimezone(LOCAL_ZONE).date())]
    problems += _problems_of_way(how)
    if problems:
        raise ValidationFailed(problems)
    take(
        service.transaction,
        extract_id,
        Step.CONFIRM,
        deleted_on=deleted_on,
        deleted_how=how.strip(),
        confirmed_on=utc_now(),
    )
    entries.note(
        service,
        caller,
        "confirm_deletion",
        extract=extract,
        deleted_on=str(deleted_on),
        deleted_how=how.strip(),
    )


def _problems_of_day(day: date | None, taken_on: date | None) -> list[Problem]:
    if day is None:
        return [Problem("deleted_on", "required", DELETED_ON)]
    if day > today():
        return [Problem("deleted_on", "day_to_come", DELETED_ON)]
    if taken_on is not None and day < taken_on:
        return [Problem("deleted_on", "before_download", DELETED_ON)]
    return []


def _problems_of_way(how: str) -> list[Problem]:
    if not how.strip():
        return [Problem("deleted_how", "required", DELETED_HOW)]
    if len(how) > LONGEST_STATEMENT:
        parameters: dict[str, object] = {"maximum": LONGEST_STATEMENT, "length": len(how)}
        return [Problem("deleted_how", "too_long", DELETED_HOW, parameters)]
    return []
