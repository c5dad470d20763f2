"""Letters to applicants put into the outbox, in the transaction of what they tell; from the
contact that the form states, in the language of the application."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from forms.applicants.links import issue
from jobs.applicants.letters import CONTACT, FRAME, LINK, REFERENCE, SUBJECT, Letter
from jobs.outbox import OutgoingMail, enqueue_mails
from jobs.wording import contact_of, spoken, status_url
from models.metadata.components import FormDefinition
from models.metadata.labels import LANGUAGES
from models.metadata.templates import fill, fill_line
from models.records.service import RecordService
from models.tables.base import utc_now
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a letter goes to, and about which record; `key_id` is the record's, None once it is
    gone: the letter is sealed with the platform's then."""

    form: FormDefinition
    record_id: UUID
    key_id: int | None
    to: str
    language: str = LANGUAGES[0]
    reference: str = ""
    """The receipt number."""


def post(
    service: RecordService,
    letter: Letter,
    addressee: Addressee,
    texts: Mapping[str, str] | None = None,
) -> None:
    form, language = addressee.form, addressee.language
    contact = contact_of(form, language)
    number = {"reference": addressee.reference}
    frame = {
        "reference": fill(REFERENCE.text(language), number) if addressee.reference else "",
        "body": fill(letter.body.text(language), texts or {}),
        "contact": fill(CONTACT.text(language), contact) if contact else "",
    }
    titles = {"form": form.title.text(language), "title": letter.title.text(language)}
    mail = OutgoingMail(
        entity=form.entity,
        record_id=addressee.record_id,
        key_id=addressee.key_id,
        template=letter.name,
        to=addressee.to,
        subject=fill_line(SUBJECT[language], titles),
        body=fill(FRAME.text(language), frame),
        sender_name=contact.get("contact_name", ""),
    )
    enqueue_mails(service.transaction, service.keyring, [mail])


def links(
    transaction: Transaction,
    form: FormDefinition,
    records: Sequence[tuple[UUID, str]],
    *,
    base_url: str,
    language: str,
) -> str:
    """A new link for each (record, receipt number), as a letter tells them."""
    told = []
    for record_id, number in records:
        token, until = issue(transaction, form=form, record_id=record_id, on=utc_now())
        places = {
            "number": number,
            "url": status_url(base_url, token),
            "until": spoken(until, language),
        }
        told.append(fill(LINK.text(language), places))
    return "\n\n".join(told)


def spoken_day(day: date, language: str) -> str:
    if language == "en":
        return f"{day.day} {day:%B %Y}"
    return f"{day.year}年{day.month}月{day.day}日"
