"""A table of statistics as it may leave: numbers, or the mark that one was left out; as a file.

It needs nobody's approval, since no small number can be found out from it; it is audited.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from exchange.formats import format_named
from exchange.statistics.suppressing import suppressed
from exchange.statistics.tables import CountTable, tabulate
from models.metadata.labels import Label
from models.metadata.query import Query
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.organization import LEAST_CELL, Organization

SUPPRESSED = "X"
"""As the statistics of Japan's offices mark what is kept secret (秘匿)."""
TOTAL, COUNT = Label("合計", "Total"), Label("件数", "Records")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsOrder:
    """Of which records, by which one or two attributes."""

    query: Query
    view: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """`cells` by row and column, the totals last; None is left out."""

    table: CountTable
    cells: tuple[tuple[int | None, ...], ...]
    least: int

    def titles(self, language: str) -> list[str]:
        """The header: the rows' attribute, then the columns."""
        name = self.table.rows.attribute.display_name.text(language)
        if self.table.columns is None:
            return [name, COUNT.text(language)]
        return [name, *self.table.columns.labels(language), TOTAL.text(language)]

    def labels(self, language: str) -> list[str]:
        return [*self.table.rows.labels(language), TOTAL.text(language)]


def publish(service: RecordService, caller: Caller, order: StatisticsOrder) -> Published:
    """The table, small cells suppressed. Raises AccessDenied, DefinitionError."""
    published = _published(service, caller, order)
    _note(service, caller, order, {})
    return published


def publish_file(
    service: RecordService, caller: Caller, order: StatisticsOrder, *, format: str, language: str
) -> bytes:
    """The table as a file. Raises as `publish`."""
    made = format_named(format)
    published = _published(service, caller, order)
    titles = [made.title(title) for title in published.titles(language)]
    names = [made.title(label) for label in published.labels(language)]
    columns = zip(*published.cells, strict=True)
    numbers = [_cells(column, as_numbers=format == "xlsx") for column in columns]
    content = b"".join(made.writer().pieces(titles, [[names, *numbers]]))
    digest = hashlib.sha256(content).hexdigest()
    _note(service, caller, order, {"format": format, "sha256": digest})
    return content


def _published(service: RecordService, caller: Caller, order: StatisticsOrder) -> Published:
    require_miscellaneous(caller, Miscellaneous.EXPORT)
    table = tabulate(service, caller, order.query, by=order.by)
    least = smallest_cell(service.transaction.connection)
    hidden = suppressed(table.cells, least=least)
    cells = tuple(
        tuple(None if (r, c) in hidden else value for c, value in enumerate(row))
        for r, row in enumerate(table.cells)
    )
    return Published(table, cells, least)


def smallest_cell(connection: Connection) -> int:
    """Never below what nobody can switch off, whatever the row says."""
    statement = select(Organization.smallest_cell)
    return max(LEAST_CELL, int(connection.scalar(statement) or 0))


def _cells(column: Sequence[int | None], *, as_numbers: bool) -> list[object]:
    told = [SUPPRESSED if number is None else number for number in column]
    return list(told) if as_numbers else [str(one) for one in told]


def _note(
    service: RecordService, caller: Caller, order: StatisticsOrder, details: Mapping[str, Any]
) -> None:
    stated = {"view": order.view, "attributes": list(order.by), **details}
    service.audit(caller, "statistics", entity=order.query.entity, **stated)
