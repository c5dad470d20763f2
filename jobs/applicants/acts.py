"""Correct, change the address, withdraw, ask for erasure: what an applicant does, as a caller that
can do that and nothing else.

Whatever the page offered, the engine refuses what the form does not let them do, and what is not
open to them while the record is as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from forms.applicants import addresses, register
from forms.applicants.register import Asked
from jobs.applicants import letters, posting
from jobs.applicants.noting import note
from jobs.applicants.posting import Addressee, post
from jobs.wording import spoken
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.components import FormDefinition
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied
from models.metadata.labels import LANGUAGES
from models.records.changes import Change
from models.records.locking import locked_rows
from models.records.service import RecordService
from models.records.store import StoredRow
from models.security import applicants
from models.security.applicants import STATUS
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.applicants import ADDRESS, CORRECTION, ERASURE, WITHDRAWAL
from models.tables.base import utc_now

ADDRESS_PATH = "/address"
POSTMAN = Caller.system("writing to an applicant")
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Own:
    """An applicant's record in one request, and what joins its acts in the audit."""

    form: FormDefinition
    record_id: UUID
    request_id: str = ""

    def as_caller(self, caller: Caller) -> Caller:
        return replace(caller, request_id=self.request_id)

    def read(self, service: RecordService) -> Record:
        """All that the applicant may see. Raises RecordNotFound."""
        entity = service.catalog.entity(self.form.entity)
        caller = self.as_caller(applicants.reading(self.form, entity, self.record_id))
        return service.retrieve(caller, self.form.entity, self.record_id)

    def read_for_the_office(self, service: RecordService) -> Record:
        """What a letter to the applicant needs, whoever causes it: they need not see the address.
        Raises RecordNotFound."""
        _, confirmation = applicants.stated(self.form)
        names = (confirmation.email, confirmation.receipt_number, confirmation.language)
        columns = tuple(filter(None, names))
        return service.retrieve(POSTMAN, self.form.entity, self.record_id, columns=columns)


def correct(
    service: RecordService, own: Own, values: Mapping[str, object], *, version: int, base_url: str
) -> bool:
    """Change what counts at once; write to a new address, which does not. Whether it was written
    to. Raises AccessDenied, RecordNotFound, ConcurrencyConflict, ValidationFailed."""
    form = own.form
    _, confirmation = applicants.stated(form)
    record, address = own.read(service), values.get(confirmation.email)
    at_once = {name: one for name, one in values.items() if name != confirmation.email}
    if at_once:
        caller = own.as_caller(applicants.correcting(form, own.record_id))
        change = Change(own.record_id, at_once, version)
        service.update_multiple(caller, form.entity, [change])
        names = sorted(at_once)
        asked = Asked(kind=CORRECTION, attributes=names)
        row = register.enter(service, form, own.record_id, asked)
        entity = service.catalog.entity(form.entity)
        note(service, entity, row, asked)
        language = _language(own, record)
        told = "、" if language == "ja" else ", "
        texts = {"attributes": told.join(_labels(entity, names, language))}
        post(service, letters.CORRECTED, addressee(own, record, row), texts)
    if isinstance(address, str) and address:
        known = None if at_once else version
        _propose(service, own, address=address, version=known, base_url=base_url)
        return True
    return False


def _propose(
    service: RecordService, own: Own, *, address: str, version: int | None, base_url: str
) -> None:
    """A round trip to the new address; the mail there tells nothing of the application."""
    form, record = own.form, own.read(service)
    caller = own.as_caller(applicants.readdressing(form, own.record_id))
    entity, change = service.catalog.entity(form.entity), Change(own.record_id, {}, version)
    [row] = locked_rows(service.unit.store, caller, Privilege.WRITE, entity=entity, batch=[change])
    token, until = addresses.propose(service, form, own.record_id, address=address, on=utc_now())
    language = _language(own, record)
    texts = {
        "url": f"{base_url}{ADDRESS_PATH}/{token}",
        "until": spoken(until, language),
    }
    new = replace(addressee(own, record, row), to=address, reference="")
    post(service, letters.CONFIRM_ADDRESS, new, texts)
    _, confirmation = applicants.stated(form)
    about: dict[str, Any] = {"entity": form.entity, "record_id": own.record_id}
    service.audit(caller, "propose_address", **about, attributes=[confirmation.email])


