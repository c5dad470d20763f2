"""Building an approved extract's file, as its requester and with the rights of this moment.

The file is sealed piece by piece and never lies about in clear. An attempt is known by the key it
seals with: who finds another key in the row was taken over from, and gives up.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crypto.errors import SealingError
from crypto.keyring import OpenedKey
from exchange.csv_writing import MOST_PLACES
from exchange.extracts import entries, pieces, record_ids
from exchange.extracts.contents import Contents, query_of
from exchange.extracts.states import State, Step, found, was_taken
from exchange.formats import require_fitting
from exchange.record_file import RecordFile
from models.metadata.errors import (
    AccessDenied,
    DefinitionError,
    RecordNotFound,
    ValidationFailed,
)
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.principals import load_caller
from models.security.privileges import Miscellaneous
from models.tables.base import utc_now
from models.tables.extracts import Extract

BUILDER = Caller.system("building an extract")
FAILURES: Mapping[type[Exception], str] = {
    AccessDenied: "no_right",
    DefinitionError: "changed",
    ValidationFailed: "too_large",
    SealingError: "unopened",
}
"""Why an extract failed for good, for the page to say in the reader's language."""


class TakenOver(Exception):
    """Another worker builds this extract by now, or nobody is to."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to build one extract: its row, its requester, and the key it seals with."""

    extract: Any
    requester: Caller | None
    key: OpenedKey


def build(engine: RecordEngine, extract_id: UUID) -> None:
    """Build it, if it waits for that. What is wrong with it for good is noted in its state; what
    may pass, like a database that is away, is raised for another try."""
    attempt = _begun(engine, extract_id)
    if attempt is None:
        return
    if attempt.extract.key_id is not None:
        pieces.drop(engine.database, attempt.extract.key_id)
    try:
        with suppress(TakenOver):
            _build(engine, attempt)
            return
    except tuple(FAILURES) as error:
        with suppress(TakenOver):
            _fail(engine, attempt, _reason(error))
    engine.keyring.destroy({attempt.key.id})
    pieces.drop(engine.database, attempt.key.id)


def _begun(engine: RecordEngine, extract_id: UUID) -> Attempt | None:
    """None where nothing is to be built."""
    [key] = engine.keyring.sealing_keys(0, "record", 1, on=utc_now())

    def work(service: RecordService) -> Attempt | None:
        try:
            extract = found(service.transaction, extract_id)
        except RecordNotFound:
            return None
        as_found = Extract.key_id.is_not_distinct_from(extract.key_id)
        if not was_taken(service.transaction, extract_id, Step.BUILD, as_found, key_id=key.id):
            return None
        if extract.key_id is not None:
            service.unit.doomed_keys.add(extract.key_id)
        requester = load_caller(service.transaction.connection, extract.requested_by)
        return Attempt(extract, requester, key)

    attempt = engine.run(work)
    if attempt is None:
        engine.keyring.destroy({key.id})
    return attempt


def _build(engine: RecordEngine, attempt: Attempt) -> None:
    extract, requester, key = attempt.extract, attempt.requester, attempt.key
    if requester is None:
        raise AccessDenied("the requester's account is closed")
    require_miscellaneous(requester, Miscellaneous.EXPORT)
    contents = Contents(engine, requester, extract, query=query_of(engine.catalog, extract))
    require_fitting(extract.format, contents.columns, records=extract.count)
    file = RecordFile(contents.columns, contents, format=extract.format, language=extract.language)
    sealed = pieces.sealed(key.cipher, file, key_id=key.id, extract_id=extract.id)
    for number, piece in enumerate(sealed):
        _require_held(engine, attempt)
        pieces.store(engine.database, piece, key_id=key.id, number=number)
    places = [(one.row, one.column) for one in file.writer.report[:MOST_PLACES]]
    made = {
        "built": file.rows,
        "size": file.size,
        "sha256": file.sha256,
        "fingerprint": contents.fingerprint,
        "masked": entries.stored(sorted(contents.masked)),
        "replaced": file.writer.replaced,
        "replaced_in": json.dumps(places),
        "ready_on": utc_now(),
    }
    engine.run(lambda service: _finish(service, attempt, requester, made))


def _require_held(engine: RecordEngine, attempt: Attempt) -> None:
    extract = engine.database.run(lambda transaction: found(transaction, attempt.extract.id))
    if (extract.state, extract.key_id) != (State.BUILDING, attempt.key.id):
        raise TakenOver


def _finish(
    service: RecordService, attempt: Attempt, requester: Caller, made: Mapping[str, Any]
) -> None:
    _take(service, attempt, Step.FINISH, made)
    built = found(service.transaction, attempt.extract.id)
    entries.note(service, requester, "build_extract", extract=built, replaced=built.replaced)


def _fail(engine: RecordEngine, attempt: Attempt, reason: str) -> None:
    extract = attempt.extract

    def work(service: RecordService) -> None:
        _take(service, attempt, Step.FAIL, {"failure": reason, "key_id": None})
        record_ids.forget(service.transaction, extract.id)
        who = attempt.requester or BUILDER
        entries.note(
            service, who, "build_extract", extract=extract, outcome="failed", reason=reason
        )

    engine.run(work)


def _take(service: RecordService, attempt: Attempt, step: Step, values: Mapping[str, Any]) -> None:
    is_ours = Extract.key_id == attempt.key.id
    if not was_taken(service.transaction, attempt.extract.id, step, is_ours, **values):
        raise TakenOver


def _reason(error: Exception) -> str:
    return next(reason for kind, reason in FAILURES.items() if isinstance(error, kind))
