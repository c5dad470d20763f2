"""All records of a query as a stream of chunks: one moment, flat memory, values opened.

The hot path of exports: a chunk's keys are fetched at once, and its sealed columns are opened
column by column, with the work per value kept to what cryptography needs.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from crypto.columns import key_ids_in, open_column
from crypto.errors import DestroyedKey
from crypto.keyring import FoundKeys, Keyring
from models.metadata.attribute_types import type_of
from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition
from models.metadata.query import Query
from models.records.audit_subjects import Subjects
from models.records.auditing import Auditing
from models.records.sealing import SHREDDED
from models.records.searching import sealed_search
from models.records.selected_columns import SelectedColumn
from models.records.selecting import QueryCompiler, Selection, as_bytes
from models.records.unit import UnitOfWork
from models.security import access, column_security
from models.security.caller import Caller
from models.security.masking import masker
from models.security.privileges import Privilege
from models.tables.session import Database, Transaction

CHUNK = 250


class RecordStream:
    """Iterate for lists of tuples, in the order of `columns`. Raises as retrieve_multiple does.

    A value whose key was destroyed is SHREDDED; one that does not open ends the stream with an
    error of `crypto.errors`, never with a blank. The audit of the export is its maker's.
    """

    begin: Callable[[], None] | None = None
    """Called before the first record: the engine notes a search by personal attributes."""

    def __init__(
        self,
        catalog: Catalog,
        database: Database,
        keyring: Keyring,
        *,
        caller: Caller,
        query: Query,
    ) -> None:
        access.require(caller, Privilege.READ, catalog.entity(query.entity))
        self._database = database
        self._keyring = keyring
        self._catalog = catalog
        self._caller = caller
        self._selection = self._compiled(query)

    @property
    def columns(self) -> tuple[AttributeDefinition, ...]:
        return tuple(column.attribute for column in self._selection.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns by name; those of a linked entity begin with the lookup's."""
        return tuple(column.key for column in self._selection.columns)

    @property
    def masked(self) -> tuple[str, ...]:
        """Those that show the caller less than the value."""
        return tuple(c.key for c in self._selection.columns if self._is_masked(c))

    def __iter__(self) -> Iterator[list[tuple[Any, ...]]]:
        if self.begin is not None:
            self.begin()
        with self._database.snapshot() as connection:
            streaming = connection.execution_options(yield_per=CHUNK)
            with streaming.execute(self._selection.statement) as found:
                for rows in found.partitions():
                    yield self._opened(rows)

    def _compiled(self, query: Query) -> Selection:
        with Transaction(self._database.engine) as transaction:
            unit = UnitOfWork(self._catalog, transaction, self._keyring, Auditing(b"", Subjects()))
            search = sealed_search(unit)
            compiler = QueryCompiler(self._catalog, self._caller, search, identity=as_bytes)
            return compiler.stream(query)

    def _opened(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        physical = list(zip(*rows, strict=True))
        found = self._keys(physical)
        return list(
            zip(*(self._values(c, physical, found) for c in self._selection.columns), strict=True)
        )

    def _keys(self, physical: Sequence[Sequence[Any]]) -> FoundKeys:
        sealed = [c.position for c in self._selection.columns if c.attribute.sealed]
        wanted = key_ids_in(chain.from_iterable(physical[position] for position in sealed))
        return self._keyring.find_keys(wanted, keeps=False) if wanted else FoundKeys({}, {})

    def _values(
        self, column: SelectedColumn, physical: Sequence[Sequence[Any]], found: FoundKeys
    ) -> Sequence[Any]:
        if column.reckoned is not None:
            return column.reckoned.column([physical[position] for position in column.sources])
        values = physical[column.position]
        if column.position == column.id_position:
            return [one if one is None else UUID(bytes=one) for one in values]
        if column.attribute.sealed:
            values = _open_column(column.attribute, values, physical[column.id_position], found)
        if not self._is_masked(column):
            return values
        mask = masker(column.attribute, self._catalog.masking_rules)
        return [one if one is None or one is SHREDDED else mask(one) for one in values]

    def _is_masked(self, column: SelectedColumn) -> bool:
        return not column_security.is_shown_unmasked(self._caller, column.entity, column.attribute)


def _open_column(
    attribute: AttributeDefinition,
    envelopes: Sequence[bytes | None],
    ids: Sequence[bytes],
    found: FoundKeys,
) -> list[Any]:
    decode = type_of(attribute).decode
    opened = open_column(found.ciphers, envelopes, ids, attribute_number=attribute.number)
    return [decode(one) if isinstance(one, bytes) else _absent(found, one) for one in opened]


def _absent(found: FoundKeys, key_id: int | None) -> object:
    """What stands where no value was opened: there was none, or its key was destroyed."""
    if key_id is None:
        return None
    error = found.refused[key_id]
    if isinstance(error, DestroyedKey):
        return SHREDDED
    raise error
