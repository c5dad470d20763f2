"""The inbox: what a real SMTP client sends is there, in memory, readable, and harmless."""

from email.message import EmailMessage
from smtplib import SMTP, SMTPDataError
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.development.inbox_page import InboxPage, linked
from tests.support.post_office import PostOffice

HOSTILE = '<script>alert(1)</script> & "quotes"'
ADDRESS = "https://127.0.0.1/confirm?token=abc&lang=ja"


def send(
    port: int, *, subject: str = "件名", text: str = "本文", to: str = "a@example.jp"
) -> None:
    message = EmailMessage()
    message["Subject"], message["To"], message["From"] = subject, to, "kobe@example.jp"
    message.set_content(text)
    with SMTP("127.0.0.1", port) as client:
        client.send_message(message)


@pytest.fixture
def page(smtp_server: PostOffice):
    served = InboxPage(smtp_server, port=0)
    served.start()
    yield f"http://127.0.0.1:{served.port}"
    served.stop()


def fetch(url: str) -> str:
    with urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def test_a_mail_arrives_whole(smtp_server: PostOffice) -> None:
    send(smtp_server.port, subject="受付のお知らせ", text="神戸市です。\n二行目")
    mail = smtp_server.wait_for()
    assert (mail.subject, mail.recipients) == ("受付のお知らせ", ("a@example.jp",))
    assert mail.text.rstrip() == "神戸市です。\n二行目"


def test_a_refused_mail_is_not_kept(smtp_server: PostOffice) -> None:
    smtp_server.refuse("451 4.3.0 try again later")
    with pytest.raises(SMTPDataError, match="try again"):
        send(smtp_server.port)
    assert smtp_server.mails == ()
    send(smtp_server.port)
    assert len(smtp_server.mails) == 1


def test_list_shows_the_newest_first(smtp_server: PostOffice, page: str) -> None:
    assert "まだありません" in fetch(page)
    send(smtp_server.port, subject="一通目")
    send(smtp_server.port, subject="二通目")
    shown = fetch(page)
    assert shown.index("二通目") < shown.index("一通目")


def test_a_mail_is_text_and_its_links_are_links(smtp_server: PostOffice, page: str) -> None:
    send(smtp_server.port, subject=HOSTILE, text=f"{HOSTILE}\n{ADDRESS}。\n", to="b@example.jp")
    for shown in (fetch(page), fetch(f"{page}/mails/1")):
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown
    escaped = ADDRESS.replace("&", "&amp;")
    assert f'<a href="{escaped}" rel="noreferrer">{escaped}</a>。' in shown


def test_page_allows_nothing_but_its_style(page: str) -> None:
    with urlopen(page, timeout=10) as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/mails/7", "/mails/", "/mails/1/../../etc/passwd", "/x"])
def test_what_is_not_there_is_404(page: str, path: str) -> None:
    with pytest.raises(HTTPError) as caught:
        fetch(page + path)
    caught.value.close()
    assert caught.value.code == 404


def test_another_name_for_this_machine_reads_nothing(smtp_server: PostOffice, page: str) -> None:
    """A page elsewhere could otherwise point its own name at loopback and read the mails."""
    send(smtp_server.port, subject="秘密")
    with pytest.raises(HTTPError) as caught:
        urlopen(Request(page, headers={"Host": "evil.example"}), timeout=10)
    assert "秘密" not in caught.value.read().decode()
    caught.value.close()
    assert caught.value.code == 421


def test_page_moves_where_its_port_is_taken(smtp_server: PostOffice, page: str) -> None:
    taken = int(page.rpartition(":")[2])
    other = InboxPage(smtp_server, port=taken)
    other.start()
    other.stop()
    assert other.port != taken


@given(st.text(st.sampled_from("<>&\"' ab:/.。\nhtps"), max_size=80))
def test_linked_text_holds_no_markup_but_links(text: str) -> None:
    without_links = linked(text).replace("</a>", "").split("<a href=")
    assert all("<" not in part.partition('rel="noreferrer">')[2] for part in without_links[1:])
    assert "<" not in without_links[0]
