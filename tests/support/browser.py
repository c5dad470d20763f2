"""A real browser for tests: Debian's Chromium, axe's rules, and an eye on what a page must not do.

A `Watch` notes violations of the Content Security Policy, script errors, and requests that would
leave the machine (which are stopped).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    sync_playwright,
)

from tests.support.absence import CHROMIUM

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AS_SEEN = pytest.mark.parametrize(("width", "language"), [(1280, "en"), (320, "ja")])
"""How pages are looked at where each is not worth both languages at both widths: wide as the one,
and narrow as the other, which most people read on a telephone."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NOTE_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.noteViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
RUN_AXE = """
async (tags) => {
  const options = { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } };
  if (tags.length) options.runOnly = tags;
  return (await axe.run(document, options)).violations.flatMap((violation) =>
    violation.nodes.map((node) =>
      `${violation.id}: ${violation.help}: ${node.target.join(" ")}: ${node.failureSummary}`));
}
"""


@dataclass
class Watch:
    """What pages of a context did that none may do; `problems` must stay empty."""

    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.expose_function("noteViolation", self._note_violation)
        context.add_init_script(NOTE_VIOLATIONS)
        context.route(lambda url: urlsplit(url).hostname not in LOOPBACK, self._stop)
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))

    def settle(self, context: BrowserContext) -> None:
        """Let pages tell what they have still to tell, before they are closed."""
        for page in context.pages:
            page.wait_for_timeout(50)

    def _note_console(self, message: ConsoleMessage) -> None:
        # The page's own event is lost when the page is left at once; the console's is not.
        if "Content Security Policy" in message.text:
            self.problems.append(f"console: {message.text}")

    def _note_violation(self, what: str) -> None:
        self.problems.append(f"content security policy: {what}")

    def _stop(self, route: Route) -> None:
        self.problems.append(f"request to elsewhere: {route.request.url}")
        route.abort()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def axe(page: Page, *tags: str) -> list[str]:
    """What axe finds wrong on the page as it stands now, one line a node; all rules, or tags'.

    A click comes back before the new page has its styles; a page without them is not judged.
    """
    page.wait_for_load_state("load")
    source = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page.evaluate(source)
    found: list[str] = page.evaluate(RUN_AXE, list(tags))
    return found


def prove(page: Page, password: str) -> None:
    """Type it where the page, once it has come, asks who it is: the last proof is too long ago."""
    page.wait_for_load_state("load")
    if page.locator("#proof").count():
        page.locator("#proof").fill(password)
