"""Do mails fit what they are about: templates, the workflows that send them, forms that wait?

An application that waits for a link which nobody sends would be erased unread: that is found here.
"""

from collections.abc import Iterator

from models.metadata.catalog import Catalog
from models.metadata.components import Confirmation, FormDefinition, MailTemplate, Workflow
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, check_status_named, known_entity
from models.metadata.paths import check_path
from models.metadata.templates import placeholders

CONTACT_VALUES = {"contact_name", "contact_telephone", "contact_hours"}
LINK_VALUES = {"confirmation_url", "expires_on"}
STATUS_VALUES = {"status_url", "status_expires_on"}
MAIL_VALUES = {"base_url", *LINK_VALUES, *STATUS_VALUES, *CONTACT_VALUES}
"""What a mail template may name besides the entity's attributes."""


def check_mails(catalog: Catalog) -> None:
    """Raise DefinitionError at the first mail that could not be written, sent or waited for."""
    for template in catalog.mail_templates.values():
        _check_template(catalog, template)
    for workflow in catalog.workflows:
        _check_workflow(catalog, workflow)
    waiting: dict[tuple[str, int], str] = {}
    for form, confirmation in _round_trips(catalog):
        _check_confirmation(catalog, form, confirmation)
        other = waiting.setdefault((form.entity, confirmation.pending_status), form.name)
        if other != form.name:
            message = f"{other} waits in status reason {confirmation.pending_status} already"
            raise DefinitionError(message, where=f"form {form.name}")


def _round_trips(catalog: Catalog) -> Iterator[tuple[FormDefinition, Confirmation]]:
    for form in catalog.forms.values():
        if form.kind == "public" and form.confirmation is not None:
            yield form, form.confirmation


def _names(template: MailTemplate) -> set[str]:
    texts = [text for label in (template.subject, template.body) for text in (label.ja, label.en)]
    try:
        return set().union(*map(placeholders, texts))
    except DefinitionError as error:
        raise DefinitionError(str(error), where=f"mail_template {template.name}") from error


def _check_template(catalog: Catalog, template: MailTemplate) -> None:
    where = f"mail_template {template.name}"
    entity, names = known_entity(catalog, template.entity, where), _names(template)
    for name in sorted(names - MAIL_VALUES):
        check_path(catalog, entity, name, where)
    if names & CONTACT_VALUES:
        _check_contact(catalog, template, where)


def _check_contact(catalog: Catalog, template: MailTemplate, where: str) -> None:
    """Every public form of the entity states whom a mail about its records names."""
    forms = [form for form in catalog.forms.values() if form.entity == template.entity]
    public = [form for form in forms if form.kind == "public"]
    if not public or any(form.contact is None for form in public):
        raise DefinitionError("it names a contact that a form does not state", where=where)


def _check_workflow(catalog: Catalog, workflow: Workflow) -> None:
    where = f"workflow {workflow.name}"
    entity = known_entity(catalog, workflow.entity, where)
    template = catalog.mail_templates.get(workflow.template)
    if template is None:
        raise DefinitionError(f"there is no mail template {workflow.template!r}", where=where)
    if template.entity != workflow.entity:
        raise DefinitionError(f"{template.name} is about {template.entity}", where=where)
    for name in filter(None, (workflow.to, workflow.language)):
        check_path(catalog, entity, name, where)
    for value in (workflow.status, workflow.previous):
        if value is not None:
            check_status_named(entity, value, where)
    if _names(template) & LINK_VALUES and not _is_awaited(catalog, workflow):
        message = f"no form waits in status reason {workflow.status} for its link"
        raise DefinitionError(message, where=where)
    if _names(template) & STATUS_VALUES:
        _check_status_link(catalog, workflow, where)


def _check_status_link(catalog: Catalog, workflow: Workflow, where: str) -> None:
    """It opens an application: to nobody but the applicant, and not before they confirmed it."""
    form = catalog.self_service_of(workflow.entity)
    confirmation = form.confirmation if form is not None else None
    if confirmation is None:
        raise DefinitionError("no form has the self_service that its link opens", where=where)
    if workflow.to != confirmation.email:
        raise DefinitionError(f"its link goes to {confirmation.email} only", where=where)
    if workflow.status in catalog.awaited_statuses(workflow.entity):
        message = "its link opens nothing before the application is confirmed"
        raise DefinitionError(message, where=where)


def _is_awaited(catalog: Catalog, workflow: Workflow) -> bool:
    return any(
        form.entity == workflow.entity and confirmation.pending_status == workflow.status
        for form, confirmation in _round_trips(catalog)
    )


def _check_confirmation(catalog: Catalog, form: FormDefinition, stated: Confirmation) -> None:
    where, entity = f"form {form.name}", catalog.entities[form.entity]
    for name in filter(None, (stated.email, stated.receipt_number, stated.language)):
        check_attribute_named(entity, name, where)
    for value in (stated.pending_status, stated.confirmed_status):
        check_status_named(entity, value, where)
    if not any(_sends_link(catalog, workflow, form, stated) for workflow in catalog.workflows):
        message = f"no workflow sends {stated.email} a {{confirmation_url}} to be confirmed by"
        raise DefinitionError(message, where=where)


def _sends_link(
    catalog: Catalog, workflow: Workflow, form: FormDefinition, stated: Confirmation
) -> bool:
    """In each language: half of the applicants must not be left without the link."""
    body = catalog.mail_templates[workflow.template].body
    return (
        workflow.entity == form.entity
        and workflow.status == stated.pending_status
        and workflow.to == stated.email
        and all("confirmation_url" in placeholders(text) for text in (body.ja, body.en))
    )
