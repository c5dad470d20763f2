"""The submission: one transaction in which a visit becomes a record, at most once.

The claim comes last: until then nothing needs the write lock, and of many who submit one visit
all but the first are taken back whole.
"""

from extensions import of_this_request
from forms.building import CONSENT
from forms.sessions import FormSessions, Visit, key_of_draft
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.errors import ConcurrencyConflict
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.principals import public_caller


def submit(
    engine: RecordEngine,
    catalog: Catalog,
    form: FormDefinition,
    *,
    visit: Visit,
    language: str,
) -> bool:
    """True if this call made the record; False if the visit was submitted already."""
    sessions = FormSessions(engine.database, engine.keyring)
    values = sessions.answers(visit)
    values.pop(CONSENT, None)
    values["id"] = visit.record_id
    if form.purpose is not None and form.purpose_attribute:
        values[form.purpose_attribute] = visit.purpose_version  # the one that was shown
    if form.confirmation is not None:
        values["statuscode"] = form.confirmation.pending_status
        if form.confirmation.language:
            values[form.confirmation.language] = language
    key_id = key_of_draft(visit)
    keys = {} if key_id is None else {visit.record_id: key_id}

    def work(service: RecordService) -> None:
        caller = of_this_request(public_caller(service.transaction.connection, form))
        service.create_multiple(caller, form.entity, [values], keys=keys)
        sessions.claim_submission(service.transaction, visit)

    try:
        engine.run(work, catalog=catalog)
    except ConcurrencyConflict:
        return False
    return True
