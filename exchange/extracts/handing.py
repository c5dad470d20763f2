"""A file that is given to the person whose data it holds (開示): noted in the ledger and the audit
before its first byte leaves, and at its end with what it came to.

Nobody approves it: who asks was identified, which its maker requires. It knows no page.
"""

import hashlib
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import insert

from exchange.extracts import entries
from exchange.extracts.seeing import OF_SEVERAL
from exchange.extracts.states import Step, found, was_taken
from exchange.orders import Door
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import new_id, utc_now
from models.tables.extracts import Extract


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """What is given, what for, and until when the office's own copy may be kept; `columns` are
    `entity.attribute`."""

    columns: tuple[str, ...]
    personal: tuple[str, ...]
    count: int
    purpose: str
    recipient: str
    keep_until: date
    format: str
    language: str


@dataclass(slots=True)
class HandedFile:
    """Begin it, then iterate once for the file's bytes."""

    engine: RecordEngine
    caller: Caller
    handing: Handing
    id: UUID = field(default_factory=new_id)
    sha256: str = ""

    def begin(self, also: Callable[[RecordService], object]) -> None:
        """Enter it into the ledger; `also` is done in the same transaction."""

        def work(service: RecordService) -> None:
            also(service)
            self._enter(service)
            self._note(service, outcome="started")

        self.engine.run(work)

    def pieces(self, content: Iterable[bytes]) -> Generator[bytes, None, None]:
        """The content as it is; what was given, and how it ended, is noted."""
        digest, size, outcome = hashlib.sha256(), 0, "aborted"
        try:
            for piece in content:
                digest.update(piece)
                size += len(piece)
                yield piece
            outcome = "ok"
        except Exception:
            outcome = "failed"
            raise
        finally:
            self.sha256 = digest.hexdigest()
            self.engine.run(partial(self._end, outcome=outcome, size=size))

    def _enter(self, service: RecordService) -> None:
        given = self.handing
        row = {
            "id": self.id,
            "state": Step.HAND_OVER.before[0],
            "door": Door.PERSON,
            "entity": OF_SEVERAL,
            "columns": entries.stored(given.columns),
            "personal": entries.stored(given.personal),
            "count": given.count,
            "purpose": given.purpose,
            "recipient": given.recipient,
            "keep_until": given.keep_until,
            "format": given.format,
            "language": given.language,
            **entries.of_caller(service.transaction.connection, self.caller),
        }
        service.transaction.write(insert(Extract), row)

    def _end(self, service: RecordService, *, outcome: str, size: int) -> None:
        step = Step.HAND_OVER if outcome == "ok" else Step.BREAK_OFF
        ended = {"size": size, "sha256": self.sha256, "downloaded_on": utc_now()}
        was_taken(service.transaction, self.id, step, built=self.handing.count, **ended)
        self._note(service, outcome=outcome)

    def _note(self, service: RecordService, *, outcome: str) -> None:
        extract = found(service.transaction, self.id)
        entries.note(service, self.caller, "export", extract=extract, outcome=outcome)
