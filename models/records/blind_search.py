"""Finding sealed values by their digests: index rows for records, digests for questions.

Who may ask is decided before (`column_security`); what is found is opened and compared here.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Table, select

from crypto.blind_index import BlindIndex
from crypto.keyring import IndexKey, Keyring
from crypto.normalisers import normalise_email, normalise_phone
from crypto.unicode_forms import normal_form
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.records.sealing import SHREDDED, Opener
from models.tables.record_data import BlindIndexEntry

MOST_MATCHES = 1000
"""A value that more records share than this is no key to one person."""


def _normalise_text(value: str) -> str:
    return normal_form("NFKC", value).strip().lower()


def _e164_of_stored(value: str) -> str:
    """What normalise_phone gives for a number in the national form that records keep."""
    digits = "".join(filter(str.isdecimal, value))
    return f"+{digits}" if value.startswith("+") else f"+81{digits[1:]}"


class _Index(NamedTuple):
    name: str
    """With the normaliser's version: another normaliser is another index."""
    normalise: Callable[[str], str]
    """Of a question, as a person typed it; ValueError if it can equal nothing."""
    of_stored: Callable[[str], str]
    """The same of a stored value, which validation gave its one spelling."""


INDEXES = {
    "email": _Index("exact-email/1", normalise_email, normalise_email),
    "phone": _Index("exact-phone/1", normalise_phone, _e164_of_stored),
    "text": _Index("exact-text/1", _normalise_text, _normalise_text),
}


def index_rows(
    keyring: Keyring,
    entity: EntityDefinition,
    records: Sequence[tuple[UUID, dict[str, Any]]],
    *,
    on: datetime,
) -> list[dict[str, Any]]:
    """The index entries of new values, under the index key of the month."""
    if not entity.indexed_attributes:
        return []
    key = keyring.index_key(entity.number, on=on)
    rows: list[dict[str, Any]] = []
    for attribute in entity.indexed_attributes:
        index, normalise = _index(key, attribute), INDEXES[attribute.index].of_stored
        number, name = attribute.number, attribute.logical_name
        for record_id, values in records:
            value = values.get(name)
            if value is not None:
                rows.append(
                    {
                        "attribute_number": number,
                        "digest": index.digest(normalise(value).encode()),
                        "record_id": record_id,
                        "key_id": key.id,
                    }
                )
    return rows


def matching_ids(
    connection: Connection,
    keyring: Keyring,
    *,
    question: tuple[EntityDefinition, AttributeDefinition, str],
    table: Table,
) -> list[UUID]:
    """The records whose sealed attribute equals the text, compared after opening.

    A text that the normaliser refuses equals nothing. At most MOST_MATCHES are found.
    """
    entity, attribute, text = question
    kind = INDEXES[attribute.index]
    try:
        wanted = kind.normalise(text)
    except ValueError:
        return []
    digests = [
        _index(key, attribute).digest(wanted.encode()) for key in keyring.index_keys(entity.number)
    ]
    entry = BlindIndexEntry
    candidates = connection.scalars(
        select(entry.record_id)
        .where(entry.attribute_number == attribute.number, entry.digest.in_(digests))
        .limit(MOST_MATCHES)
    ).all()
    column = table.c[attribute.logical_name]
    rows = connection.execute(select(table.c.id, column).where(table.c.id.in_(candidates))).all()
    opener = Opener(keyring, [row[1] for row in rows])
    found = [(row[0], opener.open(attribute, row[1], row[0])) for row in rows if row[1]]
    return [
        record_id
        for record_id, value in found
        if value is not SHREDDED and kind.of_stored(str(value)) == wanted
    ]


def _index(key: IndexKey, attribute: AttributeDefinition) -> BlindIndex:
    return _keyed(bytes(key.secret), attribute.number, INDEXES[attribute.index].name)


@lru_cache(maxsize=512)
def _keyed(secret: bytes, attribute_number: int, index_name: str) -> BlindIndex:
    return BlindIndex(secret, attribute_number=attribute_number, index_name=index_name)
