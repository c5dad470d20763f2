"""May a public view be public? Only what is listed here as harmless is ever shown or asked about.

It knows no record: what free texts hold is looked at by whoever publishes the view.
"""

from collections.abc import Iterable

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, known_entity
from models.metadata.public_views import PublicViewDefinition

SHOWN = frozenset(
    {
        *("String", "Memo", "AutoNumber", "Integer", "BigInt", "Decimal", "Money", "Boolean"),
        *("Picklist", "MultiSelectPicklist", "State", "Status", "DateTime"),
    }
)
"""Attribute types that tell of the record alone; pictures besides, on a record's own page. A
Lookup, an Owner or a File leads elsewhere."""
SHOWN_OF_THE_PLATFORM = frozenset({"createdon", "modifiedon", "statecode", "statuscode"})
FILTERED = frozenset({"Picklist", "Status", "State", "Boolean"})
MOST_CONFIDENTIAL = 3
"""自治体機密性3: what is never made public."""


def check_public_views(catalog: Catalog) -> None:
    """Raise DefinitionError at the first public view that must not be."""
    for view in catalog.public_views.values():
        where = f"public_view {view.name}"
        entity = known_entity(catalog, view.entity, where)
        if entity.classification >= MOST_CONFIDENTIAL:
            raise DefinitionError(f"records of {view.entity} are never public", where=where)
        for name in (*view.columns, view.title, *_stated(view.by, view.date)):
            _check_shown(entity, name, SHOWN, where)
        for name in view.detail:
            _check_shown(entity, name, SHOWN | {"Image"}, where)
            _check_described(entity.attributes[name], view, where)
        _check_types(entity, view, where)
        for order in view.order:
            if order.attribute not in view.attributes:
                message = f"an order tells of {order.attribute}, which is not shown"
                raise DefinitionError(message, where=where)
        if view.until:
            check_attribute_named(entity, view.until, where)
            _refuse_guarded(entity.attributes[view.until], where)
        for name, values in view.records.items():
            _check_filter(entity, name, values, where)
        _check_confirmed(catalog, view, where)


def filled_by_one(catalog: Catalog) -> list[str]:
    """Public views whose records one person alone lets out: their filter takes a status reason
    that is no approval, or asks for none. No mistake, but to be known."""
    return [
        name for name, view in sorted(catalog.public_views.items()) if _needs_one(catalog, view)
    ]


def _needs_one(catalog: Catalog, view: PublicViewDefinition) -> bool:
    status = catalog.entity(view.entity).attributes["statuscode"].options
    taken = view.records.get("statuscode", frozenset())
    approved = {one.value for one in status.options if one.approval} if status else set()
    return not taken or not taken <= approved


def _stated(*names: str) -> Iterable[str]:
    return filter(None, names)


def _check_shown(entity: EntityDefinition, name: str, types: frozenset[str], where: str) -> None:
    check_attribute_named(entity, name, where)
    attribute = entity.attributes[name]
    _refuse_guarded(attribute, where)
    is_listed = name in SHOWN_OF_THE_PLATFORM or not attribute.is_system
    if attribute.type not in types or not is_listed:
        raise DefinitionError(f"{name} is never public", where=where)


def _check_described(
    attribute: AttributeDefinition, view: PublicViewDefinition, where: str
) -> None:
    """Who cannot see a picture is told what is on it."""
    if attribute.alt and attribute.alt not in view.detail:
        message = f"the picture {attribute.logical_name} is told with {attribute.alt}, in 'detail'"
        raise DefinitionError(message, where=where)


def _refuse_guarded(attribute: AttributeDefinition, where: str) -> None:
    if attribute.personal or attribute.sealed or attribute.secured:
        message = f"{attribute.logical_name} is personal, sealed or secured: never public"
        raise DefinitionError(message, where=where)


def _check_types(entity: EntityDefinition, view: PublicViewDefinition, where: str) -> None:
    wanted = (
        (view.title, {"String", "AutoNumber"}, "a String or an AutoNumber"),
        (view.by, {"Picklist"}, "a Picklist"),
        (view.until, {"DateTime"}, "a DateTime"),
        (view.date, {"DateTime"}, "a DateTime"),
        *(
            (one.attribute, SHOWN - {"Memo", "MultiSelectPicklist"}, "ordered")
            for one in view.order
        ),
    )
    for name, types, said in wanted:
        attribute = entity.attributes.get(name)
        if attribute is not None and (attribute.type not in types or attribute.is_volatile):
            raise DefinitionError(f"{name} must be {said}", where=where)


def _check_filter(entity: EntityDefinition, name: str, values: frozenset[int], where: str) -> None:
    """Whether a record is public must hang on options that people choose."""
    check_attribute_named(entity, name, where)
    attribute = entity.attributes[name]
    _refuse_guarded(attribute, where)
    if attribute.type not in FILTERED or attribute.is_derived:
        raise DefinitionError(f"{name} has no options to filter by", where=where)
    if attribute.type == "Boolean":
        fits = all(isinstance(one, bool) for one in values)
    else:
        options = {one.value for one in attribute.options.options} if attribute.options else set()
        fits = values <= options and not any(isinstance(one, bool) for one in values)
    if not fits:
        raise DefinitionError(f"{sorted(values)} are no values of {name}", where=where)


def _check_confirmed(catalog: Catalog, view: PublicViewDefinition, where: str) -> None:
    """What anybody typed into a form, and no mail has confirmed, is not published by itself."""
    awaited = catalog.awaited_statuses(view.entity)
    if awaited and (awaited & view.records.get("statuscode", awaited)):
        message = "the filter must leave out the status reasons that wait for confirmation"
        raise DefinitionError(message, where=where)
