"""A public view as an Atom feed (RFC 4287): its first page, each record with its own date."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from xml.etree import ElementTree as xml  # nosec B405 - it only writes

from exchange.publication.reading import Entry, EntryPage
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.public_views import PublicViewDefinition

ATOM = "http://www.w3.org/2005/Atom"
CONTENT_TYPE = "application/atom+xml"
UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a record that has none yet: no feed may leave it out."""
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even written as numbers."""


def feed(
    view: PublicViewDefinition,
    page: EntryPage,
    *,
    language: str,
    addresses: tuple[str, str],
    address_of: Callable[[Entry], str],
) -> bytes:
    """`addresses` are the feed's own and that of the page it tells of."""
    root = xml.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    own, shown = addresses
    dates = [_date(view, entry) for entry in page.entries]
    _text(root, "id", own)
    _text(root, "title", view.display_name.text(language))
    _text(root, "updated", max(dates, default=UNKNOWN).isoformat())
    _text(xml.SubElement(root, "author"), "name", view.attribution.text(language) or own)
    xml.SubElement(root, "link", {"rel": "self", "href": own})
    xml.SubElement(root, "link", {"rel": "alternate", "href": shown})
    for entry, updated in zip(page.entries, dates, strict=True):
        _entry(root, entry, updated=updated, address=address_of(entry))
    return bytes(xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: xml.Element, entry: Entry, *, updated: datetime, address: str) -> None:
    one = xml.SubElement(root, "entry")
    _text(one, "id", address)
    _text(one, "title", entry.title)
    _text(one, "updated", updated.isoformat())
    xml.SubElement(one, "link", {"rel": "alternate", "href": address})
    told = (f"{part.label}: {part.text}" for part in entry.columns if part.text)
    _text(one, "summary", "\n".join(told))


def _text(parent: xml.Element, name: str, text: str) -> None:
    xml.SubElement(parent, name).text = NO_XML.sub("", text)


def _date(view: PublicViewDefinition, entry: Entry) -> datetime:
    value = entry.values.get(view.date)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=LOCAL_ZONE)
    return UNKNOWN
