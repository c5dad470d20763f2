"""Do the parts of a catalog fit together? Names that are used must be there, and be of use.

Parsing looks at one definition at a time; this looks across them, before anything is stored.
"""

from collections import Counter
from collections.abc import Iterable

from models.metadata.answer_checking import check_answered, check_queue
from models.metadata.attribute_types import type_of
from models.metadata.business_rule_checking import check_business_rules
from models.metadata.catalog import Catalog
from models.metadata.components import SHIPPED_MASKS, FormDefinition, ViewDefinition
from models.metadata.condition_checking import check_condition
from models.metadata.dashboard_checking import check_dashboards
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.duplicate_checking import check_duplicate_rules
from models.metadata.errors import DefinitionError
from models.metadata.home_checking import check_homes
from models.metadata.mail_checking import check_mails
from models.metadata.masking_patterns import check_masking
from models.metadata.named import check_attribute_named, known_entity
from models.metadata.privacy_checking import check_privacies
from models.metadata.process_checking import check_processes
from models.metadata.public_view_checking import check_public_views
from models.metadata.retention_checking import check_retention
from models.metadata.rollup_checking import check_rollups
from models.metadata.self_service_checking import check_self_service
from models.metadata.status_checking import check_statuses
from models.metadata.subject_checking import check_subjects
from models.metadata.suggestion_checking import check_suggestions
from models.tables.base import Base

NEVER_ASKED = {"Lookup", "File", "Image", "UniqueIdentifier"}
"""Attribute types for which a public form has no control; a test holds it to `forms`."""


def check_catalog(catalog: Catalog) -> None:
    """Raise DefinitionError at the first thing that does not fit."""
    _check_names(catalog)
    for entity in catalog.entities.values():
        for attribute in entity.attributes.values():
            _check_attribute(catalog, entity, attribute)
        check_answered(entity)
        check_queue(entity)
    check_rollups(catalog)
    check_processes(catalog)  # before their lists, which are written out
    for view in catalog.views.values():
        _check_view(catalog, view)
    for form in catalog.forms.values():
        _check_form(catalog, form)
    check_statuses(catalog)
    check_mails(catalog)
    check_masking(catalog)
    check_dashboards(catalog)
    check_duplicate_rules(catalog)
    check_public_views(catalog)
    check_subjects(catalog)
    check_business_rules(catalog)
    check_suggestions(catalog)
    check_retention(catalog)
    check_homes(catalog)
    check_privacies(catalog)
    check_self_service(catalog)
    _check_relationships(catalog)


def _check_names(catalog: Catalog) -> None:
    """What names a table or an address names one."""
    taken = set(Base.metadata.tables)
    for name in catalog.entities:
        if name in taken:
            raise DefinitionError(f"{name!r} is the platform's own name", where=f"entity {name}")
    for name in catalog.many_to_many:
        if name in taken or name in catalog.entities:
            where = f"many_to_many {name}"
            raise DefinitionError(f"{name!r} is a table's name already", where=where)
    addresses: dict[str, str] = {}
    for name, entity in catalog.entities.items():
        other = addresses.setdefault(entity.entity_set_name, name)
        if other != name:
            message = f"{other} is called {entity.entity_set_name!r} already"
            raise DefinitionError(message, where=f"entity {name}")


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _check_view(catalog: Catalog, view: ViewDefinition) -> None:
    where = f"view {view.name}"
    entity = known_entity(catalog, view.entity, where)
    for name in view.query.columns:
        check_attribute_named(entity, name, where)
    for condition in view.query.filter.conditions:
        check_attribute_named(entity, condition.attribute, where)
        if entity.attributes[condition.attribute].sealed:
            raise DefinitionError(f"cannot filter by sealed {condition.attribute}", where=where)
        if entity.attributes[condition.attribute].is_volatile:
            message = f"cannot filter by {condition.attribute}, which hangs on the day"
            raise DefinitionError(message, where=where)
        check_condition(entity, condition, where)
    for order in view.query.order:
        check_attribute_named(entity, order.attribute, where)
        attribute = entity.attributes[order.attribute]
        is_orderable = type_of(attribute).is_orderable and not attribute.is_volatile
        if attribute.sealed or not is_orderable:
            raise DefinitionError(f"cannot order by {order.attribute}", where=where)
    for link in view.query.links:
        check_attribute_named(entity, link.lookup, where)
        if entity.attributes[link.lookup].type != "Lookup":
            raise DefinitionError(f"{link.lookup} is no Lookup", where=where)


