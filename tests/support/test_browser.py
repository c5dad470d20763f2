"""The instruments themselves: what must be noticed in a page is noticed, and nothing else is."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import Watch, axe

STRICT = "default-src 'none'; style-src 'self'"
CLEAN = (
    '<!doctype html><html lang="ja"><title>題</title><main><h1>題</h1><p>本文</p></main></html>'
)
Serve = Callable[[str], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves one page under a strict policy; gives its address."""
    servers = []

    def serving(html: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", STRICT)
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, format: str, *args: object) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serving
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_clean_page_passes(page: Page, serve: Serve) -> None:
    page.goto(serve(CLEAN))
    assert axe(page) == []


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ('<img src="/x.png">', "image-alt"),
        ("<input type=text>", "label"),
        ('<p><a href="/a">a</a> <a href="/b">b</a></p>', "target-size"),
        ('<button aria-label="x"></button><ul><p>p</p></ul>', "list"),
    ],
)
def test_axe_sees_a_fault(browser: Browser, serve: Serve, *, markup: str, rule: str) -> None:
    page = browser.new_page()
    page.goto(serve(CLEAN.replace("<p>本文</p>", markup)))
    found = axe(page)
    page.close()
    assert any(line.startswith(f"{rule}:") for line in found), found


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ("<script>1</script>", "content security policy: script-src"),
        ('<p onclick="f()">x</p>', "content security policy: script-src"),
        ('<p style="color:red">x</p>', "content security policy: style-src"),
        ('<img alt="" src="/local.png">', "content security policy: img-src"),
    ],
)
def test_watch_sees_a_violation(
    browser: Browser, serve: Serve, *, markup: str, problem: str
) -> None:
    watch = Watch()
    context = browser.new_context()
    watch.over(context)
    context.new_page().goto(serve(CLEAN.replace("本文", markup)))
    watch.settle(context)
    context.close()
    assert any(line.startswith(problem) for line in watch.problems), watch.problems


def test_watch_stops_what_would_leave_the_machine(browser: Browser, serve: Serve) -> None:
    watch = Watch()
    context = browser.new_context(bypass_csp=True)
    watch.over(context)
    page = context.new_page()
    page.goto(serve(CLEAN.replace("本文", '<img alt="" src="https://cdn.example/x.png">')))
    page.wait_for_load_state("networkidle")
    context.close()
    assert watch.problems == ["request to elsewhere: https://cdn.example/x.png"]
