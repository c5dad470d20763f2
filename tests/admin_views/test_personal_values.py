"""No secured value reaches a page, header, search, sort, filter or error of who may not read it.

Every request a role can make with GET is made, with every attribute in every place a question
can stand; what the answers hold is compared with the values themselves.
"""

from collections.abc import Iterator
from itertools import product
from urllib.parse import unquote_plus
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, Office
from tests.admin_views.test_guards import requests_of

UNSEEING = ["kobe_operator", "auditor", "administrator"]
VALUES = {
    "kobe_email": "himitsu.taro@example.jp",
    "kobe_phone": "090-1234-5678",
}
TRACES = ["himitsu.taro", "090-1234", "09012345678", "819012345678", "+8190"]


@pytest.fixture(scope="module")
def record(office: Office) -> UUID:
    return office.apply(**VALUES, kobe_catchphrase="秘密の記録")


def assert_silent(response: TestResponse, where: object) -> None:
    told = response.text + str(response.headers)
    assert [trace for trace in TRACES if trace in told] == [], where


def questions(record: UUID) -> Iterator[tuple[str, dict[str, str]]]:
    """Addresses that ask about secured attributes in every way a list or page understands."""
    for name, value in VALUES.items():
        for place, view in product(("sort", name, "q", "after"), ("", f"{ENTITY}_all")):
            given = {"sort": name, name: value, "q": value, "after": value}[place]
            yield "", {place: given, "view": view, "desc": "1"}
        yield "details", {"id": str(record), "attribute": name, "purpose": "x"}
        yield "file", {"id": str(record), "attribute": name}
        yield "edit", {"id": str(record), name: value}


@pytest.mark.parametrize("role", UNSEEING)
def test_pages(office: Office, record: UUID, role: str) -> None:
    desk = sit_down(office, role)
    for endpoint, method, path in requests_of(office):
        if method == "GET":
            assert_silent(desk.get(path, id=str(record)), (role, endpoint))
    for action, arguments in questions(record):
        assert_silent(desk.records(action, **arguments), (role, action, arguments))


def test_the_official_does_see_them(office: Office, record: UUID) -> None:
    page = sit_down(office, "kobe_official").records("details", id=str(record)).text
    assert all(value in page for value in VALUES.values())


def test_the_operator_sees_masks(office: Office, record: UUID) -> None:
    page = sit_down(office, "kobe_operator").records("details", id=str(record)).text
    assert "h•••@example.jp" in page
    assert "•••-••••-5678" in page


@pytest.mark.parametrize("name", VALUES)
def test_sorting_by_a_secured_attribute_changes_nothing(office: Office, name: str) -> None:
    for number in range(3):
        office.apply(kobe_email=f"sort{number}@example.jp", kobe_phone=f"078-331-818{number}")
    desk = sit_down(office, "kobe_operator")
    plain = rows(desk.records())
    for descending in ("", "1"):
        assert rows(desk.records(sort=name, desc=descending)) == plain


@pytest.mark.parametrize("role", UNSEEING)
@pytest.mark.parametrize("value", ["秘密の記録", "あるはずのない記録"])
def test_asking_for_a_value_tells_no_more_than_asking_for_another(
    office: Office, record: UUID, role: str, value: str
) -> None:
    """A secured attribute in the address is as if it were not there."""
    desk = sit_down(office, role)
    asked = desk.records(q=value, kobe_email=VALUES["kobe_email"])
    other = desk.records(q=value, kobe_email="someone.else@example.jp")
    assert (asked.status_code, rows(asked)) == (other.status_code, rows(other))


@pytest.mark.parametrize(
    ("role", "status"), [("auditor", 403), ("administrator", 403), ("kobe_operator", 200)]
)
def test_exact_search_is_for_roles_that_may_unmask(
    office: Office, record: UUID, role: str, status: int
) -> None:
    desk = sit_down(office, role)
    response = desk.send("search", attribute="kobe_phone", value="０９０ー1234-5678")
    assert response.status_code == status
    assert ("秘密の記録" in response.text) is (status == 200)


def test_exact_search_is_not_in_the_address(office: Office, record: UUID) -> None:
    desk = sit_down(office, "kobe_official")
    response = desk.send("search", attribute="kobe_email", value=VALUES["kobe_email"].upper())
    assert response.status_code == 200
    assert "秘密の記録" in response.text
    assert "himitsu" not in str(response.headers)


TYPED = [
    *VALUES.values(),
    "himitsu.taro＠example.jp",
    "０９０－１２３４－５６７８",
    "花子 090-1234-5678",
    "x" * 200 + VALUES["kobe_email"],
]


@pytest.mark.parametrize("typed", TYPED)
def test_a_personal_value_typed_as_text_is_not_in_the_address(office: Office, typed: str) -> None:
    response = sit_down(office, "kobe_official").send("search", attribute="", value=typed)
    assert response.status_code == 302
    assert_silent(response, typed)
    said = unquote_plus(response.location)
    assert [part for part in ("himitsu", "1234", "１２３４") if part in said] == []


@pytest.mark.parametrize("attribute", ["kobe_nickname", "ownerid", "kobe_none"])
def test_search_by_what_is_not_offered_is_refused(office: Office, attribute: str) -> None:
    desk = sit_down(office, "kobe_official")
    assert desk.send("search", attribute=attribute, value="神戸 花子").status_code == 403


def test_a_wrong_value_is_explained_without_repeating_it(office: Office) -> None:
    desk = sit_down(office, "kobe_operator")
    response = desk.send("search", attribute="kobe_phone", value="090-himitsu")
    assert response.status_code == 302
    page = desk.records()
    assert "078-331-8181" in page.text  # the example of how to write one
    assert "himitsu" not in page.text


def test_audit_page_names_attributes_only(office: Office, record: UUID) -> None:
    operator = sit_down(office, "kobe_operator")
    operator.send("reveal", id=record, attribute="kobe_email", purpose_text="折り返しの連絡")
    page = sit_down(office, "auditor").get("/admin/audit/", record=str(record)).text
    assert "Show a masked value" in page
    assert "折り返しの連絡" in page
    assert "E-mail" in page
    assert [trace for trace in TRACES if trace in page] == []


def rows(response: TestResponse) -> list[str]:
    """The records of a list, in order."""
    return [part.split('"')[0] for part in response.text.split("details/?id=")[1:]]
