"""A public view as open data in JSON, under a licence that asks for no more than to be named."""

from datetime import date
from typing import Any

from exchange.publication.addresses import Addresses
from exchange.publication.pictures import FULL
from exchange.publication.reading import Entry, EntryPage
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.public_views import PublicViewDefinition

LICENCE = "CC BY 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"
PAGE_SIZE = 100


def open_data(
    entity: EntityDefinition,
    view: PublicViewDefinition,
    page: EntryPage,
    *,
    language: str,
    addresses: Addresses,
) -> dict[str, Any]:
    """One page of records, with the names of what is told of each."""
    named = {name: entity.attributes[name] for name in sorted(view.attributes)}
    return {
        "title": view.display_name.text(language),
        "licence": {"name": LICENCE, "url": LICENCE_ADDRESS},
        "attribution": view.attribution.text(language),
        "attributes": {
            name: {"type": one.type, "label": one.display_name.text(language)}
            for name, one in named.items()
        },
        "records": [
            ({"url": addresses.outside(addresses.record(entry))} if view.detail else {})
            | {name: _value(one, entry, addresses) for name, one in named.items()}
            for entry in page.entries
        ],
    }


def _value(attribute: AttributeDefinition, entry: Entry, addresses: Addresses) -> Any:
    """Whole numbers and truth as such, decimal ones as texts, days and moments in ISO 8601; of
    options what they are called, of pictures where they are."""
    if attribute.type == "Image":
        here = (one for one in entry.pictures if one.name == attribute.logical_name)
        found = (addresses.outside(addresses.picture(entry, one, FULL)) for one in here)
        return next(found, None)
    value = entry.values[attribute.logical_name]
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    is_plain = attribute.type in {"Integer", "BigInt", "Boolean"}
    return value if is_plain else entry.texts[attribute.logical_name]
