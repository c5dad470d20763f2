"""A checkpoint made: the log's head of this moment, signed, into the second place.

What the log says of itself is looked at first: a head that is not ours is not signed, and a log
that is not the one of the last checkpoint is told at once.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, insert, select

from crypto.keyring import Keyring
from crypto.signing import Signer
from models.records.auditing import head_seal
from models.records.checkpoints.lines import (
    FIRST,
    Checkpoint,
    NoCheckpoint,
    bare,
    digest_of,
    made,
    read,
)
from models.records.checkpoints.second_place import SecondPlace
from models.tables.audit import AuditCheckpoint
from models.tables.base import utc_now
from models.tables.record_data import AuditEntry, AuditHead
from models.tables.session import Database

SECRET = "audit checkpoints"  # noqa: S105 - what a secret is for


class AuditTampered(Exception):
    """The log is not the one it was: no checkpoint could vouch for it."""


class CheckpointNotWritten(Exception):
    """A second place did not take it; the text is the system's own word for why."""


def signer_of(keyring: Keyring) -> Signer:
    return Signer(keyring.secret(SECRET))


def make_checkpoint(database: Database, keyring: Keyring, place: SecondPlace) -> Checkpoint:
    """Write one now. AuditTampered where the log's head was forged, and no line is written; or
    where the log is not the one of the checkpoint before, and one is. CheckpointNotWritten."""
    making = _Making(database, keyring)
    with _told_plainly():
        place.append(making.line_after)
    checkpoint = making.checkpoint
    database.run(lambda transaction: transaction.write(insert(AuditCheckpoint), _row(checkpoint)))
    with _told_plainly():
        place.tell(checkpoint.line)
    if making.contradicted is not None:
        before = making.contradicted
        raise AuditTampered(f"entry {before.sequence} is not the one of {before.on:%F %T %Z}")
    return checkpoint


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CheckpointNotWritten(error.strerror or str(error)) from error


class _Making:
    """Makes one line, and remembers what it found."""

    contradicted: Checkpoint | None = None
    """The checkpoint before, if the log is not the one that it speaks of."""
    checkpoint: Checkpoint

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring
        self._signer = signer_of(keyring)

    def line_after(self, before: str) -> str:
        with self._database.reading() as connection:
            head = self._head(connection)
            self._compare(connection, before)
            previous = digest_of(bare(before)) if before else _last_known(connection)
        self.checkpoint = made(
            self._signer, sequence=head.sequence, mac=head.mac, on=utc_now(), previous=previous
        )
        return self.checkpoint.line

    def _head(self, connection: Connection) -> Any:
        """The head, if it is sealed, and the last entry is the one it names."""
        head = connection.execute(select(AuditHead.__table__)).one()
        secret = self._keyring.secret("audit")
        sealed = head_seal(secret, sequence=head.sequence, mac=head.mac)
        is_sealed = hmac.compare_digest(head.seal, sealed)
        if not is_sealed or not hmac.compare_digest(_mac(connection, head), head.mac):
            raise AuditTampered("the head of the log was altered")
        return head

    def _compare(self, connection: Connection, before: str) -> None:
        try:
            checkpoint = read(before, self._signer.verifier)
        except NoCheckpoint:
            return  # verification tells which line it is
        if not hmac.compare_digest(_mac(connection, checkpoint), checkpoint.mac):
            self.contradicted = checkpoint


def _mac(connection: Connection, place: Any) -> bytes:
    """Of the entry that a head or a checkpoint names; b"" where it is gone."""
    wanted = select(AuditEntry.mac).where(AuditEntry.sequence == place.sequence)
    return connection.scalar(wanted) or b""


def _last_known(connection: Connection) -> bytes:
    """Of the line before, where the file is a new one: it may have been put away."""
    newest = AuditCheckpoint.created_on.desc()
    return connection.scalar(select(AuditCheckpoint.line_hash).order_by(newest).limit(1)) or FIRST


def _row(checkpoint: Checkpoint) -> dict[str, object]:
    return {
        "line_hash": checkpoint.digest,
        "sequence": checkpoint.sequence,
        "created_on": checkpoint.on,
    }
