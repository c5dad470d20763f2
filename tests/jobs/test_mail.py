"""A mail on the wire: headers nobody can split, short lines, and text that arrives as written."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import flask_mail
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.mail_addresses import Undeliverable
from jobs.mail import Mail, Mailer, UnsafeHeader, refuse_control
from tests.jobs.post import settings
from tests.support.post_office import PostOffice

LONGEST_LINE = 79
"""RFC 5322 asks for 78 and allows 998; the e-mail library folds at 78 bytes and a separator."""
MAILER = Mailer(settings(25))
WILD = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)
TIDY = WILD.map(
    lambda text: " ".join("".join(c for c in text if c.isprintable() or c == "　").split())
)
JAPANESE = st.text(
    st.sampled_from('【受付】登録完了手続きのお願い（０１）KOBE ,;:<>@"\\'), max_size=300
)
EXPECTED = {
    "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To",
    "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
}  # fmt: skip


def wire(**changes: str) -> bytes:
    """The bytes that would go out; every line of every mail in these tests is short."""
    values = {"to": "taro@example.jp", "subject": "件名", "body": "本文", "identity": "1"}
    raw = MAILER.as_bytes(MAILER.message(Mail(**values | changes)))
    assert max(len(line) for line in raw.split(b"\r\n")) <= LONGEST_LINE
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    return raw


def sent(**changes: str) -> EmailMessage:
    parsed = message_from_bytes(wire(**changes), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


@given(
    field=st.sampled_from(["to", "subject", "sender_name", "identity"]),
    before=WILD,
    evil=st.sampled_from(
        ["\r\n", "\n", "\r", "\0", "\x0b", "\x0c", "\x1c", "\x1d", "\x85", "\u2028", "\u2029"]
    ),
    after=st.sampled_from(["Bcc: victim@example.jp", "\r\n\r\nbody", " folded", ""]),
)
def test_no_header_is_split(field: str, before: str, evil: str, after: str) -> None:
    text = f"{before}{evil}{after}"
    if field == "to":
        text = f"{text}@example.jp"
    with pytest.raises((UnsafeHeader, Undeliverable)):
        sent(**{field: text})


@pytest.mark.parametrize(
    "changes",
    [
        {"extra_headers": {"X-Reason": "a\r\nBcc: victim@example.jp"}},
        {"extra_headers": {"X-Reason\r\nBcc": "victim@example.jp"}},
        {"extra_headers": {"X-Reason": "a\0b"}},
        {"reply_to": "a@example.jp\nBcc: victim@example.jp"},
        {"reply_to": ("a\nBcc: victim@example.jp", "a@example.jp")},
        {"cc": ["a@example.jp\nBcc: victim@example.jp"]},
        {"bcc": ["a@example.jp\r"]},
        {"recipients": [("a\n", "a@example.jp")]},
        {"sender": "a\r\n@example.jp"},
    ],
)
def test_every_header_of_the_library_is_looked_at(changes: dict[str, object]) -> None:
    values = {"sender": "office@example.jp", **changes}
    with pytest.raises(UnsafeHeader):
        refuse_control(flask_mail.Message(**values))


@given(subject=TIDY | JAPANESE.map(lambda text: " ".join(text.split())))
@example("=?utf-8?q?Bcc=3A?=")
@example("a" * 300)
@example("応援" * 100)
@example("Bcc: victim@example.jp")
def test_subject_arrives_as_written(subject: str) -> None:
    parsed = sent(subject=subject)
    assert str(parsed["Subject"] or "") == subject
    assert set(parsed.keys()) == EXPECTED


@given(name=JAPANESE.map(lambda text: " ".join(text.split())))
@example("神戸市, 企画調整局 <secret@example.jp>")
@example("KOBE応援プラットフォーム運営事務局（神戸市つなぐラボ）、平日9時から17時まで")
@example('a "quoted" name')
def test_sender_s_name_arrives_as_written(name: str) -> None:
    # Not by policy.default, whose parser puts a blank between two encoded words of a name.
    parsed = message_from_bytes(wire(sender_name=name), policy=policy.compat32)
    shown, address = parseaddr(parsed["From"])
    assert address == "no-reply@city.example.jp"
    assert str(make_header(decode_header(shown))) == name


@given(body=WILD | JAPANESE)
@example("一つの長い段落です。" * 400)
@example(".\r\n.\r\nQUIT\r\n")
@example("From the start\rmiddle\nend")
def test_body_arrives_as_written(body: str) -> None:
    parsed = sent(body=body)
    text = parsed.get_content()
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    assert text.replace("\r\n", "\n").rstrip("\n") == lines.rstrip("\n")
    assert parsed.get_content_type() == "text/plain"
    assert "\n" not in text.replace("\r\n", "")


def test_headers_that_keep_machines_quiet() -> None:
    parsed = sent(identity="0" * 32)
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Message-ID"] == f"<{'0' * 32}@city.example.jp>"
    assert parsed["Date"].datetime.tzinfo is not None
    assert str(parsed["From"]) == "no-reply@city.example.jp"


def test_the_same_job_has_the_same_message_id() -> None:
    assert sent(identity="a")["Message-ID"] == sent(identity="a", subject="二通目")["Message-ID"]
    assert sent(identity="a")["Message-ID"] != sent(identity="b")["Message-ID"]


def test_nothing_of_a_mail_is_in_its_repr() -> None:
    mail = Mail(to="taro@example.jp", subject="秘密", body="本文", identity="7")
    assert repr(mail) == "Mail(7)"


def test_a_real_server_takes_it(mailer: Mailer, smtp_server: PostOffice) -> None:
    mail = Mail(
        to="taro@example.jp",
        subject="【KOBE応援プラットフォーム】登録完了手続きのお願い",
        body="応援内容\n.\n終わり",
        identity="7",
        sender_name="運営事務局",
    )
    mailer.send(mail)
    (received,) = smtp_server.mails
    assert (received.sender, received.recipients) == (
        "no-reply@city.example.jp",
        ("taro@example.jp",),
    )
    assert received.subject == mail.subject
    assert received.text.rstrip("\n") == mail.body
    assert str(received.message["From"].addresses[0].display_name) == "運営事務局"
