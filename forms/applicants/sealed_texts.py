"""Texts about a record that are no attribute of it, sealed with the record's own key: erasing the
record takes them along.

A record that seals nothing has no key; its texts are sealed with the platform's of the month.
"""

from uuid import UUID

from crypto.errors import DestroyedKey
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import RecordNotFound
from models.records.sealing import open_payload, seal_for_month, seal_payload
from models.records.service import RecordService
from models.records.store import StoredRow
from models.security.caller import Caller
from models.security.privileges import Privilege

KEEPER = Caller.system("keeping what an applicant asked for")


def locked(service: RecordService, entity: EntityDefinition, record_id: UUID) -> StoredRow:
    """The record's row, which nobody changes until the transaction ends. Raises RecordNotFound."""
    found = service.unit.store.locked(KEEPER, Privilege.READ, entity, [record_id])
    if record_id not in found:
        raise RecordNotFound(entity.logical_name)
    return found[record_id]


def seal_text(
    service: RecordService, row: StoredRow, *, number: int, about: UUID, text: str
) -> bytes:
    """`about` is what the text belongs to: opened for nothing else."""
    keyring, data = service.keyring, text.encode()
    if row.key_id is None:
        return seal_for_month(keyring, number=number, record_id=about, data=data)
    return seal_payload(keyring, number=number, record_id=about, key_id=row.key_id, data=data)


def open_text(service: RecordService, envelope: bytes | None, *, number: int, about: UUID) -> str:
    """ "" where there is none, and where its record was erased."""
    if envelope is None:
        return ""
    try:
        data = open_payload(service.keyring, number=number, record_id=about, envelope=envelope)
    except DestroyedKey:
        return ""
    return data.decode()
