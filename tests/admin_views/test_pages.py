"""The start page, the metadata pages, the frame around every page, and what errors say."""

import re
from html import unescape

import pytest

from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, Office


def applications(page: str) -> str:
    """The start page's part about them, which comes first."""
    return page.split('id="desk-1"')[1].split("</section>")[0]


def test_start_counts_what_the_caller_sees(own_office: Office) -> None:
    for status in (1, 2, 2, 3, 4):
        own_office.apply(statuscode=status)
    for role in ("kobe_operator", "kobe_official"):
        page = sit_down(own_office, role).get("/admin/").text
        counts = re.findall(r'class="count">(\d+) records', applications(page))
        assert counts == ["3", "4", "1", "0"], role  # the last: overdue in their stage


def test_start_counts_no_records_of_others(own_office: Office) -> None:
    record_id = own_office.apply()
    official = sit_down(own_office, "kobe_official")
    official.send("assign", id=record_id, owner=own_office.users["kobe_official"])
    page = sit_down(own_office, "kobe_operator").get("/admin/").text
    counts = re.findall(r'class="count">(\d+) records', applications(page))
    assert counts == ["0", "0", "0", "0"]


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("kobe_operator", ["Read", "Change"], ["Create", "Delete", "Assign"]),
        ("kobe_official", ["Read", "Change", "Create", "Delete", "Assign"], []),
    ],
)
def test_start_says_what_the_role_may_do(
    office: Office, role: str, may: list[str], may_not: list[str]
) -> None:
    page = sit_down(office, role).get("/admin/").text
    shown = re.findall(r'<span class="right">(\w+)</span>', applications(page))
    assert set(shown) == set(may)
    assert not set(shown) & set(may_not)


def test_metadata_tells_what_is_personal(office: Office) -> None:
    administrator = sit_down(office, "administrator")
    assert f"/admin/metadata/{ENTITY}/" in administrator.get("/admin/metadata/").text
    page = administrator.get(f"/admin/metadata/{ENTITY}/").text
    for row in page.split("<tr>")[1:]:
        is_personal = ">kobe_email<" in row or ">kobe_phone<" in row
        assert ('class="right">personal' in row) is is_personal
    assert administrator.get("/admin/metadata/kobe_nothing/").status_code == 404


@pytest.mark.parametrize("path", [f"/admin/t/{ENTITY}/", "/admin/"])
def test_the_other_language_is_one_click_away(office: Office, path: str) -> None:
    desk = sit_down(office, "kobe_official")
    page = desk.get(path, lang="ja").text
    link = re.search(r'class="language" href="([^"]+)"', page)
    assert link is not None
    assert '<html lang="en">' in desk.get(unescape(link.group(1))).text


def test_changing_the_language_keeps_the_record(office: Office) -> None:
    record_id = office.apply()
    page = sit_down(office, "kobe_official").records("details", id=str(record_id)).text
    link = re.search(r'class="language" href="([^"]+)"', page)
    assert link is not None
    assert f"id={record_id}" in link.group(1)


def test_changing_the_language_forgets_what_was_searched(office: Office) -> None:
    page = sit_down(office, "kobe_official").records(q="花子", kobe_email="x@example.jp").text
    link = re.search(r'class="language" href="([^"]+)"', page)
    assert link is not None
    assert "q=" not in link.group(1)
    assert "x%40" not in link.group(1)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/t/nothing/", 404),
        ("/admin/audit/", 403),
        (f"/admin/t/{ENTITY}/reveal/", 405),
        (f"/admin/t/{ENTITY}/?after=nonsense", 400),
    ],
)
def test_errors_are_pages_of_the_back_office(office: Office, path: str, status: int) -> None:
    response = sit_down(office, "kobe_official").get(path)
    if status == 405:
        assert response.status_code in {404, 405}
        return
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    assert 'class="office-menu"' in response.text
    assert "Traceback" not in response.text


def test_the_frame_loads_nothing_from_elsewhere(office: Office) -> None:
    page = sit_down(office, "kobe_official").get("/admin/export/").text
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    assert not [one for one in sources if one.startswith(("http", "//", "data:", "javascript:"))]
    assert not re.findall(r"\son\w+=", page)
    assert "style=" not in page
    assert all("nonce=" in tag for tag in re.findall(r"<script\b[^>]*>", page))
