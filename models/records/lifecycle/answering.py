"""When a record was answered first: written into it with the first outgoing mail or call that was
done about it, in the same transaction, and never again.

The platform writes it, whoever answered: it is no change of the caller's, and moves no version.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from models.metadata.activities import CALL, DONE, MAIL, OUTGOING, activity_attribute
from models.metadata.definitions import Answered, EntityDefinition
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.security.caller import Caller
from models.security.privileges import Privilege

NOTER = Caller.system("noting the first answer")
ANSWERS = frozenset({MAIL, CALL})
Values = Mapping[str, Any]


def note(
    unit: UnitOfWork, activity: EntityDefinition, records: Iterable[Values], *, on: datetime
) -> None:
    """To be called when activities were created or changed, with all their values: one that is
    done now may be the first answer."""
    about = unit.catalog.regarding(activity.logical_name)
    if about is None or about.answered is None:
        return
    moments: dict[UUID, datetime] = {}
    for record_id, moment in _answers(activity.logical_name, records, on=on):
        moments[record_id] = min(moment, moments.get(record_id, moment))
    if not moments:
        return
    rows = unit.store.locked(NOTER, Privilege.READ, about, moments, stays=True)
    unanswered = [row for row in rows.values() if row.values[about.answered.at] is None]
    stamps = [(row.id, _stamp(about, about.answered, row, moments[row.id])) for row in unanswered]
    unit.store.stamp(about, stamps)
    touched = [(record_id, list(values)) for record_id, values in stamps]
    unit.auditing.records("update", NOTER, entity=about.logical_name, changes=touched)


def decided(
    activity: EntityDefinition, changes: Sequence[tuple[StoredRow, Mapping[str, Any]]]
) -> Iterator[Values]:
    """All values of activities that a change makes what they are: whoever assigns one that was
    done long ago answers nothing by that."""
    parts = ("kind", "direction")
    names = {activity_attribute(activity.logical_name, part) for part in parts} | {"statuscode"}
    for row, values in changes:
        if names & values.keys():
            yield row.values | dict(values)


def _answers(
    activity: str, records: Iterable[Values], *, on: datetime
) -> Iterator[tuple[UUID, datetime]]:
    """Which records were answered when: at the time that is entered, unless that is to come."""
    kind, direction, regarding, begins = (
        activity_attribute(activity, part)
        for part in ("kind", "direction", "regarding", "startson")
    )
    for values in records:
        is_answer = values.get(kind) in ANSWERS and values.get(direction) == OUTGOING
        if is_answer and values.get("statuscode") == DONE:
            yield values[regarding], min(values.get(begins) or on, on)


def _stamp(
    entity: EntityDefinition, answered: Answered, row: StoredRow, moment: datetime
) -> dict[str, Any]:
    """Never before the record was there: what was entered later may say so by mistake."""
    created: datetime = row.values["createdon"]
    moment = max(moment, created)
    stamp: dict[str, Any] = {answered.at: moment}
    if answered.hours:
        attribute = entity.attributes[answered.hours]
        hours = Decimal((moment - created).total_seconds()) / 3600
        if attribute.type == "Integer":
            stamp[answered.hours] = int(hours.to_integral_value(ROUND_HALF_UP))
        else:
            stamp[answered.hours] = hours.quantize(Decimal(1).scaleb(-attribute.precision))
    return stamp
