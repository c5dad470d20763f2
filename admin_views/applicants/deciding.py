"""Decide on a request for erasure: the record is erased, or the person is told why not. Who may
delete the record decides."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from admin_views.applicants.reading import Request, read_request
from forms.applicants import register
from forms.applicants.sealed_texts import locked
from jobs.applicants import letters
from jobs.applicants.acts import Own, addressee
from jobs.applicants.letters import Letter
from jobs.applicants.posting import Addressee, post
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    RecordNotFound,
)
from models.metadata.labels import Label
from models.records.changes import Deletion
from models.records.service import RecordService
from models.records.store import StoredRow
from models.security.caller import Caller
from models.tables.applicants import ERASURE, REFUSED

REASON = Label("消去できない理由", "Why it cannot be erased")


def erase(service: RecordService, caller: Caller, identifier: UUID, *, version: int) -> None:
    """Erase the record as it was shown, its key with it, and tell the person. Raises AccessDenied,
    RecordNotFound, ConcurrencyConflict (decided, or changed), ValidationFailed (restricted)."""
    asked = _to_decide(service, caller, identifier)
    to = _addressee(service, asked, locked(service, asked.entity, asked.row.record_id))
    service.audit(caller, "grant_erasure", **_about(asked))
    wanted = Deletion(asked.row.record_id, version)
    service.delete_multiple(caller, asked.row.entity, [wanted])  # which closes the request
    _post(service, letters.ERASED, replace(to, key_id=None), {})


def refuse(service: RecordService, caller: Caller, identifier: UUID, *, answer: str) -> None:
    """Raises as `erase`; ValidationFailed by `answer` without one."""
    asked = _to_decide(service, caller, identifier)
    answer = register.written(answer, name="answer", label=REASON, is_required=True)
    row = locked(service, asked.entity, asked.row.record_id)
    sealed = register.sealed_answer(service, row, identifier, answer)
    to = _addressee(service, asked, row)
    register.decide(service, caller, identifier, state=REFUSED, answer=sealed)
    service.audit(caller, "refuse_erasure", **_about(asked))
    _post(service, letters.NOT_ERASED, to, {"answer": answer})


def _to_decide(service: RecordService, caller: Caller, identifier: UUID) -> Request:
    if caller.id is None or caller.supporter is not None:
        raise AccessDenied("deciding in another's name", caller=caller)
    asked = read_request(service, caller, identifier)
    if asked.row.kind != ERASURE:
        raise RecordNotFound("a request to be decided on")
    if not asked.is_open:
        raise ConcurrencyConflict("subject request")
    if not asked.may_decide:
        raise AccessDenied(f"deciding on a request about {asked.row.entity}", caller=caller)
    return asked


def _post(service: RecordService, letter: Letter, to: Addressee, texts: dict[str, str]) -> None:
    """To who gave an address: a record may be older than the form that asks for one."""
    if to.to:
        post(service, letter, to, texts)


def _addressee(service: RecordService, asked: Request, row: StoredRow) -> Addressee:
    """The person's address as it is now, for when the record is gone."""
    form = service.catalog.self_service_of(asked.row.entity)
    if form is None:
        raise RecordNotFound("the form of the request")
    own = Own(form, asked.row.record_id)
    return addressee(own, own.read_for_the_office(service), row)


def _about(asked: Request) -> dict[str, Any]:
    return {"entity": asked.row.entity, "record_id": asked.row.record_id}
