"""The bytes of PostgreSQL's own files of some tables, where the role may read them
(`pg_read_binary_file`; a superuser's at first). What SQLite's owner sees in a folder, an office on
PostgreSQL sees through this.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Table, text

PIECE = 1 << 20
_ALLOWED = text(
    "SELECT has_function_privilege('pg_read_binary_file(text,bigint,bigint,boolean)', 'EXECUTE')"
)
_FILES = text(
    """
    SELECT pg_relation_filepath(one) FROM (
        SELECT CAST(:name AS regclass)::oid AS one
        UNION SELECT reltoastrelid FROM pg_class WHERE oid = CAST(:name AS regclass)
        UNION SELECT indexrelid FROM pg_index WHERE indrelid = CAST(:name AS regclass)
    ) AS relation WHERE one <> 0
    """
)
_PIECE = text("SELECT pg_read_binary_file(:path, :start, :length, true)")


def may_be_read(connection: Connection) -> bool:
    return bool(connection.scalar(_ALLOWED))


def files_of(connection: Connection, tables: Iterable[Table]) -> Iterator[Iterator[bytes]]:
    """Each file in pieces: of the tables, of what they keep apart, and of their indexes."""
    for table in tables:
        name = connection.dialect.identifier_preparer.format_table(table)
        for path in connection.scalars(_FILES, {"name": name}).all():
            yield from _segments(connection, path)


def _segments(connection: Connection, path: str) -> Iterator[Iterator[bytes]]:
    """PostgreSQL cuts a file at each gigabyte: path, path.1, path.2 …"""
    number = 0
    while first := _read(connection, path if not number else f"{path}.{number}", 0):
        yield _pieces(connection, path if not number else f"{path}.{number}", first)
        number += 1


def _pieces(connection: Connection, path: str, piece: bytes) -> Iterator[bytes]:
    start = 0
    while piece:
        yield piece
        start += len(piece)
        piece = _read(connection, path, start)


def _read(connection: Connection, path: str, start: int) -> bytes:
    """Empty behind its end, and where there is no such file."""
    asked = {"path": path, "start": start, "length": PIECE}
    return bytes(connection.scalar(_PIECE, asked) or b"")
