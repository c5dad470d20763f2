"""Disclosure (開示) and suspension of use (利用停止) asked for by the link in a mail: a request in
the office's register, with its clock. The link proves nobody's identity: the office checks that.
"""

from forms.applicants.sealed_texts import locked
from jobs.applicants import letters, posting
from jobs.applicants.acts import POSTMAN, Own, addressee
from jobs.applicants.posting import post
from models.metadata.errors import AccessDenied
from models.metadata.query import Query
from models.records import person_requests
from models.records.person_requests import Asked
from models.records.service import RecordService
from models.security import applicants
from models.security.contracts import today


def ask(service: RecordService, own: Own, *, kind: str, statement: str) -> None:
    """Raises AccessDenied (not offered), RecordNotFound, and ConcurrencyConflict where it is asked
    for already."""
    form = own.form
    stated, confirmation = applicants.stated(form)
    entity = service.catalog.entity(form.entity)
    caller = own.as_caller(applicants.reading(form, entity, own.record_id))
    if kind not in stated.requests:
        raise AccessDenied(f"asking for {kind} as an applicant", caller=caller)
    record = own.read(service)
    number = str(record[confirmation.receipt_number] or "")
    person = {
        "name": number,
        "email": str(record[confirmation.email] or ""),
        "phone": _phone(service, own),
        "asked": statement,
    }
    asked = Asked(kind=kind, received_on=today(), person=person, record_id=own.record_id)
    person_requests.enter(service, caller, asked)
    to = addressee(own, record, locked(service, entity, own.record_id))
    texts = {"due": posting.spoken_day(asked.due_on, to.language)}
    post(service, letters.REQUEST_RECEIVED, to, texts)


def _phone(service: RecordService, own: Own) -> str:
    """By it the office finds what else is held; the applicant need not be shown it."""
    attributes = service.catalog.entity(own.form.entity).attributes.values()
    names = tuple(one.logical_name for one in attributes if one.format == "Phone")
    if not names:
        return ""
    query = Query(entity=own.form.entity, columns=names, ids=(own.record_id,))
    [record] = service.retrieve_multiple(POSTMAN, query).records
    return next((str(record[name]) for name in names if record[name]), "")
