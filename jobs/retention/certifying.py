"""The proof of an erasure, and the certificate that is signed over it.

It says what was observed: a proof that fails is certified as failed, and waits for a person.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from exchange.backups.halves import days_until_unreadable
from jobs.retention.ending import ERASER, Ending
from models.metadata.retention import Action
from models.records.engine import RecordEngine
from models.records.erasing import certificates
from models.records.erasing.anonymising import emptied
from models.records.erasing.proof import Remains, Verification, verify
from models.records.service import RecordService
from models.records.store import chunks
from models.security.contracts import today
from models.tables.base import utc_now
from models.tables.retention import APPROVED, DONE, GONE, UNPROVED, Erasure, ErasureRecord
from models.tables.rewriting import is_complete

Became = Sequence[Any]
"""Of each record of an erasure: its id, its outcome, its key."""


class Certifying:
    """Once nothing of the erasure waits, and the files were rewritten as told."""

    def __init__(
        self, engine: RecordEngine, erasure: Any, ending: Ending, *, backup_days: int
    ) -> None:
        self._engine = engine
        self._backup_days = backup_days
        self._erasure = erasure
        self._ending = ending
        self._entity = ending.entity

    def run(self, by: UUID, *, rewritten: Sequence[str]) -> int:
        """Prove and sign; how many records went. 0 where another job was first."""
        became = self._became()
        remains = self._remains(became, is_rewritten=is_complete(rewritten))
        samples = list(self._ending.samples.values())
        verification = verify(self._engine, self._entity, samples, remains)
        text = self._certificate(became, verification, rewritten)

        def finish(service: RecordService) -> int:
            return self._finish(service, by, text, verification)

        return self._engine.run(finish)

    def _became(self) -> Became:
        of_this = ErasureRecord.erasure_id == self._erasure.id
        columns = (ErasureRecord.record_id, ErasureRecord.outcome, ErasureRecord.key_id)
        with self._engine.database.reading() as connection:
            return connection.execute(select(*columns).where(of_this)).all()

    def _remains(self, became: Became, *, is_rewritten: bool) -> Remains:
        """Asked of all that went, not of samples."""
        ids = [row.record_id for row in became if row.outcome == GONE]
        keys = {row.key_id for row in became if row.key_id is not None}
        return Remains(
            went=len(ids),
            rows_left=self._rows_left(ids),
            keys_left=len(self._engine.keyring.find_keys(keys, keeps=False).ciphers),
            keys_destroyed=len(keys),
            rewritten=is_rewritten,
        )

    def _rows_left(self, ids: Sequence[UUID]) -> int:
        # nosemgrep: record-read-elsewhere - counts what a proof must not find, and reads nothing
        table = self._engine.catalog.tables.entities[self._entity.logical_name]
        says: list[ColumnElement[bool]] = []
        rule = self._engine.catalog.retention_rules.get(self._erasure.rule)
        if self._erasure.action == Action.ANONYMISE and rule is not None:
            says = [or_(*(table.c[one].is_not(None) for one in emptied(self._entity, rule)))]
        count = 0
        with self._engine.database.reading() as connection:
            for chunk in chunks(ids, 500):
                there = select(func.count()).where(table.c.id.in_(chunk), *says)
                count += connection.scalar(there) or 0
        return count

    def _certificate(
        self, became: Became, verification: Verification, rewritten: Sequence[str]
    ) -> str:
        erasure, name, now = self._erasure, self._entity.display_collection_name, utc_now()
        days = days_until_unreadable(self._backup_days)
        counts = Counter(row.outcome for row in became)
        owns = self._entity.key_bucket == "record"
        keys = "record_keys_destroyed" if owns else "month_keys_shared"
        stated = {
            "erasure": str(erasure.id),
            "entity": {"name": erasure.entity, "ja": name.text("ja"), "en": name.text("en")},
            "rule": json.loads(erasure.stated) | {"name": erasure.rule},
            "action": erasure.action,
            "method": [keys, "rows_deleted", *rewritten],
            "counts": {"proposed": len(became), **counts},
            "proposed_on": erasure.proposed_on.isoformat(),
            "approved_by": erasure.decided_by_name,
            "approved_on": erasure.decided_on.isoformat() if erasure.decided_on else "",
            "completed_on": now.isoformat(),
            "backups_end_on": (today() + timedelta(days=days)).isoformat(),
        }
        destroyed = [row.key_id for row in became if row.key_id is not None]
        signer = certificates.signer_of(self._engine.keyring)
        return certificates.made(signer, stated, key_ids=destroyed, verification=verification)

    def _finish(
        self, service: RecordService, by: UUID, text: str, verification: Verification
    ) -> int:
        ours = Erasure.state == APPROVED, Erasure.claimed_by == by
        state = DONE if verification.holds else UNPROVED
        done = update(Erasure).where(Erasure.id == self._erasure.id, *ours)
        values = {"state": state, "completed_on": utc_now(), "certificate": text}
        if service.transaction.write(done.values(**values)).rowcount != 1:
            return 0
        service.audit(
            ERASER,
            "carry_out_erasure",
            entity=self._erasure.entity,
            erasure=self._erasure.id.hex,
            counts=json.loads(text)["counts"],
            holds=verification.holds,
        )
        return verification.remains.went
