"""The one download of an extract: by its requester, within a day, and never a second time.

Its key is destroyed in the transaction that hands the file over, before the first byte leaves:
whoever comes later finds pieces that nothing opens.
"""

import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.errors import SealingError
from exchange.extracts import entries, pieces, record_ids
from exchange.extracts.contents import Contents, entities_of, query_of, traces_of
from exchange.extracts.requesting import own, require_in_person
from exchange.extracts.states import State, Step, take
from models.metadata.errors import ConcurrencyConflict, DefinitionError
from models.records import audit_erasures
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import utc_now
from models.tables.extracts import Extract

FETCHED_WITHIN = timedelta(hours=24)


class Outdated(Exception):
    """The file holds what its requester may not have any more: it has to be built anew."""


class Download:
    """Iterate once for the file's bytes; the audit notes how that ended."""

    def __init__(self, engine: RecordEngine, caller: Caller, extract: Any, cipher: AESGCM) -> None:
        self._engine, self._caller, self._cipher = engine, caller, cipher
        self.extract = extract

    def __iter__(self) -> Iterator[bytes]:
        extract, outcome = self.extract, "aborted"  # what remains when the reader goes away
        try:
            yield from pieces.opened(
                self._engine.database,
                self._cipher,
                key_id=extract.key_id,
                extract_id=extract.id,
            )
            outcome = "ok"
        except Exception:
            outcome = "failed"
            raise
        finally:
            self._end(outcome)

    def _end(self, outcome: str) -> None:
        def note(service: RecordService) -> None:
            entries.note(
                service, self._caller, "download_extract", extract=self.extract, outcome=outcome
            )

        self._engine.run(note)
        pieces.drop(self._engine.database, self.extract.key_id)


def fetch(engine: RecordEngine, caller: Caller, extract_id: UUID) -> Download:
    """The caller's own file, which is nobody's to fetch from now on.

    Raises RecordNotFound (another's), AccessDenied, ConcurrencyConflict (fetched, over, not
    ready), Outdated.
    """
    extract = engine.run(lambda service: _fetchable(service, caller, extract_id))
    with engine.database.reading() as connection:
        looked_at = audit_erasures.moment(connection)
    try:
        if is_outdated(engine, caller, extract):
            raise Outdated
        entities = entities_of(engine.catalog, extract)
        cipher = engine.keyring.opening_key(extract.key_id)
    except SealingError as error:
        # another download has destroyed it, or its own did and then could not be noted
        _require_still_ready(engine, caller, extract)
        raise Outdated from error
    except DefinitionError as error:  # the view is another by now: the builder says so
        raise Outdated from error

    def hand_over(service: RecordService) -> None:
        _hand_over(service, caller, extract)
        if audit_erasures.any_since(service.transaction, looked_at, entities):
            raise Outdated

    engine.run(hand_over)
    return Download(engine, caller, extract, cipher)


def is_outdated(engine: RecordEngine, caller: Caller, extract: Any) -> bool:
    """Whether a record in the file was erased or made nobody's, or its person is another by now,
    or it is out of the caller's sight, or shows more than the caller may see. AccessDenied where
    a column is out of sight altogether."""
    query, masked = query_of(engine.catalog, extract), set(entries.names(extract.masked))
    if not Contents(engine, caller, extract, query=query).masked <= masked:
        return True
    traces = traces_of(engine.catalog, query)
    contents = Contents(engine, caller, extract, query=traces, masked=masked)
    for _ in contents:
        pass
    return not hmac.compare_digest(contents.fingerprint, str(extract.fingerprint))


def _fetchable(service: RecordService, caller: Caller, extract_id: UUID) -> Any:
    extract = own(service, caller, extract_id)
    require_in_person(caller)
    require_miscellaneous(caller, Miscellaneous.EXPORT)
    if extract.state != State.READY or extract.ready_on <= utc_now() - FETCHED_WITHIN:
        raise ConcurrencyConflict("the file is not there to be fetched")
    return extract


def _require_still_ready(engine: RecordEngine, caller: Caller, extract: Any) -> None:
    now = engine.run(lambda service: _fetchable(service, caller, extract.id))
    if now.key_id != extract.key_id:
        raise ConcurrencyConflict("the file was built anew meanwhile")


def _hand_over(service: RecordService, caller: Caller, extract: Any) -> None:
    now = utc_now()
    take(
        service.transaction,
        extract.id,
        Step.DOWNLOAD,
        Extract.requested_by == caller.id,
        Extract.key_id == extract.key_id,
        Extract.ready_on > now - FETCHED_WITHIN,
        downloaded_on=now,
    )
    record_ids.forget(service.transaction, extract.id)
    service.unit.doomed_keys.add(extract.key_id)
    entries.note(service, caller, "download_extract", extract=extract, outcome="started")
