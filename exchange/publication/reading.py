"""What a public view lets out, ready to be shown: read by the record service as the view's caller.

The public's pages and the check before a publication have it from here alike; whether a view is
live is asked before.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from exchange.publication.pictures import Picture, images_of, pictured
from models.metadata.attribute_types import LOCAL_ZONE, ImageValue, type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition, Option
from models.metadata.errors import RecordNotFound
from models.metadata.public_views import PublicViewDefinition
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.service import RecordService
from models.security.publications import Published

PAGE_SIZE, LONGEST_OPTION = 20, 10


@dataclass(frozen=True, slots=True)
class Told:
    """One attribute of a record, as a person reads it."""

    name: str
    label: str
    text: str
    is_long: bool
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as the world sees it: nothing else of it is known here."""

    id: UUID
    title: str
    columns: tuple[Told, ...]
    detail: tuple[Told, ...]
    values: Mapping[str, object]
    texts: Mapping[str, str]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryPage:
    entries: tuple[Entry, ...]
    next: str | None
    previous: str | None
    count: int | None
    category: Option | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which page of a public view."""

    category: int | None = None
    after: str | None = None
    backwards: bool = False
    size: int = PAGE_SIZE
    newest: bool = False
    """By the date that the feed tells, whatever the view's order is."""
    count: bool = False


def asked_for(arguments: Mapping[str, str]) -> Asked:
    """The page that an address names; RecordNotFound for a category that is none."""
    category = arguments.get("category")
    if category is not None and not (category.isdecimal() and len(category) <= LONGEST_OPTION):
        raise RecordNotFound("no such category")
    return Asked(
        category=None if category is None else int(category),
        after=arguments.get("after"),
        backwards="back" in arguments,
    )


def read_page(
    service: RecordService, published: Published, asked: Asked, *, language: str
) -> EntryPage:
    """Raises RecordNotFound for a category there is not, DefinitionError for a wrong token."""
    view, entity = published.view, service.catalog.entity(published.view.entity)
    category, images = _category(entity, view.by, asked.category), images_of(view, entity)
    query = Query(
        entity=view.entity,
        columns=tuple(sorted(view.attributes - {one.logical_name for one in images})),
        filter=_of_category(view.by, category),
        order=(Order(view.date, descending=True),) if asked.newest else view.order,
        page_size=asked.size,
        after=asked.after,
        backwards=asked.backwards,
        count=asked.count,
    )
    page = service.retrieve_multiple(published.caller, query)
    found = pictured(service, published, entity, [_id(one) for one in page.records])
    entries = (
        replace(entry, pictures=tuple(_listed(found.get(entry.id, ()), entry.texts)))
        for one in page.records
        for entry in (entry_of(view, entity, one, language=language),)
    )
    return EntryPage(tuple(entries), page.next, page.previous, page.count, category)


def read_entry(
    service: RecordService, published: Published, record_id: UUID, *, language: str
) -> Entry:
    """Raises RecordNotFound, also where the view gives records no page."""
    view = published.view
    if not view.detail:
        raise RecordNotFound(view.name)
    columns = tuple(sorted(view.attributes))
    record = service.retrieve(published.caller, view.entity, record_id, columns=columns)
    return entry_of(view, service.catalog.entity(view.entity), record, language=language)


def entry_of(
    view: PublicViewDefinition,
    entity: EntityDefinition,
    record: Mapping[str, object],
    *,
    language: str,
) -> Entry:
    """A record as the view tells of it, whoever reads it; `record` has all of its attributes, of
    a list all but the pictures. What describes a picture stands beside it, and not in `detail`."""
    images = images_of(view, entity)
    beside = {name for one in images for name in (one.logical_name, one.alt)}
    told = {
        name: _told(entity.attributes[name], record[name], language)
        for name in view.attributes
        if name in record and entity.attributes[name].type != "Image"
    }
    return Entry(
        _id(record),
        told[view.title].text,
        tuple(told[name] for name in view.columns if name != view.title),
        tuple(told[name] for name in view.detail if name not in {view.title, *beside}),
        {name: record[name] for name in told},
        {name: one.text for name, one in told.items()},
        tuple(
            Picture(one.logical_name, told[one.alt].text, value.size)
            for one in images
            if isinstance(value := record.get(one.logical_name), ImageValue)
        ),
    )


def categories(entity: EntityDefinition, published: Published) -> tuple[Option, ...]:
    """By which the records can be listed; none where the view states nothing."""
    options = entity.attributes[published.view.by].options if published.view.by else None
    return options.options if options else ()


def _listed(images: Iterable[AttributeDefinition], texts: Mapping[str, str]) -> Iterator[Picture]:
    return (Picture(one.logical_name, texts[one.alt]) for one in images)


def _id(record: Mapping[str, object]) -> UUID:
    return UUID(str(record["id"]))


def _category(entity: EntityDefinition, by: str, wanted: int | None) -> Option | None:
    if wanted is None:
        return None
    options = entity.attributes[by].options if by else None
    found = options.option(wanted) if options else None
    if found is None:
        raise RecordNotFound("no such category")
    return found


def _of_category(by: str, category: Option | None) -> Filter:
    if category is None:
        return Filter()
    return Filter((Condition(by, Operator.EQUAL, category.value),))


def _told(attribute: AttributeDefinition, value: object, language: str) -> Told:
    text = type_of(attribute).text(attribute, value, language=language, zone=LOCAL_ZONE)
    is_address = attribute.format == "Url" and text.startswith(("https://", "http://"))
    label = attribute.display_name.text(language)
    is_long = attribute.type == "Memo"
    return Told(attribute.logical_name, label, text, is_long, text if is_address else "")
