"""The tutorial's pictures, taken anew: python -m tests.support.tutorial_screenshots

They are of the second office's journey (tests/journeys/), at the pages that the tutorial tells of.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from tests.journeys.citizen import Citizen
from tests.journeys.desk_steps import (
    FITTING,
    REQUESTS,
    TITLE,
    desk_asks_for_publication,
    desk_assigns,
    desk_enters_a_request,
    desk_opens,
    head_lets_it_out,
)
from tests.journeys.staff import Account
from tests.journeys.student import FORM, registers
from tests.journeys.visitor import Visitor
from tests.support.browser import chromium
from tests.support.post_office import PostOffice
from tests.support.screenshots import IMAGES, Camera
from tests.support.service import Service, served

OFFICES = os.pathsep.join(("solutions/kobe_support", "solutions/student_volunteers"))


def main() -> int:
    office = PostOffice()
    office.start()
    chosen = {"UKETSUKE_MAIL_SERVER": "127.0.0.1", "UKETSUKE_MAIL_PORT": str(office.port)}
    try:
        with (
            TemporaryDirectory() as folder,
            served(Path(folder), chosen | {"SOLUTIONS": OFFICES}) as service,
            chromium() as browser,
        ):
            _walk(browser, service, office, Camera(IMAGES))
    finally:
        office.stop()
    return 0


def _walk(browser: Browser, service: Service, office: PostOffice, camera: Camera) -> None:
    with _window(browser, service, width=1120) as citizen:
        citizen.go(FORM)
        citizen.control("vol_kind").select_option(label="高等学校")
        camera.take_rest(citizen.page, "tutorial_form_ja", begin="form h2 >> nth=0")
        number = registers(Citizen(citizen), office)
    with _window(browser, service) as desk, _window(browser, service) as head:
        staff = desk_opens(desk, service, number)
        desk_enters_a_request(staff)
        head_lets_it_out(head, service)
        staff.open(REQUESTS)
        desk.follow(TITLE)
        desk.follow(FITTING)
        desk.arrive(FITTING)
        camera.take(desk.page, "tutorial_suggestions_ja", tallest=520)
        desk_assigns(staff, number)
        staff.open(REQUESTS)
        desk.follow(TITLE)
        desk.arrive(TITLE)
        camera.take(desk.page, "tutorial_request_ja", tallest=1200)
        desk_asks_for_publication(staff, Account.printed(service, "vol_staff").password)
        camera.take(desk.page, "tutorial_publication_ja", tallest=1200)


@contextmanager
def _window(browser: Browser, service: Service, *, width: int = 1280) -> Iterator[Visitor]:
    context = browser.new_context(
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    try:
        yield Visitor(context.new_page(), service.base_url, "ja")
    finally:
        context.close()


if __name__ == "__main__":
    sys.exit(main())
