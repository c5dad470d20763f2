"""From selected rows to what the caller gets: sealed values opened, masked where they must be.

One batch of rows at a time; keys are fetched once a batch.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crypto.keyring import Keyring
from models.metadata.components import MaskingRule
from models.records.sealing import SHREDDED, Opener
from models.records.selected_columns import SelectedColumn
from models.security import column_security
from models.security.caller import Caller
from models.security.masking import masker


class RowOpener:
    """Turns the rows of one selection into values for one caller."""

    def __init__(
        self,
        keyring: Keyring,
        caller: Caller,
        columns: Sequence[SelectedColumn],
        masking_rules: Mapping[str, MaskingRule],
    ) -> None:
        self._keyring = keyring
        self.columns = columns
        self._sealed = [column for column in columns if column.attribute.sealed]
        self._maskers = {
            column.key: masker(column.attribute, masking_rules)
            for column in columns
            if not column_security.is_shown_unmasked(caller, column.entity, column.attribute)
        }

    @property
    def unmasked(self) -> tuple[str, ...]:
        """The secured and the sealed columns that this caller gets to see as they are."""
        return tuple(
            column.key
            for column in self.columns
            if (column.attribute.secured or column.attribute.sealed)
            and column.key not in self._maskers
        )

    def records(self, rows: Sequence[Sequence[Any]]) -> list[dict[str, object]]:
        """Mappings by key, with `id`."""
        opener = self._opener(rows)
        return [
            {"id": row[0], **{c.key: self._value(c, row, opener) for c in self.columns}}
            for row in rows
        ]

    def _opener(self, rows: Sequence[Sequence[Any]]) -> Opener:
        envelopes = (row[column.position] for row in rows for column in self._sealed)
        return Opener(self._keyring, envelopes)

    def _value(self, column: SelectedColumn, row: Sequence[Any], opener: Opener) -> object:
        if column.reckoned is not None:
            return column.reckoned.of([row[position] for position in column.sources])
        value = row[column.position]
        if value is None:
            return None
        if column.attribute.sealed:
            value = opener.open(column.attribute, value, row[column.id_position])
        mask: Callable[[object], object] | None = self._maskers.get(column.key)
        return value if mask is None or value is SHREDDED else mask(value)
