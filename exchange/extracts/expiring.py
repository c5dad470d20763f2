"""What time brings to extracts: requests lapse, files that nobody fetched end with their keys, and
what broken attempts left is tidied away. A file whose records were erased is built anew.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from exchange.extracts import entries, pieces, record_ids
from exchange.extracts.downloading import FETCHED_WITHIN, is_outdated
from exchange.extracts.states import State, Step, found, was_taken
from exchange.orders import Door
from models.metadata.errors import AccessDenied, DefinitionError
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today
from models.security.principals import load_caller
from models.tables.base import utc_now
from models.tables.extracts import Extract, ExtractPiece, ExtractRecords

Renewal = Callable[..., object]
"""Given a service, `caller` and `extract_id`."""
EXPIRER = Caller.system("expiring extracts")
REQUESTS_KEPT = timedelta(days=14)
BUILT_WITHIN = timedelta(hours=24)
LONGEST_DOWNLOAD = timedelta(hours=2)
LONGEST_EXPORT = timedelta(hours=12)
REQUEST_MADE_WITHIN = timedelta(hours=1)


def expire(engine: RecordEngine, *, build_anew: Renewal) -> None:
    """Move on what is old; `build_anew` is done with each file that is out of date, in one
    transaction that takes it out of reach."""
    now = utc_now()
    for step, which in _overdue(now):
        for extract_id in _ids(engine, which):
            engine.run(partial(_end, extract_id=extract_id, step=step, which=which))
    for extract_id in _ids(engine, [_is_ready()]):
        if _is_outdated(engine, extract_id):
            engine.run(partial(build_anew, caller=EXPIRER, extract_id=extract_id))
    _drop_leftovers(engine, now)


def renew(service: RecordService, caller: Caller, extract_id: UUID) -> bool:
    """Let a file that is out of date wait to be built anew; False where it is not there."""
    extract = found(service.transaction, extract_id)
    as_found = Extract.key_id == extract.key_id
    queued = {"key_id": None, "queued_on": utc_now()}
    if not was_taken(service.transaction, extract_id, Step.RENEW, as_found, **queued):
        return False
    service.unit.doomed_keys.add(extract.key_id)
    entries.note(service, caller, "renew_extract", extract=extract)
    return True


def _overdue(now: datetime) -> list[tuple[Step, list[ColumnElement[bool]]]]:
    """Each step with the extracts that are to take it."""
    requested: ColumnElement[bool] = Extract.door == Door.REQUEST
    lapsed = or_(Extract.requested_on < now - REQUESTS_KEPT, Extract.keep_until < today())
    late = Extract.queued_on < now - BUILT_WITHIN
    broken = Extract.requested_on < now - LONGEST_EXPORT
    return [
        (Step.LAPSE, [requested, Extract.state == State.REQUESTED, lapsed]),
        (Step.EXPIRE, [_is_ready(), Extract.ready_on <= now - FETCHED_WITHIN]),
        (Step.FAIL, [requested, Extract.state.in_(Step.FAIL.before), late]),
        (Step.BREAK_OFF, [~requested, Extract.state == State.BUILDING, broken]),
    ]


def _is_ready() -> ColumnElement[bool]:
    return and_(Extract.state == State.READY, Extract.door == Door.REQUEST)


def _ids(engine: RecordEngine, which: Sequence[ColumnElement[bool]]) -> list[UUID]:
    with engine.database.reading() as connection:
        return list(connection.scalars(select(Extract.id).where(*which)))


def _end(
    service: RecordService,
    *,
    extract_id: UUID,
    step: Step,
    which: Sequence[ColumnElement[bool]],
) -> None:
    extract = found(service.transaction, extract_id)
    values = {"failure": "late"} if step is Step.FAIL else {}
    if not was_taken(service.transaction, extract_id, step, *which, **values):
        return
    if extract.key_id is not None:
        service.unit.doomed_keys.add(extract.key_id)
    record_ids.forget(service.transaction, extract_id)
    entries.note(service, EXPIRER, "expire_extract", extract=extract, state_before=extract.state)


def _is_outdated(engine: RecordEngine, extract_id: UUID) -> bool:
    """One whose requester may not have it at all is left: nobody can fetch it, and it ends
    within the day."""

    def look(service: RecordService) -> tuple[Any, Caller | None]:
        extract = found(service.transaction, extract_id)
        return extract, load_caller(service.transaction.connection, extract.requested_by)

    extract, requester = engine.run(look)
    try:
        return requester is not None and is_outdated(engine, requester, extract)
    except (AccessDenied, DefinitionError):
        return False


def _drop_leftovers(engine: RecordEngine, now: datetime) -> None:
    """Pieces that belong to no file that is made, waits or is being fetched, and ids of requests
    that were never made."""
    in_use = or_(
        Extract.state.in_((State.BUILDING, State.READY)),
        and_(Extract.state == State.DOWNLOADED, Extract.downloaded_on > now - LONGEST_DOWNLOAD),
    )
    needed = select(Extract.key_id).where(Extract.key_id.is_not(None), in_use)
    left = select(ExtractPiece.key_id).where(ExtractPiece.key_id.not_in(needed)).distinct()
    with engine.database.reading() as connection:
        keys = list(connection.scalars(left))
    if keys:
        engine.keyring.destroy(keys)
    for key_id in keys:
        pieces.drop(engine.database, key_id)
    for extract_id in _of_no_use(engine, now):
        engine.database.run(partial(record_ids.forget, extract_id=extract_id))


def _of_no_use(engine: RecordEngine, now: datetime) -> list[UUID]:
    """Whose ids are kept and are needed no more, or never were."""
    under_way = (State.REQUESTED, State.APPROVED, State.BUILDING, State.READY)
    statement = (
        select(ExtractRecords.extract_id)
        .where(
            ExtractRecords.extract_id.not_in(
                select(Extract.id).where(Extract.state.in_(under_way))
            ),
            ExtractRecords.created_on < now - REQUEST_MADE_WITHIN,
        )
        .distinct()
    )
    with engine.database.reading() as connection:
        return list(connection.scalars(statement))
