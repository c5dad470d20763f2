"""Someone at a browser: each page they come to is examined on arrival, and remembered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from playwright.sync_api import Locator, Page, Response, expect

from tests.support.browser import axe


@dataclass
class Visitor:
    """A person with one window open; `seen` holds every page they came to, address and all."""

    page: Page
    address: str
    language: str
    examiner: Page | None = None
    seen: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """What axe finds; a page without script is laid before another one, for axe is script."""
        if self.examiner is None:
            return axe(self.page)
        html, address = self.page.content(), self.page.url.split("#")[0]
        self.examiner.route(
            address, lambda route: route.fulfill(body=html, content_type="text/html")
        )
        self.examiner.goto(address)
        return axe(self.examiner)

    def go(self, path: str, *, status: int = 200) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, path

    def arrive(self, heading: str) -> None:
        """The page of that heading is there, without a fault: for whoever reads it, however."""
        page = self.page
        expect(page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_visible()
        assert page.locator("html").get_attribute("lang") == self.language
        assert self.faults() == [], page.url
        size = page.viewport_size
        assert size is not None
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
        self.seen.append(f"{page.url}\n{page.content()}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()

    def control(self, name: str) -> Locator:
        """A control by the name it is sent under."""
        return self.page.locator(f"[name={name}]:visible")

    def answer_to(self, act: Callable[[], None], *, path: str) -> Response:
        """What the server answered at that path to what `act` set off."""
        with self.page.expect_response(lambda answer: path in answer.url) as answered:
            act()
        return answered.value

    def saw(self, *texts: str) -> list[str]:
        """Which of the texts stood on any page they came to."""
        return [text for text in texts if any(text in one for one in self.seen)]


class Enter(Protocol):
    """Opens a browser for someone: a language, a window, with or without script.

    `at` is the address of a service other than the one all tests share.
    """

    def __call__(
        self, *, language: str = "ja", width: int = 1280, script: bool = True, at: str = ""
    ) -> Visitor: ...
