"""The decision on a request: granted or not, in words; of a correction what stood there before and
what stands there now, and which changes of records it was. Sealed as the request is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from admin_views.audit.entries import Entry
from admin_views.disclosure import correcting
from admin_views.disclosure.register import (
    LABELS,
    LONGEST_TEXT,
    Request,
    move,
    read,
    require_own_name,
    require_text,
)
from models.metadata.errors import Problem, ValidationFailed
from models.records.person_requests import sealed
from models.records.sealing import DECISION_PAYLOAD
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import utc_now
from models.tables.requests import CORRECTION, DONE, LONGEST, REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`before` and `after`: what a correction changed; `changes` are the numbers of the log's
    entries of it, `elsewhere` what stands outside of this system."""

    granted: bool
    answer: str
    before: str = ""
    after: str = ""
    changes: frozenset[int] = frozenset()
    elsewhere: str = ""

    def text(self, changes: Iterable[Entry]) -> str:
        parts = [(name, getattr(self, name)) for name in ("before", "after")]
        parts += [("change", correcting.told(one)) for one in changes]
        parts.append(("elsewhere", self.elsewhere))
        told = [
            f"{LABELS[name].text('ja')} ({LABELS[name].text('en')}): {part}"
            for name, part in parts
            if part
        ]
        return "\n".join([self.answer, *told])


def decide(service: RecordService, caller: Caller, request_id: UUID, decision: Decision) -> None:
    """Raises as `identify`; ValidationFailed by `how` where nobody checked who asks, by `before`,
    `after` and `change` where a correction does not tell what it changed."""
    require_own_name(caller)
    require_text("answer", decision.answer, longest=LONGEST_TEXT)
    request, granted = read(service, caller, request_id), decision.granted
    if granted:
        request.require_identified()
    changes = _changes(service, caller, request, decision) if granted else []
    decided = {"decided_by": caller.id, "decided_by_name": caller.name, "decided_on": utc_now()}
    answer = sealed(service, request_id, DECISION_PAYLOAD, decision.text(changes))
    state = DONE if granted else REFUSED
    move(service, request_id, {"state": state, "answer": answer, **decided})
    tied: dict[str, Any] = {"changes": [one.sequence for one in changes]} if changes else {}
    records = sorted({one.record.hex for one in changes if one.record})
    tied |= {"records": records} if records else {}
    service.audit(caller, "decide_request", request=request_id.hex, granted=granted, **tied)


def _changes(
    service: RecordService, caller: Caller, request: Request, decision: Decision
) -> list[Entry]:
    """What a correction came to in the log, if it is one."""
    if request.row.kind != CORRECTION:
        return []
    require_text("before", decision.before, longest=LONGEST_TEXT)
    require_text("after", decision.after, longest=LONGEST_TEXT)
    known = correcting.changes(service, caller, request)
    chosen = [one for one in known if one.sequence in decision.changes]
    if not chosen and not decision.elsewhere:
        raise ValidationFailed([Problem("change", "choose", LABELS["change"])])
    if decision.elsewhere:
        require_text("elsewhere", decision.elsewhere, longest=LONGEST)
    return chosen
