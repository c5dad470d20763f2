"""The talk with the server, broken off at every point: what was sent, and what is said of it."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from jobs import notices
from jobs.mail import Mail, Mailer
from jobs.notices import failure
from jobs.smtp import UncertainDelivery
from jobs.worker import Worker
from models.records.engine import RecordEngine
from tests.jobs.post import jobs, let_time_pass, mail_to, post, settings
from tests.jobs.scripted import HANG_UP, ScriptedServer, scripted

MAIL = Mail(to="taro@example.jp", subject="件名", body="本文\n.\n..二つ", identity="7")


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[int]:
    """The port of a server whose certificate for 127.0.0.1 is signed by itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def shake_hands() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                context.wrap_socket(connection, server_side=True).close()

        thread = Thread(target=shake_hands, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(timeout=10)


def self_signed(directory: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = directory / "server.pem"
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return path


def send(server: ScriptedServer, **changes: str) -> None:
    Mailer(settings(server.port, **changes)).send(MAIL)


def test_what_is_said_to_a_server() -> None:
    with scripted() as server:
        send(server)
    verbs = ["ehlo city.example.jp", "mail FROM:<no-reply@city.example.jp>"]
    verbs += ["rcpt TO:<taro@example.jp>", "data", "quit", "END"]
    assert server.heard == verbs
    (raw,) = server.taken
    assert max(len(line) for line in raw.split(b"\r\n")) <= 79
    assert message_from_bytes(raw)["Message-ID"] == "<7@city.example.jp>"


@pytest.mark.parametrize("good_bye", [HANG_UP, "421 not now", "500 what?"])
def test_a_mail_that_was_taken_stays_taken(good_bye: str) -> None:
    with scripted(QUIT=good_bye) as server:
        send(server)
    assert len(server.taken) == 1


@pytest.mark.parametrize("step", ["DATA", "dot"])
def test_a_line_that_breaks_while_the_mail_is_handed_over_leaves_a_doubt(step: str) -> None:
    with scripted(**{step: HANG_UP}) as server, pytest.raises(UncertainDelivery):
        send(server)


@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "MAIL", "RCPT"])
def test_a_line_that_breaks_before_leaves_none(step: str) -> None:
    with scripted(**{step: HANG_UP}) as server:
        with pytest.raises((smtplib.SMTPException, OSError)) as caught:
            send(server)
        assert server.taken == []
    said = failure(caught.value)
    assert said.reason.startswith(notices.UNREACHABLE)
    assert not said.is_final


@pytest.mark.parametrize(
    ("step", "reply", "said", "is_final"),
    [
        ("CONNECT", "554 go away", f"{notices.REFUSED}\nSMTP 554", False),
        ("MAIL", "530 sign in first", f"{notices.REFUSED}\nSMTP 530", False),
        ("RCPT", "450 grey", f"{notices.REFUSED}\nSMTP 450", False),
        ("RCPT", "550 <taro@example.jp> nobody", f"{notices.REFUSED}\nSMTP 550", True),
        ("DATA", "451 wait", f"{notices.REFUSED}\nSMTP 451", False),
        ("dot", "552 too large", f"{notices.REFUSED}\nSMTP 552", True),
    ],
)
def test_a_refusal_is_told_by_its_code(step: str, reply: str, said: str, is_final: bool) -> None:
    with scripted(**{step: reply}) as server, pytest.raises(smtplib.SMTPException) as caught:
        send(server)
    assert failure(caught.value) == (said, is_final)


def test_a_refused_sign_in_is_ours_to_mend() -> None:
    offers = "250-mail.example.jp\r\n250 AUTH PLAIN"
    account = {"UKETSUKE_MAIL_USER": "office", "UKETSUKE_MAIL_PASSWORD": "wrong"}
    with (
        scripted(EHLO=offers, AUTH="535 no") as server,
        pytest.raises(smtplib.SMTPAuthenticationError) as caught,
    ):
        send(server, **account)
    assert failure(caught.value) == (f"{notices.SIGN_IN}\nSMTP 535", False)


def test_a_certificate_nobody_vouches_for_is_refused(untrusted: int) -> None:
    mailer = Mailer(settings(untrusted, UKETSUKE_MAIL_TLS="tls"))
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        mailer.send(MAIL)
    assert failure(caught.value) == (notices.CERTIFICATE, False)


def test_a_server_without_starttls_gets_nothing() -> None:
    with scripted() as server:
        with pytest.raises(smtplib.SMTPNotSupportedError) as caught:
            send(server, UKETSUKE_MAIL_TLS="starttls")
        assert server.taken == []
    assert failure(caught.value) == (notices.NOT_OFFERED, False)


def test_the_doubt_stays_with_the_job(engine: RecordEngine) -> None:
    """The server took the mail and died before it said so: it is sent again, and that is said."""
    post(engine, mail_to("taro@example.jp"))
    with scripted(dot=HANG_UP) as server:
        work(engine, server)
        (row,) = jobs(engine.database)
        assert row.state == "READY"
        assert row.message == f"{notices.BROKE_OFF}\n{notices.MAYBE_TWICE}"
        let_time_pass(engine.database, timedelta(minutes=5))
        server.replies = {**server.replies, ".": "250 queued"}
        work(engine, server)
        first, second = (message_from_bytes(raw) for raw in server.taken)
        assert first["Message-ID"] == second["Message-ID"]
    (row,) = jobs(engine.database)
    assert (row.status, row.message) == ("SUCCEEDED", notices.MAYBE_TWICE)


def work(engine: RecordEngine, server: ScriptedServer) -> Any:
    return Worker(engine, Mailer(settings(server.port))).run(Event(), drain=True)
