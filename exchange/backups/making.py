"""A backup made while the service runs: of the records, or of their keystore.

What is copied is one moment of the database; it is counted as it is copied, sealed as it leaves,
and gets its name when it is whole. Of two backups made together the keystore's is the later one:
keys are committed before the rows they seal, so that it knows every key those rows name.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from crypto.backup_keys import new_backup_key
from crypto.keystore import Keystore
from crypto.providers import KeyProvider
from exchange.backups import contents, facts, halves, places, postgresql, sqlite
from exchange.backups.keys import new_key
from exchange.backups.left_out import LEFT_OUT, NAMES
from exchange.backups.manifests import Kind, Manifest
from exchange.backups.places import Backup, Spoilt
from models.tables.base import new_id, utc_now
from models.tables.session import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is backed up. Copies of SQLite lie in `workplace` while they are sealed: as readable
    as the database is, so a folder of the installation's own."""

    kind: Kind
    url: str
    keystore: str
    """By what the keystore is known (see `belonging`)."""
    provider: KeyProvider
    keys: Keystore
    """Gets one half of the key of each backup of the records."""
    workplace: Path

    @property
    def is_sqlite(self) -> bool:
        return make_url(self.url).get_backend_name() == "sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """One moment of a database, on its way."""

    chunks: Iterable[bytes]
    facts: Mapping[str, int]
    rows: Mapping[str, int]
    schema: str


def make(source: Source, place: Path) -> Backup:
    """A new backup in its own folder below `place`; nothing of it stays where it fails."""
    for folder in (place, source.workplace):
        places.put_away(folder)
    backup_id, created_on = new_id(), utc_now()
    key, wrapped = new_key(source.provider, kind=source.kind, backup_id=backup_id)
    with _half(source) as (half, secret), places.draft(place) as drafted, _copied(source) as copy:
        key, carried = key.with_half(secret), b""
        if source.kind is Kind.KEYSTORE:
            carried = halves.sealed(halves.in_keystore(source.keys), key)
        plain, sealed = contents.seal_into(
            drafted / places.CONTENT, copy.chunks, key=key, backup_id=backup_id
        )
        manifest = Manifest(
            id=backup_id,
            kind=source.kind,
            created_on=created_on,
            database="sqlite" if source.is_sqlite else "postgresql",
            schema=copy.schema,
            keystore=source.keystore,
            facts=copy.facts,
            rows=copy.rows,
            left_out=NAMES if source.kind is Kind.RECORDS else (),
            plain=plain,
            sealed=sealed,
            wrapped_key=wrapped,
            half=half,
            halves=carried,
        )
        return places.settled(drafted, manifest, key)


@contextmanager
def _half(source: Source) -> Iterator[tuple[int, bytes]]:
    """One half of the key of a backup of the records, in the keystore before it seals anything;
    gone again where no backup comes of it, for the newest one outlasts all others."""
    if source.kind is Kind.KEYSTORE:
        yield 0, b""
        return
    made = new_backup_key(source.keys)
    try:
        yield made.id, made.secret
    except BaseException:
        source.keys.destroy([made.id])
        raise


def tidy(newest_first: Iterable[Backup | Spoilt], *, keep: int) -> list[Path]:
    """Remove all but the `keep` newest; those that went. One that is spoilt counts for none, and
    is left to whoever looks into it."""
    readable = [one.folder for one in newest_first if isinstance(one, Backup)]
    return [_removed(one) for one in readable[max(1, keep) :]]


def expire(newest_first: Iterable[Backup | Spoilt], *, days: int, now: datetime) -> list[Path]:
    """Remove those that are older, but never the newest that can be read; those that went. Spoilt
    ones go by their name: under another root key they could be read again."""
    found = list(newest_first)
    newest = next((one.folder for one in found if isinstance(one, Backup)), None)
    oldest = now - timedelta(days=days)
    going = [one.folder for one in found if one.folder != newest]
    return [_removed(one) for one in going if (places.made_on(one) or now) < oldest]


def _removed(folder: Path) -> Path:
    places.remove(folder)
    return folder


def _copied(source: Source) -> AbstractContextManager[Copied]:
    return _of_sqlite(source) if source.is_sqlite else _of_postgresql(source)


@contextmanager
def _of_sqlite(source: Source) -> Iterator[Copied]:
    left_out = LEFT_OUT if source.kind is Kind.RECORDS else ()
    places.put_away(sqlite.file_of(source.url).parent)  # where a restore would have begun
    with tempfile.TemporaryDirectory(dir=source.workplace, prefix=places.COPY) as folder:
        copy = sqlite.copied(sqlite.file_of(source.url), Path(folder), left_out=left_out)
        with sqlite.connected(copy) as connection:
            found = facts.facts_of(source.kind, connection)
            rows = facts.row_counts(connection)
        yield Copied(chunks=sqlite.read(copy), facts=found, rows=rows, schema="")


@contextmanager
def _of_postgresql(source: Source) -> Iterator[Copied]:
    left_out = NAMES if source.kind is Kind.RECORDS else ()
    database = Database(source.url)
    try:
        with database.snapshot() as connection:
            postgresql.require_tools(connection)
            schema = postgresql.current_schema(connection)
            rows = facts.row_counts(connection) | dict.fromkeys(left_out, 0)
            chunks = postgresql.dumped(
                source.url,
                schema=schema,
                snapshot=postgresql.exported_snapshot(connection),
                left_out=left_out,
            )
            with closing(chunks):
                found = facts.facts_of(source.kind, connection)
                yield Copied(chunks=chunks, facts=found, rows=rows, schema=schema)
    finally:
        database.dispose()
