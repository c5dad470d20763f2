"""Do the parts of a catalog fit together? Names that are used must be there, and be of use.

Parsing looks at one definition at a time; this looks across them, before anything is stored.
"""

import string
from collections.abc import Iterator

from models.metadata.attribute_types import type_of
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition, MailTemplate, ViewDefinition
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.query import Condition, Filter

MAIL_VALUES = {"confirmation_url", "expires_on", "base_url"}
"""What a mail template may name besides the entity's attributes."""


def check_catalog(catalog: Catalog) -> None:
    """Raise DefinitionError at the first thing that does not fit."""
    for view in catalog.views.values():
        _check_view(catalog, view)
    for form in catalog.forms.values():
        _check_form(catalog, form)
    for template in catalog.mail_templates.values():
        _check_template(catalog, template)
    _check_workflows(catalog)
    _check_relationships(catalog)
    _check_masking(catalog)


def placeholders(text: str) -> set[str]:
    """The names in a template's `{placeholders}`; anything cleverer is refused."""
    found = set()
    for _, name, specification, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or specification or conversion:
            raise DefinitionError(f"{{{name}}} is no plain placeholder")
        found.add(name)
    return found


def _known(entity: EntityDefinition, name: str, where: str) -> None:
    if name not in entity.attributes:
        raise DefinitionError(f"{entity.logical_name} has no attribute {name!r}", where=where)


def _conditions(part: Filter) -> Iterator[Condition]:
    for one in part.parts:
        if isinstance(one, Filter):
            yield from _conditions(one)
        else:
            yield one


def _check_view(catalog: Catalog, view: ViewDefinition) -> None:
    where, entity = f"view {view.name}", catalog.entity(view.entity)
    for name in view.query.columns:
        _known(entity, name, where)
    for condition in _conditions(view.query.filter):
        _known(entity, condition.attribute, where)
        if entity.attributes[condition.attribute].sealed:
            raise DefinitionError(f"cannot filter by sealed {condition.attribute}", where=where)
    for order in view.query.order:
        _known(entity, order.attribute, where)
        attribute = entity.attributes[order.attribute]
        if attribute.sealed or not type_of(attribute).is_orderable:
            raise DefinitionError(f"cannot order by {order.attribute}", where=where)


def _check_form(catalog: Catalog, form: FormDefinition) -> None:
    where, entity = f"form {form.name}", catalog.entity(form.entity)
    for name in form.attributes:
        _known(entity, name, where)
    if form.purpose_attribute:
        _known(entity, form.purpose_attribute, where)
    if form.kind == "public":
        _check_public_form(form, entity, where)


def _check_public_form(form: FormDefinition, entity: EntityDefinition, where: str) -> None:
    personal = [name for name in form.attributes if entity.attributes[name].personal]
    if personal and form.purpose is None:
        raise DefinitionError("a form that asks personal data states its purpose", where=where)
    read_only = [name for name in form.attributes if entity.attributes[name].is_read_only]
    if read_only:
        raise DefinitionError(f"{read_only[0]} cannot be asked: it is read-only", where=where)
    confirmation = form.confirmation
    if confirmation is None:
        return
    statuses = entity.attributes["statuscode"].options
    for name in (confirmation.email, confirmation.receipt_number):
        _known(entity, name, where)
    for value in (confirmation.pending_status, confirmation.confirmed_status):
        if statuses is None or statuses.option(value) is None:
            raise DefinitionError(f"there is no status reason {value}", where=where)


def _check_template(catalog: Catalog, template: MailTemplate) -> None:
    where, entity = f"mail template {template.name}", catalog.entity(template.entity)
    for label in (template.subject, template.body):
        for text in (label.ja, label.en):
            for name in placeholders(text) - MAIL_VALUES:
                _known(entity, name, where)


def _check_workflows(catalog: Catalog) -> None:
    for workflow in catalog.workflows:
        where, entity = f"workflow {workflow.name}", catalog.entity(workflow.entity)
        if workflow.template not in catalog.mail_templates:
            raise DefinitionError(f"there is no mail template {workflow.template!r}", where=where)
        _known(entity, workflow.to, where)
        if workflow.language:
            _known(entity, workflow.language, where)


def _check_relationships(catalog: Catalog) -> None:
    for relationship in catalog.one_to_many:
        where = f"relationship {relationship.name}"
        catalog.entity(relationship.referenced)
        referencing = catalog.entity(relationship.referencing)
        _known(referencing, relationship.lookup, where)
        if relationship.referenced not in referencing.attributes[relationship.lookup].targets:
            raise DefinitionError("the lookup has another target", where=where)
    for pair in catalog.many_to_many.values():
        catalog.entity(pair.first)
        catalog.entity(pair.second)


def _check_masking(catalog: Catalog) -> None:
    for entity in catalog.entities.values():
        for attribute in entity.attributes.values():
            if attribute.masking and attribute.masking not in catalog.masking_rules:
                if attribute.masking in {"email", "phone"}:
                    continue
                raise DefinitionError(
                    f"there is no masking rule {attribute.masking!r}",
                    where=f"{entity.logical_name} › {attribute.logical_name}",
                )
