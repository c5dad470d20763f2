"""What the lists of one entity offer to one caller, computed from the catalog and the rights."""

from admin_views.records.listing import FILTERED_TYPES, ListOffer
from admin_views.records.rights import EntityRights
from models.metadata.attribute_types import type_of
from models.metadata.catalog import Catalog
from models.metadata.components import ViewDefinition
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.labels import Label
from models.metadata.query import Condition, Filter, Order, Query

NEVER_LISTED = frozenset({"File", "Image"})
TEXTS = frozenset({"String", "AutoNumber"})
LONGEST_SORTED = 200
"""Characters of a text that a list is sorted by: the address of its next page holds one, in up to
six letters a character, beside a searched text; web servers refuse one of 4,094 (gunicorn's)."""


def list_offer(catalog: Catalog, entity: EntityDefinition, rights: EntityRights) -> ListOffer:
    """Views that ask about attributes the caller may not read are not offered at all."""
    readable = {a.logical_name: a for a in rights.readable(entity)}
    open_names = {name for name, a in readable.items() if _is_open(a)}
    orderable = frozenset(n for n in open_names if type_of(readable[n]).is_orderable)
    views = [
        view
        for view in catalog.views_of(entity.logical_name) or (every_record(entity),)
        if asked_attributes(view) <= open_names and view.name not in rights.closed_views
    ]
    return ListOffer(
        entity=entity,
        views={view.name: view for view in views},
        columns={view.name: _columns(view, readable) for view in views},
        orderable=orderable,
        sortable=frozenset(n for n in orderable if _fits_an_address(readable[n])),
        filters=tuple(
            rights.offered(a) for n, a in readable.items() if n in open_names and _is_filter(a)
        ),
        text_attributes=tuple(
            a
            for name, a in readable.items()
            if name in open_names and (name == entity.primary_name or a.type == "AutoNumber")
        ),
        personal_searches=tuple(
            a for a in entity.indexed_attributes if a.logical_name in rights.searchable
        ),
    )


def every_record(entity: EntityDefinition) -> ViewDefinition:
    """The view of an entity that no solution gave one; the columns are all it has itself."""
    newest_first = (Order("createdon", descending=True),)
    return ViewDefinition(
        name=f"{entity.logical_name}_every_record",
        entity=entity.logical_name,
        display_name=Label("すべて", "All"),
        query=Query(entity=entity.logical_name, order=newest_first),
        is_default=True,
    )


def asked_attributes(view: ViewDefinition) -> set[str]:
    """The attributes a view's filter asks about."""
    return _asked(view.query.filter)


def _asked(part: Filter | Condition) -> set[str]:
    if isinstance(part, Condition):
        return {part.attribute}
    return set().union(*(_asked(inner) for inner in part.parts))


def _is_open(attribute: AttributeDefinition) -> bool:
    """Whether lists may ask about it: whoever reads it, and the database, know the value."""
    return not (attribute.sealed or attribute.secured or attribute.is_volatile)


def _fits_an_address(attribute: AttributeDefinition) -> bool:
    return attribute.type not in TEXTS or attribute.max_length <= LONGEST_SORTED


def _is_filter(attribute: AttributeDefinition) -> bool:
    has_options = attribute.options is not None or attribute.type == "Boolean"
    return attribute.type in FILTERED_TYPES and has_options


def _columns(
    view: ViewDefinition, readable: dict[str, AttributeDefinition]
) -> tuple[AttributeDefinition, ...]:
    wanted = view.query.columns or tuple(name for name, a in readable.items() if not a.is_system)
    return tuple(
        readable[name]
        for name in wanted
        if name in readable and readable[name].type not in NEVER_LISTED
    )
