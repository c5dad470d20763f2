"""Dashboards as staff see them: each person's own numbers, drawn and in a table, and nothing of
what they may not read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from extensions import ENGINE
from models.metadata.attribute_types import LOCAL_ZONE
from models.tables.base import utc_now
from packager.installing import install
from tests.admin_views.charted import CHARTS, KINDS, STATE, apply_on, build_charted
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, Office
from tests.enquiries.asking import ask, tell
from tests.packager.folders import copy_of_kobe, edit

STATE_PAGE, KINDS_PAGE = f"/admin/dashboard/{STATE}/", f"/admin/dashboard/{KINDS}/"
ROW = re.compile(r'<tr(?: class="total")?><th scope="row">([^<]*)</th>(.*?)</tr>')
CELL = re.compile(r'<td class="number">(?:<a href="([^"]+)">)?([\d,.-]+)')


@pytest.fixture(scope="module")
def charted(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Ten applications of the secretariat, two of which were given to the official; one waits for
    its confirmation. Half were received this week, half nine days before."""
    office = build_charted(tmp_path_factory.mktemp("charted"))
    this_week = now()
    for number in range(10):
        apply_on(
            office,
            this_week if number % 2 else this_week - timedelta(days=9),
            kobe_category=927000000 + number % 3,
            statuscode=1 if number == 9 else 2 + number % 2,
        )
    official = office.caller("kobe_official")
    assert official.id is not None
    given = [office.apply(kobe_category=927000011) for _ in range(2)]
    office.engine.run(
        lambda s: s.assign_multiple(official, ENTITY, given, owner=official.id)  # type: ignore[arg-type]
    )
    return office


def now() -> datetime:
    return utc_now().astimezone(LOCAL_ZONE)


def table_of(page: str, chart: str) -> dict[str, list[str]]:
    """By the first cell of each row, the numbers."""
    table = page.split(f'id="{chart}"')[1].split("<table")[1].split("</table>")[0]
    return {
        label: [number for _, number in CELL.findall(row)] for label, row in ROW.findall(table)
    }


def links_of(page: str, chart: str) -> list[tuple[str, str]]:
    table = page.split(f'id="{chart}"')[1].split("<table")[1].split("</table>")[0]
    return [(url.replace("&amp;", "&"), number) for url, number in CELL.findall(table) if url]


@pytest.fixture
def official(charted: Office) -> Desk:
    return sit_down(charted, "kobe_official")


def test_each_chart_has_a_drawing_that_is_named_and_a_table(official: Desk) -> None:
    page = official.get(STATE_PAGE).text
    assert page.count('role="img" aria-labelledby=') == 4
    assert page.count("<table") == 4
    assert "<script" not in page.split("<main")[1].split("</main>")[0]
    assert table_of(page, "kobe_applications_by_status") == {
        "Waiting for confirmation": ["0"],
        "Received": ["7"],
        "In progress": ["4"],
        "Completed": ["0"],
        "Withdrawn": ["0"],
        "Duplicate": ["0"],
        "Total": ["11"],
    }


def test_weeks_begin_on_monday_and_end_with_this_one(official: Desk) -> None:
    rows = table_of(official.get(STATE_PAGE).text, "kobe_applications_by_week")
    total = rows.pop("Total")
    days = [datetime.strptime(day, "%Y-%m-%d") for day in rows]  # noqa: DTZ007 - a day only
    assert len(days) == 26
    assert {day.weekday() for day in days} == {0}
    monday = now().date() - timedelta(days=now().weekday())
    assert days[-1].date() == monday
    before = now().date() - timedelta(days=9)
    week_before = before - timedelta(days=before.weekday())
    assert (rows[str(monday)], rows[str(week_before)], total) == (["6"], ["5"], ["11"])


def test_a_units_people_see_their_own_numbers_only(charted: Office) -> None:
    page = sit_down(charted, "kobe_operator").get(STATE_PAGE).text
    rows = table_of(page, "kobe_applications_by_category")
    assert rows["Total"] == ["9"]
    assert rows["Other support"] == ["0"]
    official = sit_down(charted, "kobe_official").get(STATE_PAGE).text
    assert table_of(official, "kobe_applications_by_category")["Other support"] == ["2"]


def test_a_number_leads_to_its_records(official: Desk) -> None:
    page = official.get(STATE_PAGE).text
    found = links_of(page, "kobe_applications_by_category")
    assert [number for _, number in found] == ["3", "3", "3", "2"]
    for url, number in found:
        assert f"{number} records" in official.get(url).text
    assert links_of(page, "kobe_applications_by_week") == []


def test_parts_of_bars_add_up_and_lead_to_their_records(official: Desk) -> None:
    page = official.get(KINDS_PAGE).text
    rows = table_of(page, "kobe_by_both")
    assert rows["Received"][-1] == "7"
    for *parts, total in rows.values():
        assert sum(map(int, parts)) == int(total)
    for url, number in links_of(page, "kobe_by_both"):
        assert f"{number} record" in official.get(url).text
    assert page.count('class="chart-legend"') == 2


