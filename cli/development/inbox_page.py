"""The inbox in a browser: a list of mails and each mail's plain text, read-only, on loopback.

Every byte of a mail is text to it: escaped, never run, never fetched. Links alone are made
clickable. It knows mails, not what they are about.
"""

import re
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from cli.development.inbox import LOOPBACK, Inbox, Mail

LINK = re.compile(r"https?://[^\s<>\"'「」（）。、]*[^\s<>\"'「」（）。、.,;:!?)]")
"""An address in a text, without the punctuation that ends its sentence."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
STYLE = """
body { font: 1rem/1.7 sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; overflow-wrap: anywhere }
h1 { font-size: 1.5rem } a { color: #0017c1 } a:visited { color: #5b1a8b }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .5rem; border-bottom: 1px solid #767676 }
pre { font: inherit; white-space: pre-wrap; border: 1px solid #767676; padding: 1rem }
.note { color: #4d4d4d }
"""


class InboxPage:
    """Serves an inbox on `port`, or on a free port where that one is taken."""

    def __init__(self, inbox: Inbox, *, port: int) -> None:
        self._server = _listen(inbox, port)
        self.port = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, name="inbox page", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def list_page(mails: tuple[Mail, ...]) -> str:
    """The newest mail first."""
    rows = "".join(
        f"<tr><td>{_time(mail)}</td><td>{escape(', '.join(mail.recipients))}</td>"
        f'<td><a href="/mails/{mail.number}">{escape(_title(mail))}</a></td></tr>'
        for mail in reversed(mails)
    )
    table = f"<table><tr><th>受信日時</th><th>宛先</th><th>件名</th></tr>{rows}</table>"
    return _page("受信箱（開発用）", table if mails else "<p>メールはまだありません。</p>")


def mail_page(mail: Mail) -> str:
    """The headers people know, then the text with its links clickable."""
    return _page(
        _title(mail),
        f'<p><a href="/">← 受信箱へ戻る</a></p><table>'
        f"<tr><th>差出人</th><td>{escape(str(mail.message['From'] or mail.sender))}</td></tr>"
        f"<tr><th>宛先</th><td>{escape(', '.join(mail.recipients))}</td></tr>"
        f"<tr><th>受信日時</th><td>{_time(mail)}</td></tr></table>"
        f"<pre>{linked(mail.text)}</pre>",
    )


def linked(text: str) -> str:
    """Escaped text whose http and https addresses are links."""
    parts, end = [], 0
    for match in LINK.finditer(text):
        address = escape(match[0])
        parts.append(escape(text[end : match.start()]))
        parts.append(f'<a href="{address}" rel="noreferrer">{address}</a>')
        end = match.end()
    return "".join(parts) + escape(text[end:])


def _title(mail: Mail) -> str:
    return mail.subject or "（件名なし）"


def _time(mail: Mail) -> str:
    return f"{mail.received_on.astimezone():%Y-%m-%d %H:%M:%S}"


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="ja"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css">'
        f"<main><h1>{escape(title)}</h1>{content}"
        '<p class="note">メールは送信されず、このプログラムの終了とともに消えます。 '
        '<span lang="en">Mails are kept in memory only and never sent on.</span></p></main></html>'
    )


def _listen(inbox: Inbox, port: int) -> ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"inbox": inbox})
    try:
        return ThreadingHTTPServer((LOOPBACK, port), handler)
    except OSError:
        return ThreadingHTTPServer((LOOPBACK, 0), handler)


class _Handler(BaseHTTPRequestHandler):
    inbox: Inbox

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not self._is_asked_by_its_name():
            self._send("", status=HTTPStatus.MISDIRECTED_REQUEST)
        elif path == "/":
            self._send(list_page(self.inbox.mails))
        elif path == "/style.css":
            self._send(STYLE, kind="text/css")
        else:
            self._send_mail(path)

    def _is_asked_by_its_name(self) -> bool:
        """A page elsewhere whose name was pointed at loopback must not read the mails."""
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        return host in {LOOPBACK, "localhost"}

    def _send_mail(self, path: str) -> None:
        found = [mail for mail in self.inbox.mails if path == f"/mails/{mail.number}"]
        if found:
            self._send(mail_page(found[0]))
        else:
            missing = _page("ページが見つかりません", '<p><a href="/">受信箱へ戻る</a></p>')
            self._send(missing, status=HTTPStatus.NOT_FOUND)

    def _send(
        self, text: str, *, status: HTTPStatus = HTTPStatus.OK, kind: str = "text/html"
    ) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: the terminal belongs to the server."""
