"""The conversation with the mailbox: IMAP4 over TLS, with a time limit. Nothing in it is changed
but that a mail is marked as read, on request. It knows bytes and numbers, and no mail.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from config.mailbox import Mailbox
from config.reading import MailTls

TIMEOUT_SECONDS = 20
SEEN = r"(\Seen)"


class MailboxRefused(Exception):
    """The server said no: to the sign-in, to the folder, to a command. Its words are not kept."""


class Vanished(Exception):
    """The mail is not there any more."""


class OpenMailbox:
    """A folder that is selected."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    @property
    def validity(self) -> int:
        _, found = self._connection.response("UIDVALIDITY")
        return int(found[0] or 0)

    def after(self, last: int) -> list[int]:
        """The numbers of the mails that came after that one, in order."""
        [found] = self._asked("SEARCH", "UID", f"{last + 1}:*")
        numbers = sorted(int(one) for one in (found or b"").split())
        return [one for one in numbers if one > last]  # “n:*” always names the last one

    def head(self, number: int) -> tuple[int, bytes]:
        """The size of the whole mail, and its header. Raises Vanished."""
        answer = self._asked("FETCH", str(number), "(RFC822.SIZE BODY.PEEK[HEADER])")
        told, header = _literal(answer)
        return _size(told), header

    def whole(self, number: int) -> bytes:
        """Raises Vanished."""
        return _literal(self._asked("FETCH", str(number), "(BODY.PEEK[])"))[1]

    def mark_read(self, number: int) -> None:
        self._asked("STORE", str(number), "+FLAGS.SILENT", SEEN)

    def _asked(self, command: str, *arguments: str) -> list[Any]:
        kind, answer = self._connection.uid(command, *arguments)
        if kind != "OK":
            raise MailboxRefused(command)
        return answer


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[OpenMailbox]:
    """Raises OSError where there is no server, MailboxRefused where it says no."""
    connection = _connect(mailbox)
    try:
        connection.login(mailbox.user, mailbox.password)
        kind, _ = connection.select(f'"{mailbox.folder}"')
        if kind != "OK":
            raise MailboxRefused("SELECT")
        yield OpenMailbox(connection)
    except imaplib.IMAP4.abort as error:  # the connection is gone, or makes no sense
        raise ConnectionError("the connection to the mailbox broke") from error
    except imaplib.IMAP4.error:
        raise MailboxRefused("sign-in") from None
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def _connect(mailbox: Mailbox) -> imaplib.IMAP4:
    where = mailbox.server, mailbox.port
    try:
        if mailbox.tls is MailTls.TLS:
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(*where, ssl_context=context, timeout=TIMEOUT_SECONDS)
        connection = imaplib.IMAP4(*where, timeout=TIMEOUT_SECONDS)
        if mailbox.tls is MailTls.STARTTLS:
            _start_tls(connection)
    except imaplib.IMAP4.error as error:
        raise MailboxRefused("greeting") from error
    return connection


def _start_tls(connection: imaplib.IMAP4) -> None:
    try:
        connection.starttls(ssl.create_default_context())
    except BaseException:
        connection.shutdown()
        raise


def _literal(answer: list[Any]) -> tuple[bytes, bytes]:
    """What stands before the literal, and the literal."""
    for part in answer:
        if isinstance(part, tuple):
            return part[0], part[1]
    raise Vanished


def _size(told: bytes) -> int:
    words = told.replace(b"(", b" ").split()
    return int(words[words.index(b"RFC822.SIZE") + 1])
