"""Finding what is due, rule by rule, and putting it before whoever decides."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import insert

from models.metadata.retention import RetentionRule
from models.records.engine import RecordEngine
from models.records.erasing import due
from models.records.service import RecordService
from models.security.contracts import today
from models.tables.base import new_id, utc_now
from models.tables.retention import APPROVED, PROPOSED, Erasure, ErasureRecord

MOST = 10_000
"""Records of one erasure: what one person can answer for, and one night can do."""


def propose(engine: RecordEngine) -> None:
    """An erasure for each rule of which something is due and not proposed yet."""
    on = today()
    for rule in engine.catalog.retention_rules.values():
        if rule.entered:
            while engine.run(partial(due.date_undated, rule=rule)) == due.BATCH:
                pass
        while engine.run(partial(_propose, rule=rule, on=on)) == MOST:
            pass


def _propose(service: RecordService, rule: RetentionRule, on: date) -> int:
    ids = due.due_ids(service, rule, on=on, most=MOST)
    if ids:
        _enter(service, rule, ids, on=on)
    return len(ids)


def _enter(service: RecordService, rule: RetentionRule, ids: Sequence[UUID], *, on: date) -> None:
    erasure = {
        "id": new_id(),
        "rule": rule.name,
        "entity": rule.entity,
        "action": rule.action.value,
        "state": PROPOSED if rule.approval else APPROVED,
        "needs_approval": rule.approval,
        "stated": json.dumps(stated(rule), ensure_ascii=False),
        "rule_digest": digest(rule),
        "due_on": on,
        "count": len(ids),
        "proposed_on": utc_now(),
    }
    service.transaction.write(insert(Erasure), erasure)
    rows = [{"erasure_id": erasure["id"], "record_id": one} for one in ids]
    service.transaction.write(insert(ErasureRecord), rows)
    service.audit(
        due.KEEPER, "propose_erasure", entity=rule.entity, rule=rule.name, count=len(ids)
    )


def stated(rule: RetentionRule) -> dict[str, object]:
    """The rule in plain values, as an erasure and its certificate keep it."""
    keep = rule.keep
    return {
        "ja": rule.display_name.text("ja"),
        "en": rule.display_name.text("en"),
        "years": keep.years,
        "months": keep.months,
        "days": keep.days,
        "from": rule.counted_from,
        "fiscal_year": rule.fiscal_year,
        "clears": list(rule.clears),
    }


def digest(rule: RetentionRule) -> str:
    """Of all that it states but its name and how long it may be late."""
    aside = {"display_name", "within_days"}
    told = {name: value for name, value in asdict(rule).items() if name not in aside}
    text = json.dumps(told, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    """A set in its order; a day as people write it."""
    return sorted(value, key=str) if isinstance(value, (set, frozenset)) else str(value)
