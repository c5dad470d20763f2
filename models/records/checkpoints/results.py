"""What examinations found, kept: when, up to which entry, and what was wrong.

For those who inspect the log; a result is no evidence, it is only the last one's word.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select

from models.records.audit_verification import Fault
from models.records.checkpoints.examining import Examination
from models.tables.audit import AuditVerification
from models.tables.base import new_id, utc_now
from models.tables.session import Transaction

TIMES = ("after", "before")


@dataclass(frozen=True, slots=True)
class Result:
    completed_on: datetime
    entries: int
    """The number of the last entry that was read."""
    checkpoints: int
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def keep(transaction: Transaction, found: Examination) -> None:
    row = {
        "id": new_id(),
        "completed_on": utc_now(),
        "entries": found.chain.newest,
        "checkpoints": found.checkpoints,
        "faults": json.dumps([asdict(fault) for fault in found.faults], default=_text),
    }
    transaction.write(insert(AuditVerification), row)


def newest(transaction: Transaction) -> Result | None:
    """The last one's; None before the first."""
    statement: Select[Any] = select(AuditVerification.__table__)
    statement = statement.order_by(AuditVerification.completed_on.desc()).limit(1)
    row = transaction.read(statement).first()
    if row is None:
        return None
    faults = tuple(_fault(one) for one in json.loads(row.faults))
    return Result(row.completed_on, row.entries, row.checkpoints, faults)


def _fault(stored: Mapping[str, Any]) -> Fault:
    times = {name: stored[name] and datetime.fromisoformat(stored[name]) for name in TIMES}
    return Fault(**{**stored, **times})


def _text(moment: datetime) -> str:
    return moment.isoformat()
