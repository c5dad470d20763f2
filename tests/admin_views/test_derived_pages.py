"""Values that follow, on the office's pages: shown in lists, records and exports, entered nowhere;
what hangs on the day is offered neither for sorting nor for filtering. In Chromium, too.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext

from models.security.contracts import today
from models.security.privileges import AccessLevel
from packager.installing import install
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import build_office
from tests.admin_views.test_every_type import create, grant, stored
from tests.packager.folders import say
from tests.support.answering import answered
from tests.support.browser import axe

SOLUTION = Path(__file__).parents[1] / "solutions" / "values_of_tests"
BILL, BUDGET = "val_bill", "val_budget"
CHART: dict[str, Any] = {
    "charts": {
        "val_by_kind": {
            "entity": BILL,
            "display_name": "種別ごとの小計",
            "by": "val_kind",
            "total_of": "val_total",
        }
    },
    "dashboards": {"val_state": {"display_name": "予算の状況", "charts": ["val_by_kind"]}},
}


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("derived")
    office = build_office(folder)
    solution = Path(shutil.copytree(SOLUTION, folder / "solution"))
    say(solution, "dashboards.yaml", CHART)
    install(office.engine.database, solution)
    grant(office, "kobe_official", dict.fromkeys((BILL, BUDGET), AccessLevel.GLOBAL))
    return sit_down(office, "kobe_official")


@pytest.fixture(scope="module")
def budget(clerk: Desk) -> UUID:
    return create(clerk, BUDGET, val_title="備品", val_limit="10000")


@pytest.fixture(scope="module")
def bill(clerk: Desk, budget: UUID) -> UUID:
    day = (today() - timedelta(days=40)).isoformat()
    values = {"val_subject": "机", "val_count": "3", "val_price": "4200", "val_kind": "1"}
    return create(clerk, BILL, **values, val_budget=str(budget), val_day=day)


def shown(page: str) -> dict[str, str]:
    """What a record's page tells, by attribute."""
    rows = re.findall(r'id="row-(\w+)">.*?<dd>(.*?)</dd>', page, flags=re.DOTALL)
    return {name: re.sub(r"<[^>]*>", "", text).strip() for name, text in rows}


def test_the_records_page_shows_what_follows(clerk: Desk, budget: UUID, bill: UUID) -> None:
    told = shown(clerk.get(f"/admin/t/{BILL}/details/", id=str(bill)).text)
    assert (told["val_total"], told["val_tax"], told["val_age"]) == ("12,600", "1,260", "40")
    assert told["val_late"] in {"Yes", "はい"}
    assert told["val_name"].endswith(" 机")
    told = shown(clerk.get(f"/admin/t/{BUDGET}/details/", id=str(budget)).text)
    assert (told["val_spent"], told["val_left"], told["val_bills"]) == ("12,600", "-2,600", "1")


def test_forms_show_it_and_take_it_from_nobody(clerk: Desk, bill: UUID) -> None:
    derived = {"val_name", "val_total", "val_tax", "val_due", "val_waited", "val_age", "val_late"}
    blank = clerk.get(f"/admin/t/{BILL}/new/").text
    edited = clerk.get(f"/admin/t/{BILL}/edit/", id=str(bill)).text
    for page in (blank, edited):
        assert not derived & set(re.findall(r'name="(\w+)"', page))
    assert "12,600" in edited
    assert "12,600" not in blank
    given = {"val_subject": "机", "val_count": "2", "val_price": "4200", "val_kind": "1"}
    sent = hidden_of(edited, "edit") | given | {"statuscode": "1", "val_total": "1"}
    assert clerk.post(f"/admin/t/{BILL}/edit/", **sent).status_code == 302
    found = stored(clerk, BILL, bill)
    assert (found["val_count"], found["val_total"]) == (2, 8400)


def test_lists_show_it_and_offer_to_sort_by_what_is_stored_only(clerk: Desk, bill: UUID) -> None:
    page = clerk.get(f"/admin/t/{BILL}/").text
    assert "8,400" in page
    assert "経過日数" in page or "val_age" in page
    sortable = set(re.findall(r"[?&;]sort=(val_\w+)", page))
    assert {"val_total", "val_due"} <= sortable
    assert not sortable & {"val_age", "val_late"}
    for name in ("val_age", "val_late"):
        for asked in ({"sort": name}, {name: "1"}):
            assert clerk.get(f"/admin/t/{BILL}/", **asked).status_code == 200


def test_charts_add_up_what_is_stored(clerk: Desk, bill: UUID) -> None:
    page = clerk.get("/admin/dashboard/val_state/")
    assert page.status_code == 200
    assert "8,400" in page.text


@pytest.mark.parametrize("width", [1280, 320])
def test_its_pages_are_accessible_and_fit(
    clerk: Desk, budget: UUID, bill: UUID, context: BrowserContext, width: int
) -> None:
    with _served(clerk) as address:
        cookie = {"name": "staff", "value": clerk.office.sessions[clerk.role], "url": address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        for where in (f"{BUDGET}/edit/?id={budget}", f"{BILL}/details/?id={bill}", f"{BILL}/?"):
            for language in ("ja", "en"):
                page.goto(f"{address}/admin/t/{where}&lang={language}")
                assert axe(page) == [], (where, language)
                assert page.evaluate("document.documentElement.scrollWidth") <= width


@contextmanager
def _served(clerk: Desk) -> Iterator[str]:
    with answered(clerk.office.app) as address:
        yield address
