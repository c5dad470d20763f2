"""Ending the records of one erasure, batch by batch: each once, whatever breaks it off.

A record that is held, or not due any more, stays; so does all that is left where the rule is not
the one that was approved. It remembers a few, to prove afterwards that they are gone.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from jobs.retention.claims import claim
from jobs.retention.proposing import digest
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import RecordNotFound, ValidationFailed
from models.metadata.retention import Action, RetentionRule
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.erasing import due, samples
from models.records.erasing.along import records_along
from models.records.erasing.anonymising import anonymise, emptied
from models.records.erasing.samples import Sample
from models.records.service import RecordService
from models.records.store import StoredRow
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Privilege
from models.tables.record_data import SystemJob
from models.tables.retention import CHANGED, GONE, REFUSED, WAITING, ErasureRecord

BATCH = 200
ERASER = Caller.system("erasing what is not kept any longer")
Outcomes = dict[UUID, tuple[str, int | None]]
"""By record what became of it, and the key that was destroyed with it."""


class Lost(Exception):
    """Another job has taken the erasure over."""


class Ending:
    def __init__(self, engine: RecordEngine, erasure: Any, by: UUID) -> None:
        self.entity = engine.catalog.entity(erasure.entity)
        self.samples: dict[UUID, Sample] = {}
        self._engine = engine
        self._erasure = erasure
        self._by = by
        rule = engine.catalog.retention_rules.get(erasure.rule)
        # nosemgrep: secret-compared - what a rule states is no secret
        is_approved = rule is not None and digest(rule) == erasure.rule_digest
        self._rule = rule if is_approved else None

    def run(self) -> None:
        """Until nothing waits. Raises Lost."""
        while ids := self._waiting():
            self._end_all(ids)

    def _waiting(self) -> list[UUID]:
        statement = _waiting(self._erasure.id).order_by(ErasureRecord.record_id).limit(BATCH)
        with self._engine.database.reading() as connection:
            return list(connection.scalars(statement))

    def _end_all(self, ids: Sequence[UUID]) -> None:
        """End a batch; where one record is in its way, each by itself."""
        try:
            self._engine.run(partial(self._end, ids=ids))
        except (ValidationFailed, RecordNotFound):
            if len(ids) == 1:
                refused: Outcomes = {ids[0]: (REFUSED, None)}
                self._engine.run(lambda service: self._mark(service, refused))
                return
            for one in ids:
                self._end_all([one])

    def _end(self, service: RecordService, ids: Sequence[UUID]) -> None:
        if not claim(service.transaction, self._erasure.id, self._by):
            raise Lost
        outcomes: Outcomes = dict.fromkeys(ids, (CHANGED, None))
        rule = self._rule
        if rule is not None:
            rows = self._ready(service, rule, ids)
            self._remember(service, rule, rows)
            self._end_rows(service, rule, [row.id for row in rows])
            owns = self.entity.key_bucket == "record"
            outcomes |= {row.id: (GONE, row.key_id if owns else None) for row in rows}
        self._mark(service, outcomes)

    def _ready(
        self, service: RecordService, rule: RetentionRule, ids: Sequence[UUID]
    ) -> list[StoredRow]:
        """Those of them that may go, locked."""
        still = due.still_due(service, rule, ids, on=max(today(), self._erasure.due_on))
        locked = service.unit.store.locked(ERASER, Privilege.DELETE, self.entity, still)
        return list(locked.values())

    def _remember(
        self, service: RecordService, rule: RetentionRule, rows: Sequence[StoredRow]
    ) -> None:
        wanted = rows[: max(0, samples.MOST - len(self.samples))]
        if not wanted:
            return
        names = set(self.entity.attributes)
        if rule.action is Action.ANONYMISE:
            names = set(emptied(self.entity, rule))
        taken = samples.take(service, self.entity, wanted, names=names)
        for entity, along in self._along(service, rule, [row.id for row in wanted]):
            names = set(entity.attributes)
            taken += samples.take(service, entity, along[: samples.MOST], names=names)
        self.samples |= {one.record_id: one for one in taken}

    def _along(
        self, service: RecordService, rule: RetentionRule, ids: Sequence[UUID]
    ) -> Iterator[tuple[EntityDefinition, list[StoredRow]]]:
        """What goes with those; with an anonymised record what was written about it."""
        for entity, found in records_along(service.unit, self.entity, ids):
            is_about = entity.logical_name == self.entity.activity_entity
            if rule.action is Action.ERASE or is_about:
                locked = service.unit.store.locked(ERASER, Privilege.DELETE, entity, found)
                yield entity, list(locked.values())

    def _end_rows(self, service: RecordService, rule: RetentionRule, ids: Sequence[UUID]) -> None:
        if not ids:
            return
        if rule.action is Action.ERASE:
            service.delete_multiple(ERASER, rule.entity, [Deletion(one) for one in ids])
        else:
            names = emptied(self.entity, rule)
            anonymise(service.unit, ERASER, self.entity, ids, names=names)
        of_them = SystemJob.record_id.in_(ids), SystemJob.state != "LOCKED"
        service.transaction.write(delete(SystemJob).where(*of_them))

    def _mark(self, service: RecordService, outcomes: Outcomes) -> None:
        """What has an outcome keeps it."""
        statement = (
            update(ErasureRecord)
            .where(ErasureRecord.erasure_id == self._erasure.id)
            .where(ErasureRecord.outcome == WAITING)
            .where(ErasureRecord.record_id == bindparam("record"))
            .values(outcome=bindparam("became"), key_id=bindparam("destroyed"))
        )
        rows = [
            {"record": one, "became": outcome, "destroyed": key_id}
            for one, (outcome, key_id) in outcomes.items()
        ]
        service.transaction.write(statement, rows)


def _waiting(erasure_id: UUID) -> Any:
    of_this = ErasureRecord.erasure_id == erasure_id, ErasureRecord.outcome == WAITING
    return select(ErasureRecord.record_id).where(*of_this)
