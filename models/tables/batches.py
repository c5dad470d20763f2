"""Batches of rows of one shape, inserted with as little work for each as the driver allows.

SQLAlchemy names the columns and converts values; it is asked once for each shape, not for every
row. It applies no defaults: rows state every column that has no default in the database.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert

Processor = Callable[[Any], Any]
Batch = tuple[Table, Sequence[Mapping[str, object]]]


def insert_batch(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert `rows`, which all have the same keys; none is no error."""
    if rows:
        insertion = _insertion(connection.dialect, table, tuple(rows[0]))
        connection.exec_driver_sql(insertion.statement, insertion.parameters(rows))


def joined(waiting: Iterable[Batch]) -> Iterator[Batch]:
    """Neighbouring batches of one table and one shape as one."""
    for (table, _), batches in groupby((one for one in waiting if one[1]), key=_shape):
        yield table, [row for _, rows in batches for row in rows]


def _shape(batch: Batch) -> tuple[Table, tuple[str, ...]]:
    table, rows = batch
    return table, tuple(rows[0])


@dataclass(frozen=True, slots=True)
class _Insertion:
    """The INSERT of one shape of rows, for one kind of database."""

    statement: str
    names: tuple[str, ...]
    processors: tuple[Processor | None, ...]
    is_positional: bool

    def parameters(self, rows: Sequence[Mapping[str, object]]) -> list[Any]:
        columns = [
            _processed([row[name] for row in rows], process)
            for name, process in zip(self.names, self.processors, strict=True)
        ]
        values = zip(*columns, strict=True)
        if self.is_positional:
            return list(values)
        return [dict(zip(self.names, row, strict=True)) for row in values]


@lru_cache(maxsize=256)
def _insertion(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Insertion:
    compiled = insert(table).compile(dialect=dialect, column_keys=names)
    return _Insertion(
        statement=str(compiled),
        names=tuple(compiled.positiontup or names),
        processors=tuple(
            table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
            for name in compiled.positiontup or names
        ),
        is_positional=compiled.positional,
    )


def _processed(values: list[Any], process: Processor | None) -> list[Any]:
    """A batch often shares one value: the time, the owner. That is converted once."""
    if process is None:
        return values
    first = values[0]
    if all(value is first for value in values):
        return [process(first)] * len(values)
    return [process(value) for value in values]
