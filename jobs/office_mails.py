"""A mail that the office writes to the person a record is about: kept among the record's
activities, and sent by the outbox in the same transaction.

Whoever writes it need not see the address: they may know it masked. So nothing that is secured
goes into the text, which others read later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jobs.answer_tokens import Thread, token_of
from jobs.outbox import OutgoingMail, enqueue_mails
from models.metadata.activities import DONE, MAIL, OUTGOING, activity_attribute
from models.metadata.attribute_types import LOCAL_ZONE, type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import AccessDenied, DefinitionError, Problem, ValidationFailed
from models.metadata.labels import LANGUAGES, Label
from models.metadata.templates import fill, fill_line, placeholders
from models.records.service import RecordService
from models.security import column_security
from models.security.caller import Caller
from models.security.privileges import Privilege

POSTMAN = Caller.system("sending a mail the office wrote")
TEMPLATE = "office_mail"
LONGEST = {"subject": 200, "body": 8000}
LABELS = {"subject": Label("件名", "Subject"), "body": Label("本文", "Text")}
TO = Label("宛先", "To")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeMail:
    """`subject` and `body` may have placeholders: attributes that are not secured."""

    entity: str
    record_id: UUID
    to: str
    """The attribute that holds the address."""
    subject: str
    body: str
    language: str = "ja"


def addresses(caller: Caller, entity: EntityDefinition) -> list[AttributeDefinition]:
    """The attributes a mail can go to: addresses that the caller may read, be it masked."""
    return [
        attribute
        for attribute in entity.attributes.values()
        if attribute.format == "Email" and column_security.rights(caller, entity, attribute).read
    ]


def language_of(service: RecordService, caller: Caller, entity: str, record_id: UUID) -> str:
    """The language that a form of the entity kept in the record; the first, if none did or the
    caller may not read it."""
    definition = service.catalog.entity(entity)
    forms = service.catalog.forms.values()
    kept = (
        one.confirmation.language for one in forms if one.entity == entity and one.confirmation
    )
    attribute = definition.attributes.get(next(filter(None, kept), ""))
    if attribute is None or not column_security.rights(caller, definition, attribute).read:
        return LANGUAGES[0]
    name = attribute.logical_name
    found = service.retrieve(caller, entity, record_id, columns=[name]).get(name)
    return str(found) if found in LANGUAGES else LANGUAGES[0]


def filled(service: RecordService, caller: Caller, mail: OfficeMail) -> tuple[str, str]:
    """Subject and body as they will be sent. Raises RecordNotFound, AccessDenied,
    ValidationFailed by `to`, `subject` and `body`."""
    entity = service.catalog.entity(mail.entity)
    _refuse(service, caller, entity, mail)
    names = sorted(_named(mail) & entity.attributes.keys())
    record = service.retrieve(caller, mail.entity, mail.record_id, columns=names)
    texts = _texts(entity, record, names, mail.language)
    return fill_line(mail.subject, texts), fill(mail.body, texts)


def send(service: RecordService, caller: Caller, mail: OfficeMail) -> None:
    """Keep it as an activity of the caller's and put it into the outbox. Raises as `filled`, and
    ValidationFailed by `to` where the record holds no address."""
    subject, body = filled(service, caller, mail)
    entity = service.catalog.entity(mail.entity)
    kept = {
        "regarding": mail.record_id,
        "kind": MAIL,
        "direction": OUTGOING,
        "subject": subject,
        "description": body,
    }
    values = {activity_attribute(mail.entity, part): value for part, value in kept.items()}
    service.create_multiple(caller, entity.activity_entity, [values | {"statuscode": DONE}])
    about: dict[str, Any] = {"entity": mail.entity, "record_id": mail.record_id}
    service.audit(caller, "send_mail", **about, attributes=[mail.to])
    enqueue_mails(service.transaction, service.keyring, [_outgoing(service, mail, subject, body)])


def _outgoing(service: RecordService, mail: OfficeMail, subject: str, body: str) -> OutgoingMail:
    """With the record's own key: erasing the record takes the mail along."""
    entity, ids = service.catalog.entity(mail.entity), [mail.record_id]
    row = service.unit.store.locked(POSTMAN, Privilege.READ, entity, ids)[mail.record_id]
    record = service.retrieve(POSTMAN, mail.entity, mail.record_id, columns=[mail.to])
    address = record.get(mail.to)
    if not isinstance(address, str) or not address:
        raise ValidationFailed([Problem("to", "required", TO)])
    return OutgoingMail(
        entity=mail.entity,
        record_id=mail.record_id,
        key_id=row.key_id,
        template=TEMPLATE,
        to=address,
        subject=subject,
        body=body,
        token=token_of(service.keyring, Thread(entity.number, mail.record_id)),
    )


def _refuse(
    service: RecordService, caller: Caller, entity: EntityDefinition, mail: OfficeMail
) -> None:
    if not entity.has_activities or not caller.has(entity.activity_entity, Privilege.CREATE):
        raise AccessDenied(f"writing mails about {mail.entity}", caller=caller)
    problems = list(_problems(entity, mail))
    if mail.to not in {one.logical_name for one in addresses(caller, entity)}:
        problems.append(Problem("to", "choose", TO))
    if problems:
        raise ValidationFailed(problems)


def _problems(entity: EntityDefinition, mail: OfficeMail) -> Iterator[Problem]:
    for name, text in (("subject", mail.subject), ("body", mail.body)):
        if not text.strip():
            yield Problem(name, "required", LABELS[name])
        elif len(text) > LONGEST[name]:
            told: dict[str, object] = {"maximum": LONGEST[name], "length": len(text)}
            yield Problem(name, "too_long", LABELS[name], told)
        elif (wrong := wrong_place(entity, text)) is not None:
            yield Problem(name, "no_placeholder", LABELS[name], {"name": wrong})


def wrong_place(entity: EntityDefinition, text: str) -> str | None:
    """A placeholder that stands for nothing there is, or for what is secured; a loose brace."""
    try:
        names = placeholders(text)
    except DefinitionError:
        return "{"
    for name in sorted(names):
        attribute = entity.attributes.get(name)
        if attribute is None or attribute.secured:
            return name[:60]
    return None


def _named(mail: OfficeMail) -> set[str]:
    return placeholders(mail.subject) | placeholders(mail.body)


def _texts(
    entity: EntityDefinition, record: Mapping[str, Any], names: list[str], language: str
) -> dict[str, str]:
    return {
        name: type_of(attribute).text(attribute, record[name], language=language, zone=LOCAL_ZONE)
        for name in names
        if (attribute := entity.attributes[name]) and record.get(name) is not None
    }
