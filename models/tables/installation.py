"""The platform's tables made in an empty database; harmless in one that has them. One that another
version of the program made is refused: before the first release there are no migrations.
"""

from sqlalchemy import Connection, insert, inspect, select

import models.tables.applicants
import models.tables.audit
import models.tables.credentials
import models.tables.derived
import models.tables.extracts
import models.tables.federation
import models.tables.incidents
import models.tables.incoming
import models.tables.intake
import models.tables.keys
import models.tables.matching
import models.tables.principals
import models.tables.processes
import models.tables.publications
import models.tables.record_data
import models.tables.requests
import models.tables.retention
import models.tables.reviews
import models.tables.sharing  # noqa: F401 - importing the tables makes them known
from config import SettingsError
from crypto.sqlite_files import make_private
from models.tables.base import Base
from models.tables.customizations import FIRST_ATTRIBUTE_NUMBER, Environment
from models.tables.organization import THE_ONE, Organization
from models.tables.record_data import AuditHead
from models.tables.session import Database, Transaction

CHAIN_START = bytes(32)
MADE_OTHERWISE = (
    "another version of the program made the database: {first} is missing, and {more} columns "
    "more. Before the first release nothing is migrated; go back to that version, or begin with a "
    "new instance folder"
)


def create_platform(database: Database) -> bool:
    """Tables, the environment's row, and the head of the audit's chain; whether this made it.
    Files of SQLite are their owner's alone from the first byte on. Raises SettingsError."""
    make_private(database.engine.url)
    return database.run(_create)


def _create(transaction: Transaction) -> bool:
    connection = transaction.lock()
    require_this_version(connection)
    Base.metadata.create_all(connection)
    if connection.scalar(select(Environment.id)) is None:
        row = {"id": 1, "metadata_version": 0, "next_entity_number": 1}
        row["next_attribute_number"] = FIRST_ATTRIBUTE_NUMBER
        connection.execute(insert(Environment), row)
    if connection.scalar(select(Organization.id)) is None:
        connection.execute(insert(Organization), {"id": THE_ONE})
    if connection.scalar(select(AuditHead.id)) is not None:
        return False
    connection.execute(insert(AuditHead), {"id": 1, "sequence": 0, "mac": CHAIN_START})
    return True


def require_this_version(connection: Connection) -> None:
    """SettingsError where a table of the platform lacks a column: nothing would work, and some of
    it only later. A database in which nothing is set up lacks none."""
    inspector, tables = inspect(connection), Base.metadata.sorted_tables
    there = inspector.get_multi_columns(filter_names=[one.name for one in tables])
    columns = {name: {one["name"] for one in found} for (_, name), found in there.items()}
    missing = [
        f"{table.name}.{column.name}"
        for table in tables
        if table.name in columns
        for column in table.columns
        if column.name not in columns[table.name]
    ]
    if missing:
        raise SettingsError([MADE_OTHERWISE.format(first=missing[0], more=len(missing) - 1)])
