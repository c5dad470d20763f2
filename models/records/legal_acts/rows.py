"""Which rows are legal acts, and how they are told in JSON and read again.

What a person wrote or is called stays in its envelope, which ends with its key; a hold's reason,
which lies in clear, is not told at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, select, true

from models.records.legal_acts.lines import Row
from models.tables.base import UtcDateTime, table_of
from models.tables.requests import FrozenRecord, PersonRequest
from models.tables.retention import DONE, UNPROVED, Erasure, LegalHold

AGAIN = "復元後に再設定（理由の控えなし） / set again after a restore, its reason is not kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One table of acts."""

    table: Table
    condition: ColumnElement[bool]
    """Which of its rows are."""
    instead: Mapping[str, str]
    """By column that is not told: what stands there in a row that is entered again."""

    def told(self, connection: Connection) -> dict[str, Row]:
        """All of them, by id."""
        rows = connection.execute(select(self.table).where(self.condition)).mappings()
        return {self._id(row): self._told(row) for row in rows}

    def read(self, row: Row) -> dict[str, Any]:
        """What is to stand in the columns that there are."""
        columns = self.table.columns
        return {name: _read(row[name], columns[name]) for name in row if name in columns}

    def sealed(self, values: Mapping[str, Any]) -> list[bytes]:
        """Those of the values that are envelopes."""
        return [one for one in values.values() if isinstance(one, bytes)]

    def key(self, values: Mapping[str, Any]) -> ColumnElement[bool]:
        found: ColumnElement[bool] = true()
        for column in self.table.primary_key:
            found &= column == values[column.name]
        return found

    def key_of(self, identifier: str) -> dict[str, Any]:
        """The primary key of a row that is gone."""
        columns = list(self.table.primary_key)
        parts = identifier.split("/")
        return {one.name: _read(text, one) for one, text in zip(columns, parts, strict=True)}

    def _id(self, row: Mapping[Any, Any]) -> str:
        return "/".join(str(_told(row[column.name])) for column in self.table.primary_key)

    def _told(self, row: Mapping[Any, Any]) -> Row:
        return {name: _told(value) for name, value in row.items() if name not in self.instead}


def _kept(mapped: Any, condition: ColumnElement[bool] | None = None, **instead: str) -> Kept:
    which = true() if condition is None else condition
    return Kept(table=table_of(mapped), condition=which, instead=instead)


KEPT: Mapping[str, Kept] = {
    "erasure": _kept(Erasure, Erasure.state.in_((DONE, UNPROVED)), reason=""),
    "legalhold": _kept(LegalHold, reason=AGAIN),
    "personrequest": _kept(PersonRequest),
    "frozenrecord": _kept(FrozenRecord),
}
"""What points to another comes behind it."""


def _told(value: Any) -> Any:
    match value:
        case UUID():
            return value.hex
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return value.hex()
    return value


def _read(value: Any, column: Any) -> Any:
    if value is None:
        return None
    kind = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    if kind is UUID:
        return UUID(value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return bytes.fromhex(value) if kind is bytes else value
