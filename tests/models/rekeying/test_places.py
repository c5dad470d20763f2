"""Whatever the platform seals is a place of rekeying: nobody forgets one with a new table."""

from sqlalchemy import LargeBinary

import models.tables.installation  # noqa: F401 - makes all tables known
from models.records.rekeying.places import platform_places
from models.tables.base import Base

NOT_SEALED = {
    ("audit", "mac"),
    ("audit_checkpoint", "line_hash"),
    ("audit_head", "mac"),
    ("audit_head", "seal"),
    ("blindindex", "digest"),
    ("extractpiece", "sealed"),  # with a key of the file's own, which ends within days
    ("extractrecords", "ids"),
    ("keystoremark", "identity"),
    ("lookedthrough", "mailbox"),
    ("matchcode", "code"),
}
"""Digests, links of chains, and ids."""
IS_A_HASH = ("_hash", "digest", "_mac", "fingerprint", "public_key", "credential_id")


def test_every_sealed_column_of_the_platform_is_a_place() -> None:
    columns = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and not column.name.endswith(IS_A_HASH)
    }
    places = {(place.name, column) for place in platform_places() for column in place.envelopes}
    assert places <= columns
    assert columns - NOT_SEALED == places
