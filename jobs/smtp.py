"""The conversation with the mail server: verified, with a time limit, and clear about its end.

Flask-Mail's connection waits for ever, believes any certificate, and takes a broken good-bye for
a failed mail. It knows bytes and replies, not what a mail is about.
"""

import smtplib
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Any

import flask_mail

TIMEOUT_SECONDS = 20


class UncertainDelivery(Exception):
    """The connection broke while the mail was handed over: the server may have taken it."""


class _HandsOver(smtplib.SMTP):
    """After DATA begins, a broken connection no longer means that nothing was sent."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:
            raise
        except (OSError, smtplib.SMTPException) as error:
            raise UncertainDelivery from error


class _Plain(_HandsOver):
    pass


class _Tls(_HandsOver, smtplib.SMTP_SSL):
    pass


class Connection(flask_mail.Connection):
    """One conversation, as a context; `name` is how we introduce ourselves."""

    def __init__(self, mail: flask_mail._Mail, *, name: str) -> None:
        super().__init__(mail)  # type: ignore[arg-type] # the library names a wrong class
        self._name = name

    def configure_host(self) -> smtplib.SMTP:
        host = self._connect()
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """A mail that was taken stays taken, however the server says good-bye."""
        if self.host is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.host.quit()
            self.host.close()

    def _connect(self) -> smtplib.SMTP:
        server, port = self.mail.server, self.mail.port
        if not self.mail.use_ssl:
            return _Plain(server, port, local_hostname=self._name, timeout=TIMEOUT_SECONDS)
        return _Tls(
            server,
            port,
            local_hostname=self._name,
            timeout=TIMEOUT_SECONDS,
            context=ssl.create_default_context(),
        )
