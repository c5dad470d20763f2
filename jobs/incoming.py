"""A mail that came in, read: who it is from, when, what it says as plain text, what was attached;
and whether a program wrote it. Whatever is odd about it, nothing in it is run or fetched.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime

from config.mail_addresses import Undeliverable, deliverable
from jobs.plain_text import cleaned, of_html, one_line
from models.metadata.labels import Label
from models.tables.base import utc_now

LONGEST_TEXT, LONGEST_SUBJECT, LONGEST_NAME = 8000, 200, 100
MOST_ATTACHMENTS = 20
OLDEST = timedelta(days=366)
NO_SUBJECT = Label("（件名なし）", "(no subject)")
CUT = "\n（以下省略）"
ATTACHED = "\n\n添付ファイル（保存していません）：{names}"
NOT_TO_BE_READ = (
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError),
    MessageError,
)
"""What Python's library raises at mails that are none."""
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
AUTOMATIC = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Reply")
WAYS = ("In-Reply-To", "To", "Cc", "Delivered-To", "X-Original-To", "References")
"""Where a token may stand, in the order in which it counts."""


@dataclass(frozen=True, slots=True)
class Incoming:
    subject: str
    sender: str
    """"" where it names none that is an address."""
    sent_on: datetime
    text: str
    digest: bytes
    """Of its Message-ID, by which it is known again; of all of it, where it has none."""


def header_of(raw: bytes) -> EmailMessage:
    """Of a mail or of its header alone."""
    message = message_from_bytes(raw, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("the policy makes another kind of message")
    return message


def tells_thread(header: EmailMessage) -> Iterator[str]:
    for name in WAYS:
        yield from _values(header, name)


def is_automatic(header: EmailMessage, *, ours: frozenset[str]) -> bool:
    """Whether a program answers, or a list or we ourselves speak (RFC 3834): filed, and answered,
    such mails would go round for ever."""
    written = [
        value.partition(";")[0].strip().lower() for value in _values(header, "Auto-Submitted")
    ]
    if any(value != "no" for value in written):
        return True
    if any(value.strip().lower() in BULK for value in _values(header, "Precedence")):
        return True
    if any(value.strip() == "<>" for value in _values(header, "Return-Path")):
        return True
    if any(name in header for name in AUTOMATIC):
        return True
    return _address(header).lower() in ours


def read(raw: bytes) -> Incoming:
    message = header_of(raw)
    text, attached = _text(message), list(_attachments(message))
    told = ATTACHED.format(names="、".join(attached)) if attached else ""
    room = LONGEST_TEXT - len(told)
    if len(text) > room:
        text = text[: room - len(CUT)] + CUT
    subject = one_line(" ".join(_values(message, "Subject")))[:LONGEST_SUBJECT]
    return Incoming(
        subject=subject or NO_SUBJECT.text("ja"),
        sender=_address(message),
        sent_on=_sent_on(message),
        text=(text + told).strip(),
        digest=_digest(message, raw),
    )


def _values(message: EmailMessage, name: str) -> list[str]:
    """As they stand; a header that the library cannot read has none."""
    try:
        return [str(value) for value in message.get_all(name, [])]
    except NOT_TO_BE_READ:
        return []


def _address(message: EmailMessage) -> str:
    for value in _values(message, "From")[:1]:
        _, address = parseaddr(value)
        try:
            return deliverable(address)
        except Undeliverable:
            return ""
    return ""


def _sent_on(message: EmailMessage) -> datetime:
    """As it says, if that can be: not in time to come, and not long ago."""
    now = utc_now()
    for value in _values(message, "Date")[:1]:
        try:
            found = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError):
            return now
        moment = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        return moment if now - OLDEST < moment <= now else now
    return now


def _text(message: EmailMessage) -> str:
    plain = message.get_body(("plain",))
    if plain is not None:
        return cleaned(_content(plain))
    html = message.get_body(("html",))
    return of_html(_content(html)) if html is not None else ""


def _content(part: MIMEPart) -> str:
    """In the charset it states, if that is one."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _attachments(message: EmailMessage) -> Iterator[str]:
    for number, part in enumerate(message.iter_attachments()):
        if number == MOST_ATTACHMENTS:
            yield "…"
            return
        name = part.get_filename() or part.get_content_type()
        yield one_line(name)[:LONGEST_NAME]


def _digest(message: EmailMessage, raw: bytes) -> bytes:
    known = "".join(_values(message, "Message-ID")).strip()
    return hashlib.sha256(known.encode("utf-8", "replace") if known else raw).digest()
