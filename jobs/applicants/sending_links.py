"""The job kind send_status_links: somebody who lost their link gave a mail address; if there are
applications of it, it gets a mail with new links.

It is looked for here and not at the page, so that the page answers alike and in the same time
whether or not there are any.
"""

from uuid import UUID

from forms.applicants.sealed_texts import locked
from jobs.applicants import letters, posting
from jobs.applicants.posting import Addressee, post
from jobs.mail import Mailer
from jobs.outbox import enqueue_sealed, open_sealed
from jobs.queue import ClaimedJob
from models.metadata.components import FormDefinition
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.applicants import STATUS, stated
from models.security.caller import Caller

SEND_LINKS = "send_status_links"
MOST = 5
"""Applications of one address that get a link at once, the newest ones."""
FINDER = Caller.system("sending an applicant the link to their application")


def ask(
    service: RecordService,
    form: FormDefinition,
    *,
    address: str,
    language: str,
    base_url: str,
) -> None:
    data = (form.name, address, language, base_url)
    enqueue_sealed(service.transaction, service.keyring, kind=SEND_LINKS, data=data)


def send_links(engine: RecordEngine, _mailer: Mailer, job: ClaimedJob) -> None:
    if job.payload is None:
        raise ValueError("a search without an address")
    name, address, language, base_url = open_sealed(engine.keyring, job.id, job.payload)
    form = engine.catalog.public_form(name)
    if form is None or form.self_service is None:
        return
    engine.run(lambda s: _send(s, form, address, language=language, base_url=base_url))


def _send(
    service: RecordService, form: FormDefinition, address: str, *, language: str, base_url: str
) -> None:
    _, confirmation = stated(form)
    found = _find(service, form, address)
    if not found:
        return
    records = [(_id(one), str(one[confirmation.receipt_number] or "")) for one in found]
    told = posting.links(service.transaction, form, records, base_url=base_url, language=language)
    newest, to = records[0][0], str(found[0][confirmation.email])
    row = locked(service, service.catalog.entity(form.entity), newest)
    addressee = Addressee(form=form, record_id=newest, key_id=row.key_id, to=to, language=language)
    post(service, letters.LINKS, addressee, {"links": told})
    for record_id, _ in records:
        service.audit(FINDER, SEND_LINKS, entity=form.entity, record_id=record_id)


def _find(service: RecordService, form: FormDefinition, address: str) -> list[dict[str, object]]:
    """The newest that are confirmed."""
    _, confirmation = stated(form)
    awaited = tuple(service.catalog.awaited_statuses(form.entity))
    query = Query(
        entity=form.entity,
        columns=(confirmation.email, confirmation.receipt_number),
        filter=Filter(
            (
                Condition(confirmation.email, Operator.EQUAL, address),
                Condition(STATUS, Operator.NOT_IN, awaited),
            )
        ),
        order=(Order("createdon", descending=True),),
        page_size=MOST,
    )
    return service.retrieve_multiple(FINDER, query).records


def _id(record: dict[str, object]) -> UUID:
    return UUID(str(record["id"]))
