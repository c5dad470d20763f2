"""The first page by solutions: what each says of itself, what is open, published and new; numbers
of what anyone may read, and of nothing else."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from packager.installing import install
from tests.admin_views.office import Office
from tests.models.office import SOLUTIONS
from tests.publication.city import OTHER
from tests.publication.stories import (
    PROJECTS,
    STORIES,
    TO_CHECK,
    give,
    go_live,
    start,
    write,
)
from tests.publication.town import end_all, publish

NUMBER = re.compile(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>")
LINK = re.compile(r'href="(/(?:forms|public)/[^"]*)"')


@pytest.fixture(scope="module")
def office(story_city: Office) -> Office:
    return story_city


@pytest.fixture
def visitor(office: Office) -> FlaskClient:
    end_all(office.engine)
    client = office.app.test_client()
    client.set_cookie("lang", "ja")
    return client


def home(visitor: FlaskClient) -> str:
    answer = visitor.get("/")
    assert answer.status_code == 200
    return unescape(answer.text)


def test_with_nothing_published_there_are_the_steps_and_the_form(visitor: FlaskClient) -> None:
    page = home(visitor)
    for said in ("KOBE応援プラットフォーム", "応援したいことの募集", "コーディネート", "情報発信"):
        assert said in page
    links = LINK.findall(page)
    assert "/forms/kobe_application" in links
    assert not [link for link in links if link.startswith("/public/")]
    assert NUMBER.findall(page) == []
    assert "新着情報" not in page


def test_numbers_are_of_what_is_public(office: Office, visitor: FlaskClient) -> None:
    go_live(office, STORIES, PROJECTS)
    before = dict(NUMBER.findall(home(visitor)))
    start(office, organizations=999)
    start(office, is_let_out=False, organizations=500)
    write(office, status=TO_CHECK)
    shown = write(office, status=3)
    after = {name: int(one.replace(",", "")) for name, one in NUMBER.findall(home(visitor))}
    assert after == {
        "プロジェクト": int(before["プロジェクト"]) + 1,
        "延べ団体数": int(before["延べ団体数"]) + 999,
        "活動報告": int(before["活動報告"]) + 1,
    }
    give(office, "kobe_operator", shown, statuscode=4)
    assert dict(NUMBER.findall(home(visitor)))["活動報告"] == before["活動報告"]


def test_a_view_that_is_not_live_is_neither_named_nor_counted(
    office: Office, visitor: FlaskClient
) -> None:
    go_live(office, PROJECTS)
    write(office, status=3, kobe_title="まだ読めない報告")
    page = home(visitor)
    assert "まだ読めない報告" not in page
    assert STORIES not in page
    assert set(dict(NUMBER.findall(page))) == {"プロジェクト", "延べ団体数"}


def test_news_are_the_newest_by_the_day_they_tell(office: Office, visitor: FlaskClient) -> None:
    go_live(office, STORIES)
    for day in (
        "2050-01-03",
        "2050-01-01",
        "2050-01-05",
        "2050-01-02",
        "2050-01-06",
        "2050-01-04",
    ):
        write(office, status=3, kobe_day=day, kobe_title=f"{day}の報告")
    write(office, status=TO_CHECK, kobe_day="2051-01-01", kobe_title="下書きの報告")
    page = home(visitor).partition("新着情報")[2]
    assert re.findall(r">(2050-01-0\d)の報告<", page) == [f"2050-01-0{n}" for n in (6, 5, 4, 3, 2)]
    [first, *_] = re.findall(rf'href="(/public/{STORIES}/[^"]+)"', page)
    assert "2050-01-06の報告" in visitor.get(first).text


def test_offices_stand_beside_each_other(office: Office, visitor: FlaskClient) -> None:
    """Each with its own; who has nothing for the public is not named."""
    install(office.engine.database, SOLUTIONS / "office_of_tests")
    assert "<h1>KOBE応援プラットフォーム</h1>" in home(visitor)
    publish(office.engine, "tst_things")
    page = home(visitor)
    assert page.count("<h1") == 1
    heads = re.findall(r"<h2[^>]*>([^<]+)", page)
    assert heads == ["KOBE応援プラットフォーム", "office_of_tests"]
    assert [one for one in LINK.findall(page) if "/public/" in one] == ["/public/tst_things"]
    go_live(office, "kobe_ideas")
    office.apply(statuscode=3, kobe_category=OTHER)
    assert "/public/kobe_ideas" in home(visitor), "what no step leads to is listed besides"
