"""What is counted of a database: the rows of its tables, and the numbers by which records and a
keystore are found to belong together. It reads whatever tables are there, and no record.
"""

from collections.abc import Iterator

from sqlalchemy import BigInteger, Connection, column, func, inspect, select, table

from crypto.keystore_tables import keystore_value
from exchange.backups.manifests import Kind
from models.metadata.tables import DATA_KEY
from models.tables.customizations import Environment
from models.tables.extracts import Extract
from models.tables.record_data import AuditHead

AUDIT, METADATA, HIGHEST_KEY, GENERATION = (
    *("audit_sequence", "metadata_version"),
    *("highest_key", "generation"),
)


def row_counts(connection: Connection) -> dict[str, int]:
    """By table, of all that are there."""
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in sorted(inspect(connection).get_table_names())
    }


def is_empty(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()


def facts_of(kind: Kind, connection: Connection) -> dict[str, int]:
    return _of_records(connection) if kind is Kind.RECORDS else _of_keystore(connection)


def _of_records(connection: Connection) -> dict[str, int]:
    return {
        AUDIT: connection.scalar(select(AuditHead.sequence)) or 0,
        METADATA: connection.scalar(select(Environment.metadata_version)) or 0,
        HIGHEST_KEY: max(_highest_keys(connection), default=0),
    }


def _highest_keys(connection: Connection) -> Iterator[int]:
    """Of records, and of extracts that wait to be fetched."""
    inspector = inspect(connection)
    for name in inspector.get_table_names():
        if DATA_KEY in {one["name"] for one in inspector.get_columns(name)}:
            keys = table(name, column(DATA_KEY, BigInteger))
            yield connection.scalar(select(func.max(keys.c[DATA_KEY]))) or 0
    yield connection.scalar(select(func.max(Extract.key_id))) or 0


def _of_keystore(connection: Connection) -> dict[str, int]:
    kept = connection.execute(select(keystore_value.c.name, keystore_value.c.number))
    numbers = {name: number or 0 for name, number in kept.all()}
    return {
        GENERATION: numbers.get("generation", 0),
        HIGHEST_KEY: numbers.get("next_key_id", 1) - 1,
    }