def change_address(service: RecordService, own: Own, address: str, *, base_url: str) -> None:
    """It was confirmed: all links end (see workflows), the old address is told, the new one gets
    a link. Raises as `correct`."""
    form = own.form
    _, confirmation = applicants.stated(form)
    before = own.read(service)
    caller = own.as_caller(applicants.readdressing(form, own.record_id))
    change = Change(own.record_id, {confirmation.email: address}, before["versionnumber"])
    service.update_multiple(caller, form.entity, [change])
    asked = Asked(kind=ADDRESS, attributes=[confirmation.email])
    row = register.enter(service, form, own.record_id, asked)
    note(service, service.catalog.entity(form.entity), row, asked)
    old = addressee(own, before, row)
    post(service, letters.ADDRESS_CHANGED, old)
    told = posting.links(
        service.transaction,
        form,
        [(own.record_id, old.reference)],
        base_url=base_url,
        language=old.language,
    )
    post(service, letters.NEW_ADDRESS, replace(old, to=address, reference=""), {"links": told})


def withdraw(service: RecordService, own: Own, *, version: int, statement: str) -> None:
    """Raises as `correct`."""
    form = own.form
    stated, _ = applicants.stated(form)
    caller = own.as_caller(applicants.withdrawing(form, own.record_id))
    record = own.read(service)
    status = stated.withdrawal.status if stated.withdrawal else None
    service.update_multiple(
        caller, form.entity, [Change(own.record_id, {STATUS: status}, version)]
    )
    asked = Asked(kind=WITHDRAWAL, statement=statement)
    row = register.enter(service, form, own.record_id, asked)
    entity = service.catalog.entity(form.entity)
    note(service, entity, row, asked)
    post(service, letters.WITHDRAWN, addressee(own, record, row))


def ask_erasure(service: RecordService, own: Own, *, statement: str) -> None:
    """Enter it for the office to decide on. Raises AccessDenied, RecordNotFound, and
    ConcurrencyConflict where it is asked for already."""
    form = own.form
    stated, _ = applicants.stated(form)
    entity = service.catalog.entity(form.entity)
    caller = own.as_caller(applicants.reading(form, entity, own.record_id))
    if stated.erasure_days is None:
        raise AccessDenied(f"asking for the erasure of {form.entity}", caller=caller)
    record = own.read(service)
    due = utc_now().astimezone(LOCAL_ZONE).date() + timedelta(days=stated.erasure_days)
    asked = Asked(kind=ERASURE, due_on=due, statement=statement)
    row = register.enter(service, form, own.record_id, asked)
    note(service, entity, row, asked)
    service.audit(caller, "ask_erasure", entity=form.entity, record_id=own.record_id)
    addressed = addressee(own, record, row)
    texts = {"due": posting.spoken_day(due, addressed.language)}
    post(service, letters.ERASURE_ASKED, addressed, texts)


def addressee(own: Own, record: Record, row: StoredRow) -> Addressee:
    """At the address that the record holds."""
    _, confirmation = applicants.stated(own.form)
    return Addressee(
        form=own.form,
        record_id=own.record_id,
        key_id=row.key_id,
        to=str(record[confirmation.email] or ""),
        language=_language(own, record),
        reference=str(record[confirmation.receipt_number] or ""),
    )


def _language(own: Own, record: Record) -> str:
    _, confirmation = applicants.stated(own.form)
    found = record.get(confirmation.language) if confirmation.language else None
    return found if isinstance(found, str) and found in LANGUAGES else LANGUAGES[0]


def _labels(entity: EntityDefinition, names: list[str], language: str) -> list[str]:
    return [entity.attributes[name].display_name.text(language) for name in names]
