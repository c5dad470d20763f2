"""Mail out, by Flask-Mail with its sharp edges taken off.

It refuses control characters in every header (the library forgets `extra_headers`), keeps lines
short (the library writes a paragraph as one line) and quotes old addresses. It does not know why
a mail is sent, nor does it try again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import charset, policy
from email.header import Header
from email.mime.base import MIMEBase
from email.utils import formataddr

import flask_mail
from flask import Flask

from config import MailTls, Settings
from config.mail_addresses import deliverable
from jobs.smtp import Connection

# Flask-Mail registered 8-bit bodies when it was imported above; this must come after it.
charset.add_charset("utf-8", charset.SHORTEST, charset.BASE64, "utf-8")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What ends a header or a line, to SMTP, to Python's e-mail library, or to a reader."""
WIRE = policy.compat32.clone(linesep="\r\n")
LONGEST_PLAIN = 60
"""A longer text goes as encoded words, which can be folded anywhere."""
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""RFC 3834: no absence notice shall answer; the second is what Exchange heeds."""


class UnsafeHeader(ValueError):
    """A header that might become two; its text is not repeated."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One plain-text mail; `identity` makes its Message-ID, the same at every attempt."""

    to: str
    subject: str
    body: str
    identity: str
    sender_name: str = ""
    token: str = ""
    """Goes into the Message-ID, which an answer names; and into the address for answers."""

    def __repr__(self) -> str:
        return f"Mail({self.identity})"


class Mailer:
    """Sends mails as the settings say. Raises OSError or SMTPException where none was taken."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        """Of the installation, for jobs that need more of them than a mail does."""
        self._sender = deliverable(settings.mail_sender)
        self._domain = self._sender.rpartition("@")[2]
        # Flask-Mail looks for its settings in an application: it gets one of its own.
        self._app = Flask(__name__)
        self._app.config.update(
            MAIL_SERVER=settings.mail_server,
            MAIL_PORT=settings.mail_port,
            MAIL_USERNAME=settings.mail_user or None,
            MAIL_PASSWORD=settings.mail_password or None,
            MAIL_USE_TLS=settings.mail_tls is MailTls.STARTTLS,
            MAIL_USE_SSL=settings.mail_tls is MailTls.TLS,
            MAIL_DEFAULT_SENDER=self._sender,
            MAIL_SUPPRESS_SEND=False,
        )
        self._state = flask_mail.Mail().init_app(self._app)

    def send(self, mail: Mail) -> None:
        """Hand the mail to the server; UncertainDelivery if it may or may not have it."""
        message = self.message(mail)
        with (
            self._app.app_context(),
            Connection(self._state, name=self._domain) as connection,
        ):
            connection.send(message, envelope_from=self._sender)

    def message(self, mail: Mail) -> flask_mail.Message:
        """As it will be sent. Raises UnsafeHeader, Undeliverable."""
        message = _Message(
            subject=mail.subject,
            recipients=[("", deliverable(mail.to))],
            body=_canonical(mail.body),
            sender=self._sender,
            charset="utf-8",
            extra_headers=dict(HEADERS),
            reply_to=self._answers_to(mail),
        )
        message.sender_name = mail.sender_name
        identity = f"{mail.identity}.{mail.token}" if mail.token else mail.identity
        message.msgId = f"<{identity}@{self._domain}>"
        refuse_control(message)
        return message

    def _answers_to(self, mail: Mail) -> str | None:
        """The mailbox that is looked through, for mails that are answered."""
        mailbox = self.settings.mailbox
        if mailbox is None or not mail.token:
            return None
        local, _, domain = deliverable(mailbox.address).rpartition("@")
        return (
            f"{local}+{mail.token}@{domain}" if mailbox.has_subaddresses else f"{local}@{domain}"
        )

    def as_bytes(self, message: flask_mail.Message) -> bytes:
        with self._app.app_context():
            return message.as_bytes()


def refuse_control(message: flask_mail.Message) -> None:
    """Raise UnsafeHeader if any header of the message holds a control character."""
    if any(CONTROL.search(text) for text in _header_texts(message)):
        raise UnsafeHeader("a header holds a control character")


class _Message(flask_mail.Message):
    """With a subject and a sender that say the same at the other end, whatever they look like.

    The library folds encoded words a second time, which puts blanks into Japanese names, and
    reads `city, <x@example.jp>` in a name as addresses.
    """

    sender_name = ""

    def _message(self) -> MIMEBase:
        made = super()._message()
        made.policy = WIRE
        del made["Subject"], made["From"]
        made["Subject"] = _encoded(self.subject)  # type: ignore[assignment] # typeshed: str only
        made["From"] = _mailbox(self.sender_name, str(self.sender))  # type: ignore[assignment]
        return made


def _header_texts(message: flask_mail.Message) -> Iterator[str]:
    yield message.subject or ""
    yield message.msgId
    yield getattr(message, "sender_name", "")
    addresses = [message.sender, message.reply_to, *message.recipients, *message.cc, *message.bcc]
    for address in addresses:
        yield from (address,) if isinstance(address, str) else address or ()
    for name, value in (message.extra_headers or {}).items():
        yield name
        yield value


def _encoded(text: str) -> Header:
    """As encoded words (RFC 2047) where the text is not ASCII, or would be taken for one."""
    return Header(text, "us-ascii" if _is_plain(text) else "utf-8", header_name="Subject")


def _mailbox(name: str, address: str) -> Header:
    if _is_plain(name):
        return Header(formataddr((name, address)), "us-ascii", header_name="From")
    mailbox = Header(name, "utf-8", header_name="From")
    mailbox.append(f"<{address}>", "us-ascii")
    return mailbox


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text and len(text) <= LONGEST_PLAIN


def _canonical(body: str) -> str:
    """Lines end in CRLF also inside base64 (RFC 2045 §6.8)."""
    return body.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
