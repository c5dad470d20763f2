"""An SMTP server on loopback that takes every mail and keeps it in memory only.

Nothing is written to a disk and nothing is sent on: mails of a demo hold personal data too. It
knows neither who sends nor how a mail is shown.
"""

import asyncio
import socket
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from threading import Event, Thread

from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
MOST_MAILS = 1000
ACCEPTED = "250 OK"


@dataclass(frozen=True)
class Mail:
    """One mail as it came in, with the addresses of its SMTP envelope."""

    number: int
    received_on: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        """The plain text a person reads; empty if the mail has none."""
        body = self.message.get_body(preferencelist=("plain",))
        return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


class Inbox:
    """Listens from `start` to `stop` on `port`, a free one unless a port is asked for."""

    def __init__(self, *, port: int = 0) -> None:
        self._socket = socket.create_server((LOOPBACK, port))
        self.port: int = self._socket.getsockname()[1]
        self._mails: deque[Mail] = deque(maxlen=MOST_MAILS)
        self._numbers = count(1)
        self._loop = asyncio.new_event_loop()
        self._listening = Event()
        self._thread = Thread(target=self._serve, name="inbox", daemon=True)

    @property
    def mails(self) -> tuple[Mail, ...]:
        """All mails, the oldest first; beyond a thousand the oldest are forgotten."""
        return tuple(self._mails)

    def start(self) -> None:
        self._thread.start()
        self._listening.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def answer(self, mail: Mail) -> str:
        """The SMTP reply to a mail; it is kept where the reply accepts it."""
        return ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd, which found this name."""
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)  # nosec B101  # noqa: S101 - by the policy asked for
        mail = Mail(
            number=next(self._numbers),
            received_on=datetime.now(UTC),
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            message=message,
        )
        reply = self.answer(mail)
        if reply.startswith("2"):
            self._mails.append(mail)
        return reply

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._new_session, sock=self._socket)
        )
        self._listening.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    def _new_session(self) -> SMTP:
        return SMTP(self, hostname="inbox.localhost", enable_SMTPUTF8=True, loop=self._loop)