def test_a_number_a_line_and_a_chart_of_everything(official: Desk) -> None:
    page = official.get(KINDS_PAGE).text
    assert re.search(r'<p class="chart-number">11 <span', page)
    [points] = re.findall(r'<polyline class="chart-course" points="([^"]+)"', page)
    assert len(points.split()) == 14
    assert table_of(page, "kobe_without_view")["Active"] == ["12"]
    assert links_of(page, "kobe_without_view") == []


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_reads_no_records_has_no_dashboards(charted: Office, role: str) -> None:
    desk = sit_down(charted, role)
    for path in (STATE_PAGE, KINDS_PAGE, "/admin/dashboard/"):
        answer = desk.get(path)
        assert answer.status_code == 403
        assert "<svg" not in answer.text
    assert "/admin/dashboard" not in desk.get("/admin/").text


def test_a_chart_of_other_peoples_records_is_left_out_and_that_is_said(charted: Office) -> None:
    """The manager reads applications; no hearings."""
    page = sit_down(charted, "kobe_manager").get(KINDS_PAGE).text
    assert "kobe_hearings" not in page
    assert "1 charts are left out" in page
    assert page.count('class="chart') >= len(CHARTS) - 1


def test_the_menu_and_the_start_page_lead_there(official: Desk) -> None:
    start = official.get("/admin/").text
    assert start.count(f'href="{STATE_PAGE}"') == 2
    assert start.count(f'href="{KINDS_PAGE}"') == 1
    page = official.get(KINDS_PAGE).text
    assert f'<a href="{KINDS_PAGE}" aria-current="page">All kinds of charts</a>' in page
    assert official.get("/admin/dashboard/").location == STATE_PAGE


def test_one_dashboard_is_in_the_menu_by_its_name(own_office: Office, tmp_path: Path) -> None:
    solution = copy_of_kobe(tmp_path)
    for name in ("kobe_enquiry_state", "kobe_contact_state"):
        edit(solution, "dashboards.yaml", lambda c, one=name: c["dashboards"].pop(one))
    install(own_office.engine.database, solution)
    page = sit_down(own_office, "kobe_operator").get(STATE_PAGE).text
    assert f'<a href="{STATE_PAGE}" aria-current="page">State of support</a>' in page
    assert "Pages of this section" not in page


@pytest.mark.parametrize("name", ["kobe_nothing", "a'b", "<b>", "%2e%2e", "x" * 300])
def test_another_dashboard_is_not_found(official: Desk, name: str) -> None:
    assert official.get(f"/admin/dashboard/{name}/").status_code == 404


def test_a_dashboard_is_only_looked_at(official: Desk) -> None:
    assert official.post(STATE_PAGE).status_code == 405


def test_a_chart_is_answered_by_its_index_without_a_look_at_a_record(
    charted: Office, official: Desk
) -> None:
    """On SQLite, of whose program that can be read: no column but the index's own."""
    with told_statements(charted) as asked:
        official.get(STATE_PAGE)
    tallies = [
        one for one in asked if f"FROM {ENTITY}" in one[0] and "versionnumber > 0" in one[0]
    ]
    assert len(tallies) == 4
    with charted.engine.database.reading() as connection:
        driver: Any = connection.connection.dbapi_connection
        root = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?"
        [[page]] = driver.execute(root, (ENTITY,)).fetchall()
        for statement, parameters in tallies:
            program = driver.execute(f"EXPLAIN {statement}", parameters).fetchall()
            records = {one[2] for one in program if one[1] == "OpenRead" and one[3] == page}
            read = [one for one in program if one[1] == "Column" and one[2] in records]
            assert len(records) == 1
            assert read == [], statement


@contextmanager
def told_statements(office: Office) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked meanwhile."""
    found: list[tuple[str, Any]] = []

    def note(_1: Any, _2: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        found.append((statement, parameters))

    engine = office.engine.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_words_of_a_solution_are_words(charted: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an engineer writes as a title or an option's label, it is drawn as text."""
    catalog = charted.engine.catalog
    chart = catalog.charts["kobe_applications_by_category"]
    markup = '</title><script>alert("x")</script>{{ 7*7 }}'
    hostile = replace(chart, display_name=replace(chart.display_name, en=markup, ja=markup))

    class Changed:
        def current(self) -> object:
            return replace(catalog, charts={**catalog.charts, chart.name: hostile})

    engine = replace(charted.engine, catalogs=Changed())  # type: ignore[arg-type]
    desk = sit_down(charted, "kobe_official")
    monkeypatch.setitem(charted.app.extensions, ENGINE, engine)
    page = desk.get(STATE_PAGE).text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
    Svgs().feed(page)


class Svgs(HTMLParser):
    """Ids are there once; what a drawing is named by is there."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs).get("id")
        assert found is None or found not in self.ids
        self.ids |= {found or ""}


def test_an_average_is_of_all_records_and_not_of_its_parts(own_office: Office) -> None:
    """On the page: by month, and as a number; nothing where nothing was answered."""
    page = "/admin/dashboard/kobe_enquiry_state/"
    official = sit_down(own_office, "kobe_official")
    empty = official.get(page).text
    assert re.search(r'class="chart-number">–', empty)
    for hours in (2, 4, 9):
        tell(own_office, ask(own_office, hours_ago=hours))
    ask(own_office)
    shown = official.get(page).text
    assert re.search(r'class="chart-number">5.00 ', shown)
    total = shown.split("Average of all")[1].split("</tr>")[0]
    assert ">5.00<" in total
    assert shown.count(">–<") == 12, "of the months before"
