"""May a public form answer what it says it answers? Its Lookup must point to what a public view
tells on pages of its own, and neither be asked for nor guarded."""

from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition, Subject
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, known_entity


def check_subjects(catalog: Catalog) -> None:
    """Raise DefinitionError at the first form that could not say what it answers."""
    for form in catalog.forms.values():
        if form.answers is not None:
            where = f"form {form.name}"
            entity = known_entity(catalog, form.entity, where)
            _check(catalog, form, entity, form.answers, where=where)


def _check(
    catalog: Catalog,
    form: FormDefinition,
    entity: EntityDefinition,
    subject: Subject,
    *,
    where: str,
) -> None:
    check_attribute_named(entity, subject.attribute, where)
    attribute, view = entity.attributes[subject.attribute], subject.public_view
    if view not in catalog.public_views:
        raise DefinitionError(f"answers: there is no public view {view!r}", where=where)
    told = catalog.public_views[view]
    if attribute.targets != (told.entity,):
        message = f"answers: {subject.attribute} does not point to {told.entity}"
        raise DefinitionError(message, where=where)
    if not told.detail:
        message = f"answers: {view} has no 'detail', no page from which somebody answers"
        raise DefinitionError(message, where=where)
    if attribute.is_required or attribute.sealed or attribute.secured:
        message = f"answers: {subject.attribute} is required, sealed or secured"
        raise DefinitionError(message, where=where)
