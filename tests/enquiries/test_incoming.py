"""A mail read as plain text, whatever it holds: HTML, charsets, attachments, odd headers."""

import base64
from datetime import timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import incoming
from jobs.plain_text import cleaned, of_html, one_line
from models.tables.base import utc_now

HEAD = b"From: taro@example.jp\nMessage-ID: <1@example.jp>\nMIME-Version: 1.0\n"


def raw(text: str, charset: str, encoding: str = "base64") -> bytes:
    data = base64.encodebytes(text.encode(charset, "replace"))
    kind = (
        f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    return HEAD + kind.encode() + data


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
def test_japanese_in_any_charset(charset: str) -> None:
    assert incoming.read(raw("木曜日でお願いします。", charset)).text == "木曜日でお願いします。"


def test_a_charset_that_is_none() -> None:
    assert "hello" in incoming.read(raw("hello", "utf-8").replace(b"utf-8", b"klingon")).text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>一行目<br>二行目</p><p>三行目</p>", "一行目\n二行目\n\n三行目"),
        ("<script>alert(1)</script><style>p{}</style>本文", "本文"),
        ("<p onclick='x()'>本<b>文</b></p>", "本文"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("<a href='javascript:x()'>ここ</a><img src='https://a.example/p.gif' alt='x'>", "ここ"),
        ("<title>題</title><div>本文</div><!-- 見えない -->", "本文"),
        ("<svg><text>絵</text></svg>本文<noscript>無</noscript>", "本文"),
        ("<p>閉じない<script>alert(1)", "閉じない"),
        ("", ""),
    ],
)
def test_html_says_what_it_says_and_no_more(source: str, text: str) -> None:
    assert of_html(source) == text


@pytest.mark.parametrize("piece", ["<!--", "<a x='", "<", "</", "<![CDATA[", "<script>", "&"])
def test_what_never_ends_is_read_at_once(piece: str) -> None:
    """The library would look for the end of a megabyte of comments for minutes, of ten for hours:
    this test would not come to its own."""
    said = of_html("<p>本文</p>" + piece * (10**7 // len(piece)))
    assert said.startswith("本文")
    assert len(said) <= 2**20


def test_plain_text_is_preferred_and_html_is_read_where_there_is_none() -> None:
    both = EmailMessage()
    both.set_content("文字の本文")
    both.add_alternative("<p>HTMLの本文</p>", subtype="html")
    assert incoming.read(both.as_bytes()).text == "文字の本文"
    html = EmailMessage()
    html.set_content("<p>HTMLの本文</p><script>x()</script>", subtype="html")
    assert incoming.read(html.as_bytes()).text == "HTMLの本文"


def test_attachments_are_named_and_not_kept() -> None:
    message = EmailMessage()
    message.set_content("資料を送ります。")
    for name in ("申請書\u202egpj.exe", "写真.png"):
        message.add_attachment(b"SECRET", maintype="application", subtype="x", filename=name)
    text = incoming.read(message.as_bytes()).text
    assert text.startswith("資料を送ります。\n\n添付ファイル（保存していません）：")
    assert "写真.png" in text
    assert "\u202e" not in text
    assert "SECRET" not in text


def test_what_is_too_long_is_cut_with_the_attachments_still_named() -> None:
    message = EmailMessage()
    message["Subject"] = "長" * 500
    message.set_content("あ" * 20000)
    message.add_attachment(b"x", maintype="application", subtype="x", filename="資料.pdf")
    found = incoming.read(message.as_bytes())
    assert len(found.text) == incoming.LONGEST_TEXT
    assert found.text.endswith("（以下省略）\n\n添付ファイル（保存していません）：資料.pdf")
    assert len(found.subject) == incoming.LONGEST_SUBJECT


@pytest.mark.parametrize(
    ("date", "is_believed"),
    [
        ("now", True),
        ("Fri, 01 Jan 2100 00:00:00 +0900", False),
        ("Thu, 01 Jan 1970 00:00:00 +0000", False),
        ("yesterday", False),
        ("", False),
    ],
)
def test_the_time_is_believed_within_reason(date: str, is_believed: bool) -> None:
    message = EmailMessage()
    an_hour_ago = utc_now() - timedelta(hours=1)
    if date:
        message["Date"] = (
            an_hour_ago.strftime("%a, %d %b %Y %H:%M:%S +0000") if date == "now" else None
        )
        if date != "now":
            message.replace_header("Date", date)
    found = utc_now() - incoming.read(message.as_bytes() + b"\n").sent_on
    assert (found > timedelta(minutes=50)) is is_believed
    assert found < timedelta(hours=2)


@pytest.mark.parametrize(
    "sender", ["", "花子", "<>", "a@b@c", "x\\@", "受付@example.jp", "a b@example.jp", "@"]
)
def test_a_sender_that_is_none(sender: str) -> None:
    data = f"From: {sender}\nSubject: =?utf-8?b?///?=\n\n本文".encode()
    found = incoming.read(data)
    assert found.sender in {"", '"a b"@example.jp', "a@b@c"} or "@" in found.sender
    assert found.text == "本文"


@given(st.binary(max_size=400))
def test_whatever_comes_has_an_end(data: bytes) -> None:
    """Read, or left alone by who asks; never something that a page cannot show."""
    try:
        found = incoming.read(data)
    except incoming.NOT_TO_BE_READ:
        return  # `answers` leaves such a mail alone
    for text in (found.text, found.subject):
        assert text == cleaned(text) or not text
        assert text.isprintable() or set(text) & {"\n", "\u200c", "\u200d", "\u3000"}


@given(st.text(max_size=200))
def test_cleaned_twice_is_cleaned_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert "\n" not in one_line(text)
    assert of_html(text) == cleaned(of_html(text))
