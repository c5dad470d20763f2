"""Entities compiled to SQLAlchemy Core tables: one table an entity, one an N:N relationship.

It knows column types and indexes; nothing of rows. A sealed attribute is a BLOB whatever its
type. `data_key_id` names the key that the record's values are sealed with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    literal_column,
)

from models.metadata.attribute_types import type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.processes import ProcessDefinition
from models.metadata.relationships import ManyToMany
from models.tables.base import NAMING

DATA_KEY = "data_key_id"
PLAIN, UNIQUE = "ix", "uq"
COUNTED = "counted"
LONGEST_IDENTIFIER = 63  # PostgreSQL's


@dataclass(frozen=True, slots=True)
class CompiledTables:
    metadata: MetaData
    entities: Mapping[str, Table]
    intersects: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """By what records are looked up beside their own definitions: each is worth an index."""

    processes: Iterable[ProcessDefinition] = ()
    counted: Iterable[tuple[str, tuple[str, ...]]] = ()
    """Entities, and attributes by which their records are counted together."""
    rolled_up: Iterable[tuple[str, tuple[str, ...]]] = ()
    """Those that say what rollups come to."""
    kept: Iterable[tuple[str, str]] = ()
    """Those whose day says how long a record is kept."""


def compile_tables(
    entities: Iterable[EntityDefinition],
    many_to_many: Iterable[ManyToMany],
    *,
    looked_up: LookedUp | None = None,
) -> CompiledTables:
    """All tables of a catalog, in a MetaData of their own."""
    more = looked_up or LookedUp()
    metadata = MetaData(naming_convention=NAMING)
    tables = {entity.logical_name: _entity_table(metadata, entity) for entity in entities}
    for process in more.processes:
        _index_stages(tables, process)
    for entity, names in dict.fromkeys(more.counted):
        _index_counted(tables[entity], names)
    for entity, names in dict.fromkeys(more.rolled_up):
        _index_rolled_up(tables[entity], names)
    for entity, name in dict.fromkeys(more.kept):
        _index_kept(tables.get(entity), name)
    return CompiledTables(
        metadata,
        tables,
        {relationship.name: _intersect(metadata, relationship) for relationship in many_to_many},
    )


def _entity_table(metadata: MetaData, entity: EntityDefinition) -> Table:
    name = entity.logical_name
    columns = [
        _column(attribute)
        for attribute in entity.attributes.values()
        if attribute.logical_name != entity.primary_id and not attribute.is_volatile
    ]
    table = Table(
        name,
        metadata,
        Column("id", Uuid(), primary_key=True),
        Column(DATA_KEY, BigInteger()),
        *columns,
    )
    for key in entity.keys:
        Index(key_index(name, key.attributes), *_of(table, key.attributes), unique=True)
    for names in _indexes(entity):
        Index(_index(PLAIN, name, names), *_of(table, names))
    return table


def key_index(table_name: str, attributes: Iterable[str]) -> str:
    return _index(UNIQUE, table_name, attributes)


def _index(kind: str, table_name: str, attributes: Iterable[str]) -> str:
    """An index's name tells its columns, whichever index comes first."""
    return f"{kind}_{table_name}_{crc32(','.join(attributes).encode()):08x}"


def _column(attribute: AttributeDefinition) -> "Column[object]":
    if attribute.sealed:
        return Column(attribute.logical_name, LargeBinary())
    nullable = not attribute.is_system or attribute.logical_name in {"createdby", "modifiedby"}
    return Column(attribute.logical_name, type_of(attribute).column(attribute), nullable=nullable)


def _indexes(entity: EntityDefinition) -> list[tuple[str, ...]]:
    """For lists by time, by status and by owner; for look-ups and receipt numbers.

    An owner's and a business unit's (`models/records/nearest.py`) hold the states besides: what
    most lists are filtered by is then seen without a look at each record.
    """
    found: list[tuple[str, ...]] = [("createdon", "id"), ("statuscode", "createdon", "id")]
    if entity.is_user_owned:
        walked = ("createdon", "id", "statecode", "statuscode")
        found += [("owningbusinessunit", *walked), ("ownerid", *walked)]
    kinds = {"Lookup", "AutoNumber"}
    return found + [(a.logical_name,) for a in entity.attributes.values() if a.type in kinds]


def _index_stages(tables: Mapping[str, Table], process: ProcessDefinition) -> None:
    """For the board: the records of a stage, those first that are there for longest. A process
    that names what is not there is refused by `checking`, which comes later."""
    table = tables.get(process.entity)
    names = (process.attribute, process.since or "createdon", "id")
    if table is not None and all(name in table.c for name in names):
        Index(_index(PLAIN, table.name, names), *_of(table, names))


def _index_counted(table: Table, names: tuple[str, ...]) -> None:
    """For charts, and for nothing else: on SQLite, which has no statistics, a list that filters by
    an option would be sorted whole rather than walked. Only who asks for the index's condition is
    led to it."""
    if names:
        name, columns = _index(PLAIN, table.name, (COUNTED, *names)), _of(table, names)
        Index(name, *columns, sqlite_where=is_counted(table), info={COUNTED: True})


def _index_rolled_up(table: Table, names: tuple[str, ...]) -> None:
    """From which a rollup is reckoned without a look at the records themselves."""
    index = _index(PLAIN, table.name, names)
    if index not in {str(one.name) for one in table.indexes}:
        Index(index, *_of(table, names))


def _index_kept(table: Table | None, name: str) -> None:
    """For retention: of the records that have the day. A new one has none, and costs nothing. A
    rule that names what is not there is refused by `checking`, which comes later."""
    if table is None or name not in table.c or not table.c[name].nullable:
        return
    has_day = table.c[name].is_not(None)
    Index(
        _index(PLAIN, table.name, ("kept", name)),
        table.c[name],
        sqlite_where=has_day,
        postgresql_where=has_day,
        info={COUNTED: True},
    )


def is_counted(table: Table) -> ColumnElement[bool]:
    """True for every record; named by a statement that counts them by such an index. SQLite knows
    it again, and does not ask it of each record, where it is written in the same letters."""
    return table.c.versionnumber > literal_column("0")


def _of(table: Table, names: Iterable[str]) -> "list[Column[object]]":
    return [table.c[name] for name in names]


def _intersect(metadata: MetaData, relationship: ManyToMany) -> Table:
    table = Table(
        relationship.name,
        metadata,
        Column("first_id", Uuid(), primary_key=True),
        Column("second_id", Uuid(), primary_key=True),
    )
    Index(f"ix_{relationship.name}"[:LONGEST_IDENTIFIER], table.c.second_id)
    return table
