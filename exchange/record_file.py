"""Records as the bytes of a file, piece by piece; it notes nothing and asks nobody.

Who may have the file, and what is noted of it, is the business of those who make it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from exchange.formats import Cells, format_named
from models.metadata.definitions import AttributeDefinition

Rows = list[tuple[Any, ...]]


class RecordFile:
    """Iterate once for the file's bytes; `rows`, `size` and `sha256` are of what came by then."""

    def __init__(
        self,
        columns: Sequence[AttributeDefinition],
        chunks: Iterable[Rows],
        *,
        format: str,
        language: str,
    ) -> None:
        """`chunks` have a value for each column. DefinitionError for an unknown format."""
        self._format = format_named(format)
        self._chunks = chunks
        self._language = language
        self._hash = hashlib.sha256()
        self.columns = tuple(columns)
        self.writer = self._format.writer()
        self.size = 0

    @property
    def rows(self) -> int:
        return self.writer.rows

    @property
    def titles(self) -> list[str]:
        """The header's cells."""
        title, language = self._format.title, self._language
        return [title(column.display_name.text(language)) for column in self.columns]

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        formatters = [self._format.cells(column, self._language) for column in self.columns]
        chunks = (_cells(rows, formatters) for rows in self._chunks)
        for piece in self.writer.pieces(self.titles, chunks):
            if piece:
                self._hash.update(piece)
                self.size += len(piece)
                yield piece


def _cells(rows: Rows, formatters: Sequence[Cells]) -> list[list[Any]]:
    columns = zip(*rows, strict=True)
    return [cells(values) for cells, values in zip(formatters, columns, strict=True)]
