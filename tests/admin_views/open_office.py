"""An office that answers real browsers, on a port of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

from tests.admin_views.desk import sit_down
from tests.admin_views.office import Office
from tests.support.answering import answered


@dataclass(frozen=True)
class OpenOffice:
    office: Office
    address: str

    def enter(self, context: BrowserContext, role: str, *, language: str = "ja") -> Page:
        """A page of a browser in which the account is signed in."""
        desk = sit_down(self.office, role)
        cookie = {"name": "staff", "value": self.office.sessions[desk.role], "url": self.address}
        speaks = {"name": "lang", "value": language, "url": self.address}
        context.add_cookies([cookie, speaks])  # type: ignore[list-item]
        return context.new_page()


@contextmanager
def opened(office: Office) -> Iterator[OpenOffice]:
    with answered(office.app) as address:
        yield OpenOffice(office, address)
