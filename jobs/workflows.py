"""Workflows: the step after an operation that puts the solution's mails into the outbox.

The record service calls it without knowing it; the composition root hands it down. It runs within
the submitting request, so it formats what the template names and nothing more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from config import Settings
from forms.applicants import links, register
from forms.confirmations import issue
from jobs.mail_values import told_by
from jobs.outbox import OutgoingMail, enqueue_mails
from jobs.wording import contact_of, spoken, status_url
from models.metadata.attribute_types import LOCAL_ZONE, type_of
from models.metadata.components import FormDefinition, Workflow
from models.metadata.labels import LANGUAGES
from models.metadata.paths import attribute_at
from models.metadata.templates import fill, fill_line, placeholders
from models.records.erasing.forgetting import forget
from models.records.steps import Message, Operation, RecordChange, Step
from models.tables.base import utc_now

NEEDS_LINK, STATUS_LINK = "confirmation_url", "status_url"


def mail_step(settings: Settings) -> Step:
    """The step of an installation; the confirmation link is built on its base URL."""

    def send_mails(operation: Operation) -> None:
        service = operation.service
        ids = [change.id for change in operation.records]
        if operation.message is Message.DELETE:
            forget(service.transaction, ids)
            register.close_erased(service.transaction, ids, by=operation.caller)
            return
        _end_links(operation)
        mails = [
            mail
            for workflow in service.catalog.workflows
            if workflow.entity == operation.entity.logical_name
            for mail in _mails(operation, workflow, settings.base_url)
        ]
        enqueue_mails(service.transaction, service.keyring, mails)

    return send_mails


def _end_links(operation: Operation) -> None:
    """Links lie in the mailbox of the address a record had: whoever changed it, they end."""
    form = operation.service.catalog.self_service_of(operation.entity.logical_name)
    confirmation = form.confirmation if form is not None else None
    if operation.message is not Message.UPDATE or confirmation is None:
        return
    moved = [one.id for one in operation.records if confirmation.email in one.values]
    if moved:
        links.revoke_all(operation.service.transaction, moved)


@dataclass(frozen=True, slots=True)
class _Composition:
    """One workflow's mails of one operation."""

    operation: Operation
    workflow: Workflow
    base_url: str

    def mail(self, change: RecordChange, values: Mapping[str, Any]) -> OutgoingMail | None:
        """None for a record without an address."""
        workflow, catalog = self.workflow, self.operation.service.catalog
        address = values.get(workflow.to)
        if not isinstance(address, str):
            return None
        template = catalog.mail_templates[workflow.template]
        language = _language(values.get(workflow.language))
        subject, body = template.subject.text(language), template.body.text(language)
        texts = self._texts(change, values, placeholders(subject) | placeholders(body), language)
        contact = contact_of(_form_of(self.operation, workflow), language)
        texts |= contact
        return OutgoingMail(
            entity=workflow.entity,
            record_id=change.id,
            key_id=change.key_id,
            template=template.name,
            to=address,
            subject=fill_line(subject, texts),
            body=fill(body, texts),
            sender_name=contact.get("contact_name", ""),
        )

    def _texts(
        self, change: RecordChange, values: Mapping[str, Any], names: set[str], language: str
    ) -> dict[str, str]:
        texts = {"base_url": self.base_url}
        catalog, entity = self.operation.service.catalog, self.operation.entity
        for name in names:
            value, attribute = values.get(name), attribute_at(catalog, entity, name)
            if value is not None and attribute is not None:
                texts[name] = type_of(attribute).text(
                    attribute, value, language=language, zone=LOCAL_ZONE
                )
        if NEEDS_LINK in names:
            texts |= self._link(change, language)
        if STATUS_LINK in names:
            texts |= self._status_link(change, language)
        return texts

    def _status_link(self, change: RecordChange, language: str) -> dict[str, str]:
        """A new link to the applicant's own application."""
        form = self.operation.service.catalog.self_service_of(self.workflow.entity)
        if form is None:
            return {}
        transaction = self.operation.service.transaction
        token, until = links.issue(transaction, form=form, record_id=change.id, on=utc_now())
        url = status_url(self.base_url, token)
        return {STATUS_LINK: url, "status_expires_on": spoken(until, language)}

    def _link(self, change: RecordChange, language: str) -> dict[str, str]:
        """A new single-use link; of the form that waits for it in this status."""
        form = _form_of(self.operation, self.workflow)
        confirmation = form.confirmation if form is not None else None
        if form is None or confirmation is None:
            return {}
        if confirmation.pending_status != self.workflow.status:
            return {}
        now = utc_now()
        token = issue(
            self.operation.service.transaction,
            form=form,
            record_id=change.id,
            language=language,
            on=now,
        )
        expires = now + timedelta(hours=confirmation.hours)
        return {
            NEEDS_LINK: f"{self.base_url}/confirm/{token}",
            "expires_on": spoken(expires, language),
        }


def _mails(operation: Operation, workflow: Workflow, base_url: str) -> Iterator[OutgoingMail]:
    changes = [change for change in operation.records if _reaches(change, workflow)]
    if not changes:
        return
    known = told_by(operation, workflow, changes)
    composition = _Composition(operation, workflow, base_url)
    for change in changes:
        mail = composition.mail(change, known[change.id])
        if mail is not None:
            yield mail


def _reaches(change: RecordChange, workflow: Workflow) -> bool:
    """The record gets the status now: it had another one before, or none."""
    if change.values.get("statuscode") != workflow.status:
        return False
    if change.before is None:
        return True
    before, previous = change.before.get("statuscode"), workflow.previous
    return before != workflow.status if previous is None else before == previous


def _language(found: object) -> str:
    return found if isinstance(found, str) and found in LANGUAGES else LANGUAGES[0]


def _form_of(operation: Operation, workflow: Workflow) -> FormDefinition | None:
    """The public form of the entity; of several, the one that waits in the workflow's status."""
    forms = [
        form
        for form in operation.service.catalog.forms.values()
        if form.entity == workflow.entity and form.kind == "public"
    ]
    for form in forms:
        if form.confirmation is not None and form.confirmation.pending_status == workflow.status:
            return form
    return forms[0] if forms else None
