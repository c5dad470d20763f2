"""Erasures done again: in a database that was put back what was deleted since the backup goes at
once, and what was made nobody's is emptied, before anybody can read it; in the one in use those
are finished whose keys went although their commit was lost.

The keystore remembers the ids of all that was ever erased; it never belongs to the backup.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select, update

from crypto.keyring import ErasedRecord
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import RecordNotFound, ValidationFailed
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.erasing.anonymising import anonymise
from models.records.erasing.forgetting import forget
from models.records.service import RecordService
from models.records.store import StoredRow, chunks
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.base import utc_now
from models.tables.record_data import AuditEntry
from models.tables.retention import LegalHold

REPLAYER = Caller.system("erasing again what was erased after the backup")
FINISHER = Caller.system("finishing erasures that had stopped half-way")
ACTION, ANONYMISED = "finish_erasures", "anonymise"
CLOCKS_DIFFER = timedelta(minutes=5)


class NotReplayed(Exception):
    """Something erased is back, and cannot be deleted."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How many erasures were done to their end, and how many could not be."""

    finished: int
    held_back: int


def replay_erasures(engine: RecordEngine) -> int:
    """In a database that was put back: how many records were back. A hold of before stands there
    again: it was ended, or the record was not deleted. Harmless if repeated. NotReplayed."""
    done = _Replaying(engine, REPLAYER, before=_let_go).run()
    if done.held_back:
        left = done.held_back
        raise NotReplayed(f"{left} records that were erased are back and cannot be deleted")
    return done.finished


def finish_erasures(engine: RecordEngine) -> Finished:
    """In the database in use. Keys are destroyed before the commit: where that was lost, a record
    stands there without its sealed values. One that was put on hold since stays."""
    done = _Replaying(engine, FINISHER, before=_keep_holds).run()
    if done.finished or done.held_back:
        engine.run(
            lambda service: service.audit(
                FINISHER, ACTION, finished=done.finished, held_back=done.held_back
            )
        )
        engine.database.empty_log()
    return done


def _let_go(service: RecordService, record_id: UUID) -> None:
    held = update(LegalHold).where(LegalHold.record_id == record_id, LegalHold.lifted_on.is_(None))
    service.transaction.write(held.values(lifted_on=utc_now()))


def _keep_holds(_service: RecordService, _record_id: UUID) -> None:
    """Nothing is erased that is held."""


@dataclass(frozen=True, slots=True)
class _Replaying:
    engine: RecordEngine
    caller: Caller
    before: Callable[[RecordService, UUID], None]
    """What is done about a record right before it is erased."""

    def run(self) -> Finished:
        """Pass after pass: each may free what something else pointed to."""
        count = 0
        while True:
            entities = self.engine.catalog.entities.values()
            gone, left = map(sum, zip(*map(self._entity, entities), strict=True))
            count += gone
            if not left or not gone:
                return Finished(count, left)

    def _entity(self, entity: EntityDefinition) -> tuple[int, int]:
        """How many were erased, and how many could not be."""
        gone = left = 0
        for erased in self.engine.keyring.erased(entity.number):
            for one in self.engine.run(partial(self._standing, entity=entity, erased=erased)):
                try:
                    gone += self.engine.run(partial(self._erase, entity=entity, erased=one))
                except ValidationFailed:
                    left += 1
                except RecordNotFound:
                    continue  # it went along with another one
        return gone, left

    def _standing(
        self, service: RecordService, *, entity: EntityDefinition, erased: Sequence[ErasedRecord]
    ) -> list[ErasedRecord]:
        """Those of which something is there that was erased."""
        ids = [one.record_id for one in erased]
        present = service.unit.store.visible_ids(self.caller, Privilege.READ, entity, ids)
        nameless = [one.record_id for one in erased if one.emptied and one.record_id in present]
        present -= _anonymised(service, nameless)
        if not present:
            return []
        rows = service.unit.store.locked(self.caller, Privilege.WRITE, entity, present)
        return [one for one in erased if one.record_id in rows and _is_back(one, rows)]

    def _erase(
        self, service: RecordService, *, entity: EntityDefinition, erased: ErasedRecord
    ) -> int:
        record_id = erased.record_id
        self.before(service, record_id)
        if not erased.emptied:
            service.delete_multiple(self.caller, entity.logical_name, [Deletion(record_id)])
            return 1
        names = tuple(name for name in erased.emptied if name in entity.attributes)
        anonymise(service.unit, self.caller, entity, [record_id], names=names)
        forget(service.transaction, [record_id])
        return 1


def _is_back(erased: ErasedRecord, rows: dict[UUID, StoredRow]) -> bool:
    """Not one that was made anew under the same id; and of one that is nobody's not before
    something stands in it."""
    values = rows[erased.record_id].values
    if erased.on is not None and values["createdon"] > erased.on + CLOCKS_DIFFER:
        return False
    return not erased.emptied or any(values.get(name) is not None for name in erased.emptied)


def _anonymised(service: RecordService, ids: Sequence[UUID]) -> set[UUID]:
    """Those that were, as the log says: what was written into them since is not theirs."""
    found: set[UUID] = set()
    for chunk in chunks(ids, 500):
        of_these = AuditEntry.record_id.in_(chunk), AuditEntry.action == ANONYMISED
        statement = select(AuditEntry.record_id).where(*of_these).distinct()
        found.update(service.transaction.read(statement).scalars())
    return found
