"""A few records remembered before they are erased, in memory only, so that afterwards it can be
tried whether they are gone (`proof`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from models.metadata.attribute_types import type_of
from models.metadata.definitions import EntityDefinition
from models.records.sealing import SHREDDED, Opener, envelopes_of
from models.records.service import RecordService
from models.records.store import StoredRow

MOST = 20
"""Records remembered of one erasure, and as many of what goes along with them."""
LEAST_BYTES, LEAST_OF_CLEAR = 8, 30
"""A shorter text may stand anywhere by chance."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one record held; it never leaves the process."""

    entity: EntityDefinition = field(repr=False)
    record_id: UUID
    envelopes: tuple[tuple[int, bytes], ...] = field(repr=False)
    """By attribute number."""
    sealed: tuple[bytes, ...] = field(repr=False)
    """What was sealed, and what lay in clear, as it would stand in a file."""
    clear: tuple[bytes, ...] = field(repr=False)


def take(
    service: RecordService, entity: EntityDefinition, rows: Sequence[StoredRow], *, names: set[str]
) -> list[Sample]:
    """Of some of the rows, which still are as they were; of those attributes."""
    mapped = [row.values for row in rows]
    opener = Opener(service.keyring, envelopes_of(mapped, entity))
    return [_sample(entity, row, opener, names) for row in rows]


def _sample(entity: EntityDefinition, row: StoredRow, opener: Opener, names: set[str]) -> Sample:
    envelopes, sealed = [], []
    for attribute in entity.sealed_attributes:
        envelope = row.values[attribute.logical_name]
        if envelope is None or attribute.logical_name not in names:
            continue
        value = opener.open(attribute, envelope, row.id)
        envelopes.append((attribute.number, envelope))
        if value is not SHREDDED:
            sealed.append(type_of(attribute).encode(value))
    texts = [value for name, value in row.values.items() if name in names]
    clear = [one.encode() for one in texts if isinstance(one, str)]
    return Sample(
        entity,
        row.id,
        tuple(envelopes),
        tuple(one for one in sealed if len(one) >= LEAST_BYTES),
        tuple(one for one in clear if len(one) >= LEAST_OF_CLEAR),
    )
