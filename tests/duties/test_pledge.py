"""The pledge: shown once at the first page after sign-in, given by POST with its version, audited;
another version is another pledge."""

from collections.abc import Iterator

import pytest

from models.security.contracts import today
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import ENTITY, Office
from tests.duties.owing import VERSION, ask, owe_pledge, pledge_of, settle
from tests.identity.staff import acts

PAGE, ROLE = "/admin/pledge/", "kobe_operator"
LIST = f"/admin/t/{ENTITY}/?view={ENTITY}_all"
REASON = "the pledge has not been given"


@pytest.fixture
def operator(any_office: Office) -> Iterator[Desk]:
    """Just signed in, without a pledge."""
    any_office.sessions.pop(ROLE, None)
    owe_pledge(any_office, ROLE)
    yield sit_down(any_office, ROLE)
    settle(any_office, ROLE)


def pledges(office: Office) -> list[dict[str, object]]:
    return [act for act in acts(office.engine) if act["action"] == "give_pledge"]


def test_it_is_read_at_the_first_page_and_leads_on_to_it(operator: Desk) -> None:
    office, before = operator.office, len(pledges(operator.office))
    answer = operator.get(LIST)
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = operator.get(PAGE).text
    assert "I tell nobody of the personal data" in page
    assert f"Version {VERSION}" in page
    answer = operator.client.post(PAGE, data=hidden_of(page, "pledge"))
    assert (answer.status_code, answer.location) == (302, LIST)
    assert pledge_of(office, ROLE) == (today(), VERSION)
    given = pledges(office)[before:]
    assert [(one["by"], one["details"]) for one in given] == [
        ("kobe_operator@example.jp", {"version": VERSION})
    ]
    assert REASON not in operator.get(LIST).text
    assert f"You gave this pledge on {today()}" in operator.get(PAGE).text


def test_it_is_asked_once_a_session_and_every_page_says_what_is_missing(operator: Desk) -> None:
    assert operator.get("/admin/").location == PAGE
    assert 'href="/admin/"' in operator.get(PAGE).text, "the way on"
    for path in ("/admin/", LIST):
        page = operator.get(path)
        assert page.status_code == 200
        assert REASON in page.text
        assert f'href="{PAGE}"' in page.text
    operator.office.sessions.pop(ROLE)
    assert sit_down(operator.office, ROLE).get("/admin/").location == PAGE, "at the next sign-in"


def test_only_a_get_is_led_there(operator: Desk) -> None:
    answer = operator.client.post(f"/admin/t/{ENTITY}/search/", data={})
    assert answer.status_code == 400, "for want of a token, as ever"


def test_a_second_click_finds_the_first(operator: Desk) -> None:
    before = len(pledges(operator.office))
    sent = hidden_of(operator.get(PAGE).text, "pledge")
    for _ in range(3):
        assert operator.client.post(PAGE, data=sent).status_code == 302
    assert len(pledges(operator.office)) == before + 1


@pytest.mark.parametrize("version", ["", "2020-01-01", "uketsuke-1", "x" * 999, "\0"])
def test_a_pledge_of_other_words_counts_for_nothing(operator: Desk, version: str) -> None:
    operator.get(PAGE)
    answer = operator.post(PAGE, version=version)
    assert answer.status_code == 409
    assert "The text of the pledge has changed" in answer.text
    assert hidden_of(answer.text, "pledge")["version"] == VERSION
    assert pledge_of(operator.office, ROLE) == (None, "")


def test_who_gave_an_earlier_version_is_asked_anew(operator: Desk) -> None:
    owe_pledge(operator.office, ROLE, version="2025-04-01")
    assert operator.get("/admin/").location == PAGE
    assert "I pledge" in operator.get(PAGE).text
    assert REASON in operator.get(LIST).text


def test_where_none_is_asked_for_nobody_is_led_there(operator: Desk) -> None:
    ask(operator.office, must_pledge=False)
    try:
        page = operator.get(LIST)
        assert page.status_code == 200
        assert REASON not in page.text
        assert operator.get(PAGE).status_code == 200, "it can be read all the same"
    finally:
        ask(operator.office, must_pledge=True)


def test_the_platform_has_words_of_its_own(operator: Desk) -> None:
    office = operator.office
    ask(office, pledge_version="", pledge_ja="", pledge_en="")
    try:
        page = operator.get(PAGE).text
        assert "Version uketsuke-1" in page
        assert operator.client.post(PAGE, data=hidden_of(page, "pledge")).status_code == 302
        assert pledge_of(office, ROLE) == (today(), "uketsuke-1")
        assert REASON not in operator.get(LIST).text
    finally:
        texts = {"pledge_ja": "誓約します。", "pledge_en": "I tell nobody of the personal data."}
        ask(office, pledge_version=VERSION, **texts)
    assert REASON in operator.get(LIST).text, "the solution's is another one"


def test_a_visitor_pledges_nothing(any_office: Office) -> None:
    client = any_office.app.test_client()
    assert client.get(PAGE).location.startswith("/login")
    assert client.post(PAGE, data={"version": VERSION}).status_code in {400, 401}


def test_who_may_see_no_personal_data_is_asked_but_told_of_nothing(any_office: Office) -> None:
    any_office.sessions.pop("auditor", None)
    owe_pledge(any_office, "auditor")
    auditor = sit_down(any_office, "auditor")
    assert auditor.get("/admin/audit/").location == PAGE
    auditor.get(PAGE)
    assert REASON not in auditor.get("/admin/audit/").text
    settle(any_office, "auditor")
