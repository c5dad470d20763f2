"""公開前チェック: all that the world will see of a public view, read as the world reads it,
and what should make one look twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from admin_views.publication.findings import findings
from exchange.publication.addresses import Addresses
from exchange.publication.pictures import Picture
from exchange.publication.reading import Asked, Entry, read_page
from exchange.publication.showing import ShownList, shown_list
from extensions import settings
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.public_views import PublicViewDefinition
from models.records.service import RecordService
from models.security.publications import Published, through

LOOKED_AT = 2000
MOST_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """A free text that looks as if it held how to reach somebody."""

    record: UUID
    title: str
    attribute: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    page: ShownList
    count: int
    attributes: tuple[AttributeDefinition, ...]
    hidden: tuple[AttributeDefinition, ...]
    records: tuple[tuple[str, tuple[str, ...]], ...]
    """The filter in words, see `conditions`."""
    findings: tuple[Finding, ...]
    more_findings: int
    looked_at: int


def check(service: RecordService, published: Published, *, language: str) -> Check:
    """As the view's own caller, like the public's pages."""
    view, entity = published.view, service.catalog.entity(published.view.entity)
    page = read_page(service, published, Asked(count=True), language=language)
    found, looked_at = _findings(service, published, entity, language=language)
    named = entity.attributes.values()
    return Check(
        page=shown_list(entity, published, page, language=language, addresses=preview(view)),
        count=page.count or 0,
        attributes=tuple(one for one in named if one.logical_name in view.attributes),
        hidden=tuple(one for one in named if one.logical_name not in view.attributes),
        records=tuple(conditions(entity, published.view, language=language)),
        findings=tuple(found[:MOST_FINDINGS]),
        more_findings=max(0, len(found) - MOST_FINDINGS),
        looked_at=looked_at,
    )


def preview(view: PublicViewDefinition) -> Addresses:
    """Where in the office the world's pages are shown to those who check them."""
    name = view.name
    return Addresses(
        page=lambda arguments: url_for(
            "publication.preview", view=name, **dict[str, Any](arguments)
        ),
        record=lambda entry: url_for("publication.preview_one", view=name, id=entry.id),
        picture=office_picture(view.entity),
        forms=lambda _: (),
        atom="",
        json="",
        base=settings().base_url,
    )


def office_picture(entity: str) -> Callable[[Entry, Picture, str], str]:
    """Where the office shows a picture to those who may read its record."""

    def address(entry: Entry, picture: Picture, size: str) -> str:
        return url_for(
            "records.picture_view", entity=entity, id=entry.id, attribute=picture.name, size=size
        )

    return address


def conditions(
    entity: EntityDefinition, view: PublicViewDefinition, *, language: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The filter in words: of each attribute its name, and the options; without options, that it
    must not be past."""
    for name, values in view.records.items():
        attribute = entity.attributes[name]
        options = attribute.options.options if attribute.options else ()
        labels = [one.label.text(language) for one in options if one.value in values]
        yield attribute.display_name.text(language), tuple(labels or map(str, sorted(values)))
    if view.until:
        yield entity.attributes[view.until].display_name.text(language), ()


def _findings(
    service: RecordService, published: Published, entity: EntityDefinition, *, language: str
) -> tuple[list[Finding], int]:
    """In the first records of the view's order, and how many were looked at."""
    asked = Asked(size=LOOKED_AT)
    page = read_page(service, through(published.view), asked, language=language)
    found = [
        Finding(entry.id, entry.title, one.label, one.kinds)
        for entry in page.entries
        for one in findings(published.view, entity, entry.texts, language=language)
    ]
    return found, len(page.entries)
