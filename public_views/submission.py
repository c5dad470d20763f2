"""The submission: one transaction in which a visit becomes a record, at most once.

The claim comes last: until then nothing needs the write lock, and of many who submit one visit
all but the first are taken back whole.
"""

from extensions import of_this_request
from forms.sessions import FormSessions, Visit, key_of_draft
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.errors import ConcurrencyConflict
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.principals import public_caller
from models.security.publications import answering
from public_views import shown_purpose
from public_views.form_subjects import subject_of


def submit(
    engine: RecordEngine,
    catalog: Catalog,
    form: FormDefinition,
    *,
    visit: Visit,
    language: str,
) -> bool:
    """True if this call made the record; False if the visit was submitted already. Raises
    AnotherPurpose where the form states other words than were agreed to."""
    sessions = FormSessions(engine.database, engine.keyring)
    values = sessions.answers(visit)
    shown = shown_purpose.take(form, values)
    values["id"] = visit.record_id
    if form.purpose is not None and form.purpose_attribute:
        values[form.purpose_attribute] = shown
    if form.confirmation is not None:
        values["statuscode"] = form.confirmation.pending_status
        if form.confirmation.language:
            values[form.confirmation.language] = language
    key_id = key_of_draft(visit)
    keys = {} if key_id is None else {visit.record_id: key_id}

    def work(service: RecordService) -> None:
        caller, about = _sender(service, form, visit)
        service.create_multiple(of_this_request(caller), form.entity, [values | about], keys=keys)
        sessions.claim_submission(service.transaction, visit)

    try:
        engine.run(work, catalog=catalog)
    except ConcurrencyConflict:
        return False
    return True


def _sender(
    service: RecordService, form: FormDefinition, visit: Visit
) -> tuple[Caller, dict[str, object]]:
    """Who sends it in, and what it is about: only while anyone may read that."""
    caller = public_caller(service.transaction.connection, form)
    found = subject_of(service, form, visit)
    if found is None or form.answers is None:
        return caller, {}
    lookup = form.answers.attribute
    return answering(caller, lookup, found[0]), {lookup: visit.about}
