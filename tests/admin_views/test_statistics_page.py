"""The page of statistics: a table anybody who may export may see, without a small number."""

import csv
import io
import re

import pytest

from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PASSWORD, Office

PAGE = "/admin/statistics/"
VIEW = f"{ENTITY}_all"
CHILDREN, STUDENTS = 927000000, 927000003


@pytest.fixture
def counted(own_office: Office) -> Office:
    """Twelve applications of one category and three of another."""
    for number in range(15):
        own_office.apply(kobe_category=CHILDREN if number < 12 else STUDENTS)
    return own_office


@pytest.fixture
def official(counted: Office) -> Desk:
    return sit_down(counted, "kobe_official")


def table(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in rows]


def test_a_table_by_one_attribute(official: Desk) -> None:
    page = official.get(PAGE, view=VIEW, rows="kobe_category", columns="")
    shown = {row[0]: row[1] for row in table(page.text)}
    assert shown["Category"] == "Records"
    assert shown["Total"] == "15"
    assert [number for number in shown.values() if number == "X"] == ["X", "X"]
    assert "numbers from 1 to 9" in page.text


def test_a_table_by_two(official: Desk) -> None:
    page = official.get(PAGE, view=VIEW, rows="createdon", columns="statuscode")
    header, *rows = table(page.text)
    assert (header[0], header[-1]) == ("Received on", "Total")
    assert rows[-1][0] == "Total"
    assert rows[-1][-1] == "15"


def test_nothing_is_shown_before_it_is_asked(official: Desk) -> None:
    page = official.get(PAGE)
    assert page.status_code == 200
    assert "<table" not in page.text


def test_only_what_tells_no_secret_is_offered(official: Desk) -> None:
    page = official.get(PAGE, view=VIEW).text
    offered = set(
        re.findall(r'<option value="((?:kobe_|created|modified|state|status)\w+)"', page)
    )
    assert offered - official.office.engine.catalog.views.keys() == {
        "kobe_category",
        "kobe_stage",
        "kobe_stagesince",
        "kobe_answeredon",
        "createdon",
        "kobe_closedon",
        "modifiedon",
        "statecode",
        "statuscode",
    }


@pytest.mark.parametrize(
    ("asked", "control"),
    [
        ({"rows": ""}, "rows"),
        ({"rows": "kobe_email"}, "rows"),
        ({"rows": "kobe_nickname"}, "rows"),
        ({"rows": "kobe_category", "columns": "kobe_phone"}, "columns"),
        ({"rows": "kobe_category", "columns": "kobe_category"}, "columns"),
    ],
)
def test_anything_else_is_told_at_its_control(
    official: Desk, asked: dict[str, str], control: str
) -> None:
    answer = official.get(PAGE, view=VIEW, **asked)
    assert answer.status_code == 400
    assert f'href="#{control}"' in answer.text
    assert "<table" not in answer.text
    assert official.post(f"{PAGE}file/", view=VIEW, format="csv", **asked).status_code == 400


def test_it_is_taken_as_a_file_without_approval(official: Desk) -> None:
    sent = {"view": VIEW, "rows": "kobe_category", "columns": ""}
    answer = official.post(f"{PAGE}file/", **sent, format="csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert (rows[0], rows[-1]) == (["Category", "Records"], ["Total", "15"])
    assert official.post(f"{PAGE}file/", **sent, format="xlsx").data.startswith(b"PK")
    assert official.post(f"{PAGE}file/", **sent, format="ods").status_code == 400


@pytest.mark.parametrize("role", ["kobe_operator", "kobe_manager", "auditor", "administrator"])
def test_it_is_for_those_who_may_export(counted: Office, role: str) -> None:
    desk = sit_down(counted, role)
    assert desk.get(PAGE, rows="kobe_category").status_code == 403
    sent = {"rows": "kobe_category", "columns": "", "format": "csv", "proof": PASSWORD}
    assert desk.post(f"{PAGE}file/", **sent).status_code == 403


def test_an_unknown_view_is_not_found(official: Desk) -> None:
    assert official.get(PAGE, view="systemuser", rows="kobe_category").status_code == 404


def test_it_is_audited(counted: Office, official: Desk) -> None:
    official.get(PAGE, view=VIEW, rows="kobe_category")
    page = sit_down(counted, "auditor").get("/admin/audit/", action="statistics").text
    assert "All applications" in page
    assert "Category" in page
