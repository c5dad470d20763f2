"""What a database holds, table by table, so that two moments can be compared."""

import hashlib

from sqlalchemy import MetaData, select

from models.tables.session import Database

OF_THE_AUDIT = frozenset({"audit", "audit_head", "audit_listed", "audit_subject"})
BY_THE_WAY = OF_THE_AUDIT | {"formsession", "ratelimit", "staffsession"}
"""What every request may leave: that it was refused, that somebody came, and how often."""


def state(database: Database) -> dict[str, str]:
    """The digest of every table, without those of BY_THE_WAY."""
    metadata = MetaData()
    with database.reading() as connection:
        metadata.reflect(connection)
        return {
            name: hashlib.sha256(
                "\n".join(sorted(map(repr, connection.execute(select(table)).all()))).encode()
            ).hexdigest()
            for name, table in metadata.tables.items()
            if name not in BY_THE_WAY
        }