def _check_form(catalog: Catalog, form: FormDefinition) -> None:
    where = f"form {form.name}"
    entity = known_entity(catalog, form.entity, where)
    for name in form.attributes:
        check_attribute_named(entity, name, where)
    for name in _twice(form.attributes):
        raise DefinitionError(f"{name} is asked twice", where=where)
    if form.purpose_attribute:
        check_attribute_named(entity, form.purpose_attribute, where)
    if form.kind == "public":
        _check_public_form(form, entity, where)


def _check_public_form(form: FormDefinition, entity: EntityDefinition, where: str) -> None:
    personal = [name for name in form.attributes if entity.attributes[name].personal]
    if personal and form.purpose is None:
        raise DefinitionError("a form that asks personal data states its purpose", where=where)
    if form.consent is not None and not (form.purpose is not None and form.purpose_attribute):
        message = "a consent is to a purpose, and records keep its version: purpose_attribute"
        raise DefinitionError(message, where=where)
    read_only = [name for name in form.attributes if entity.attributes[name].is_read_only]
    if read_only:
        raise DefinitionError(f"{read_only[0]} cannot be asked: it is read-only", where=where)
    for name in form.attributes:
        if (kind := entity.attributes[name].type) in NEVER_ASKED:
            raise DefinitionError(f"{name} cannot be asked: it is a {kind}", where=where)
    _check_completable(form, entity, where)


def _check_completable(form: FormDefinition, entity: EntityDefinition, where: str) -> None:
    """Nobody could send a form that leaves out what every record must have."""
    language = form.confirmation.language if form.confirmation else ""
    given = {*form.attributes, form.purpose_attribute, language}
    for attribute in entity.required_attributes:
        is_given = attribute.logical_name in given or attribute.default is not None
        if not is_given and attribute.type != "AutoNumber":
            message = f"{attribute.logical_name} is required, but not asked"
            raise DefinitionError(message, where=where)


def _check_relationships(catalog: Catalog) -> None:
    for relationship in catalog.one_to_many:
        where = f"one_to_many {relationship.name}"
        known_entity(catalog, relationship.referenced, where)
        referencing = known_entity(catalog, relationship.referencing, where)
        check_attribute_named(referencing, relationship.lookup, where)
        if relationship.referenced not in referencing.attributes[relationship.lookup].targets:
            raise DefinitionError("the lookup has another target", where=where)
    for pair in catalog.many_to_many.values():
        for name in (pair.first, pair.second):
            known_entity(catalog, name, f"many_to_many {pair.name}")


def _check_attribute(
    catalog: Catalog, entity: EntityDefinition, attribute: AttributeDefinition
) -> None:
    where = f"entity {entity.logical_name} › {attribute.logical_name}"
    for name in attribute.targets:
        known_entity(catalog, name, where)
    if attribute.alt:
        _check_alt(entity, attribute, where)
    if attribute.masking not in {"", *SHIPPED_MASKS, *catalog.masking_rules}:
        raise DefinitionError(f"there is no masking rule {attribute.masking!r}", where=where)


def _check_alt(entity: EntityDefinition, image: AttributeDefinition, where: str) -> None:
    """What describes a picture is guarded no less than the picture, and no more."""
    check_attribute_named(entity, image.alt, where)
    alt = entity.attributes[image.alt]
    guards = [(one.sealed, one.secured, one.personal) for one in (alt, image)]
    if alt.type != "String" or guards[0] != guards[1]:
        message = f"{image.alt} must be a String, and sealed and secured as the picture is"
        raise DefinitionError(message, where=where)
