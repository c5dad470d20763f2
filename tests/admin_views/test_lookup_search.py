"""Beside a lookup's control others than the newest are found: by what they are called, nothing
else, among what one may see; the form keeps what was entered, and saves nothing meanwhile."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import BrowserContext, expect

from admin_views.records.lookups import MOST_OFFERED
from models.security.principals import public_caller
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, Office, application
from tests.admin_views.open_office import OpenOffice
from tests.admin_views.open_office import opened as answering
from tests.support.browser import axe

HEARING, LOOKUP = "kobe_hearing", "kobe_application"
NAME = "港に本を届けたい"
ENTERED = {"kobe_subject": "初回の聞き取り", "kobe_details": "毎週土曜日", "kobe_heardon": ""}


@pytest.fixture(scope="module")
def old(office: Office) -> str:
    """An application, and so many after it that it is not among the newest."""
    with office.engine.database.snapshot() as connection:
        caller = public_caller(connection, office.engine.catalog.forms[ENTITY])
    wanted = str(office.apply(kobe_catchphrase=NAME, kobe_nickname="神戸 港子"))
    others = [application(kobe_catchphrase=f"花を植える {n}") for n in range(MOST_OFFERED)]
    office.engine.run(lambda service: service.create_multiple(caller, ENTITY, others))
    return wanted


@pytest.fixture(scope="module")
def opened(office: Office, old: str) -> Iterator[OpenOffice]:
    with answering(office) as running:
        yield running


@pytest.fixture
def operator(office: Office) -> Desk:
    return sit_down(office, "kobe_operator")


def search(desk: Desk, text: str, **more: str) -> str:
    sent = {f"find-{LOOKUP}": text, "search": LOOKUP}
    answer = desk.post(f"/admin/t/{HEARING}/new/", **(ENTERED | sent | more))
    assert answer.status_code == 200
    return answer.text


def offered(page: str) -> list[str]:
    select = re.search(rf'<select[^>]*name="{LOOKUP}".*?</select>', page, re.DOTALL)
    assert select is not None
    return [unescape(one) for one in re.findall(r'value="([^"]+)"', select.group(0))]


def test_the_old_one_is_found_and_what_was_entered_stays(operator: Desk, old: str) -> None:
    page = operator.get(f"/admin/t/{HEARING}/new/").text
    assert old not in offered(page)
    assert len(offered(page)) == MOST_OFFERED
    for text in (NAME, "港に本"):
        found = search(operator, text)
        assert offered(found) == [old]
        assert 'value="初回の聞き取り"' in found
        assert "毎週土曜日</textarea>" in found
    assert operator.get(f"/admin/t/{HEARING}/").text.count("初回の聞き取り") == 0


def test_what_is_chosen_stays_chosen(operator: Desk, old: str) -> None:
    newest = offered(operator.get(f"/admin/t/{HEARING}/new/").text)[0]
    page = search(operator, NAME, **{LOOKUP: newest})
    assert set(offered(page)) == {old, newest}
    assert re.search(rf'<option selected value="{newest}"', page)


def test_enter_in_a_new_text_searches_and_after_it_saves(operator: Desk, old: str) -> None:
    """The button that Enter presses is the form's first: the one that saves."""
    sent = ENTERED | {f"find-{LOOKUP}": NAME, LOOKUP: ""}
    page = operator.post(f"/admin/t/{HEARING}/new/", **sent)
    assert (page.status_code, offered(page.text)) == (200, [old])
    sent |= {f"found-{LOOKUP}": NAME, LOOKUP: old, "kobe_subject": "港の聞き取り"}
    assert operator.post(f"/admin/t/{HEARING}/new/", **sent).status_code == 302


def test_nothing_is_found_by_a_secret_or_of_what_one_may_not_see(
    office: Office, operator: Desk, old: str
) -> None:
    hidden = office.apply(kobe_catchphrase="見えない応援")
    official = office.caller("kobe_official")
    assert official.id is not None
    owner = official.id
    office.engine.run(lambda s: s.assign_multiple(official, ENTITY, [hidden], owner=owner))
    for text in ("見えない応援", "神戸 港子", "hanako@example.jp", "%_%", "__%"):
        page = search(operator, text)
        assert offered(page) == [], text
        assert "Nothing you may see is called" in page


@pytest.mark.parametrize(("width", "language"), [(320, "ja"), (1280, "en")])
def test_it_is_found_in_a_browser(
    opened: OpenOffice, context: BrowserContext, old: str, width: int, language: str
) -> None:
    page = opened.enter(context, "kobe_operator", language=language)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{opened.address}/admin/t/{HEARING}/new/")
    page.fill("[name=kobe_subject]", "初回の聞き取り")
    page.fill(f"#find-{LOOKUP}", NAME)
    assert axe(page) == []
    page.press(f"#find-{LOOKUP}", "Enter")
    expect(page.locator("[name=kobe_subject]")).to_have_value("初回の聞き取り")
    choices = page.locator(f"[name={LOOKUP}] option")
    expect(choices).to_have_count(2)
    assert choices.nth(1).get_attribute("value") == old
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
