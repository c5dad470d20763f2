"""The one download of an extract: by its requester, within a day, and never a second time.

Its key is destroyed in the transaction that hands the file over, before the first byte leaves:
whoever comes later finds pieces that nothing opens.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.errors import SealingError
from exchange.extracts import entries, pieces, record_ids
from exchange.extracts.contents import Contents, query_of, traces_of
from exchange.extracts.requesting import own, require_in_person
from exchange.extracts.states import State, Step, take
from models.metadata.errors import ConcurrencyConflict, DefinitionError
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
    try:
        if is_outdated(engine, caller, extract):
            raise Outdated
        cipher = engine.keyring.opening_key(extract.key_id)
    except SealingError as error:
        # another download has destroyed it, or its own did and then could not be noted
        _require_still_ready(engine, caller, extract)
        raise Outdated from error
    except DefinitionError as error:  # the view is another by now: the builder says so
        raise Outdated from error
    engine.run(lambda service: _hand_over(service, caller, extract))
    return Download(engine, caller, extract, cipher)


def is_outdated(engine: RecordEngine, caller: Caller, extract: Any) -> bool:
    """Whether a record in the file was erased, or is out of the caller's sight, or shows more
    than the caller may see by now. AccessDenied where a column is out of sight altogether."""
    query = query_of(engine.catalog, extract)
    masked = Contents(engine, caller, extract, query=query).masked
    if not masked <= set(entries.names(extract.masked)):
        return True
    contents = Contents(engine, caller, extract, query=traces_of(engine.catalog, query))
    for _ in contents:
        pass
    return contents.fingerprint != str(extract.fingerprint)


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
