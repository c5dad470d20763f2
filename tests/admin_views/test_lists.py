"""Lists: saved views, filters, order, text, and pages that neither skip nor repeat."""

import re
from html import unescape

import pytest

from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import Office

COUNT = 107
PAGE = 50


@pytest.fixture(scope="module")
def official(office: Office) -> Desk:
    for number in range(COUNT):
        office.apply(
            kobe_catchphrase=f"応援{number:03}",
            kobe_category=927000000 + number % 12,
            statuscode=2 + number % 2,
        )
    return sit_down(office, "kobe_official")


def phrases(page: str) -> list[str]:
    return re.findall(r'details/\?id=[^"]+">(応援\d{3})</a>', page)


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return unescape(found.group(1)) if found else None


def walk(desk: Desk, path: str) -> list[list[str]]:
    pages, following = [], path
    while following:
        page = desk.get(following).text
        pages.append(phrases(page))
        following = link(page, "next") or ""
    return pages


@pytest.mark.parametrize("order", ["", "&sort=kobe_catchphrase", "&sort=kobe_category&desc=1"])
def test_pages_hold_every_record_once(official: Desk, order: str) -> None:
    pages = walk(official, f"/admin/t/kobe_application/?q=応援{order}")
    found = [phrase for page in pages for phrase in page]
    assert sorted(found) == [f"応援{number:03}" for number in range(COUNT)]
    assert max(len(page) for page in pages) == PAGE
    if "catchphrase" in order:
        assert found == sorted(found)


def test_the_way_back_is_the_way_there(official: Desk) -> None:
    first = official.get("/admin/t/kobe_application/?q=応援&sort=kobe_catchphrase").text
    second = official.get(link(first, "next") or "").text
    assert phrases(official.get(link(second, "prev") or "").text) == phrases(first)


def test_filters_narrow_down(official: Desk) -> None:
    asked = {"q": "応援", "kobe_category": "927000003", "statuscode": "3"}
    found = phrases(official.records(**asked).text)
    assert found
    assert {int(phrase[2:]) % 12 for phrase in found} == {3}
    assert {int(phrase[2:]) % 2 for phrase in found} == {1}


@pytest.mark.parametrize("value", ["999", "x", "927000003;927000004", "' OR 1=1"])
def test_a_wrong_option_finds_nothing(official: Desk, value: str) -> None:
    response = official.records(kobe_category=value)
    assert response.status_code == 200
    assert phrases(response.text) == []


@pytest.mark.parametrize("after", ["x", "!!!", "bm9uc2Vuc2U", "0" * 500])
def test_a_made_up_page_is_no_server_error(official: Desk, after: str) -> None:
    assert official.records(after=after).status_code in {200, 400}


def test_the_receipt_number_finds_its_record(official: Desk) -> None:
    page = official.records(q="応援042").text
    number = re.search(r'class="type-autonumber">([0-9A-Z-]+)<', page)
    assert number is not None
    assert phrases(official.records(q=number.group(1)).text) == ["応援042"]


def test_text_search_goes_through_an_address(official: Desk) -> None:
    response = official.send("search", attribute="", value="応援042")
    assert response.status_code == 302
    assert phrases(official.get(response.headers["Location"]).text) == ["応援042"]


def test_views_are_the_solutions(official: Desk) -> None:
    page = official.records(view="kobe_application_closed").text
    assert phrases(page) == []
    assert 'aria-current="page">Closed applications' in page
    unknown = official.records(view="kobe_nothing").text
    assert "Open applications" in unknown


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Catchphrase", "Received", "Open applications"]),
        ("ja", ["キャッチフレーズ", "受付済", "受付中の応援したいこと"]),
    ],
)
def test_lists_speak_both_languages(office: Office, language: str, words: list[str]) -> None:
    page = sit_down(office, "kobe_official").records(lang=language).text
    assert f'<html lang="{language}">' in page
    assert [word for word in words if word not in page] == []
