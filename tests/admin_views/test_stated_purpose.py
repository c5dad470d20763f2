"""Nothing secured is shown in every record before its reader has said what for; what is read then
is noted with it; masked again, signed out or another person: it has to be said anew."""

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from exchange.extracts.building import build
from models.tables.record_data import AuditEntry
from tests.admin_views.desk import FORM, Desk, sign_in, sit_down, state_purpose
from tests.admin_views.extracting import approve, ask, place
from tests.admin_views.office import ENTITY, PASSWORD, PERSONAL, Office, build_office
from tests.admin_views.open_office import OpenOffice, opened
from tests.support.browser import AS_SEEN, axe

LIST, PAGE = f"/admin/t/{ENTITY}/", "/admin/purpose/"
WHY = "説明会の日程を連絡するため"
MASKED_FOR_NOW = "Personal data is masked until you say what you use it for."


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Its own: who signs in as often as here ends the sessions of other tests."""
    return build_office(tmp_path_factory.mktemp("purposes"))


@pytest.fixture(scope="module")
def record(office: Office) -> UUID:
    return office.apply()


@pytest.fixture
def official(office: Office) -> Desk:
    """Just signed in, and nothing said yet."""
    return newly(office, "kobe_official")


def newly(office: Office, role: str) -> Desk:
    client = office.app.test_client()
    sign_in(client, f"{role}@example.jp")
    client.set_cookie("lang", "en")
    return Desk(client, office, role)


def seen(page: str) -> set[str]:
    return {value for value in PERSONAL.values() if value in page}


def entries(office: Office, action: str) -> list[dict[str, Any]]:
    table = AuditEntry.__table__
    found = select(table.c.body).where(table.c.action == action).order_by(table.c.sequence)
    with office.engine.database.reading() as connection:
        return [json.loads(body) for body in connection.scalars(found)]


def test_masked_before_shown_after_and_masked_again(official: Desk, record: UUID) -> None:
    paths = (LIST, f"{LIST}details/?id={record}", f"{LIST}edit/?id={record}")
    for path in paths:
        page = official.get(path).text
        assert (seen(page), MASKED_FOR_NOW in page) == (set(), True), path
    state_purpose(official.client, WHY)
    for path in paths:
        page = official.get(path).text
        assert seen(page) == set(PERSONAL.values()), path
        assert WHY in page, path
    assert official.post(f"{PAGE}end/").location == "/admin/"
    for path in paths:
        assert seen(official.get(path).text) == set(), path


def test_what_is_read_and_done_is_noted_with_it(
    office: Office, official: Desk, record: UUID
) -> None:
    reads = len(entries(office, "read"))
    official.records("details", id=str(record))
    unmasked = {"kobe_email", "kobe_phone"}
    new = entries(office, "read")[reads:]
    assert not [one for one in new if unmasked & set(one["attributes"])]
    state_purpose(official.client, WHY)
    assert entries(office, "state_purpose")[-1]["purpose"] == WHY
    official.records("details", id=str(record))
    last = entries(office, "read")[-1]
    assert (last["purpose"], last["record"]) == (WHY, record.hex)
    assert unmasked <= set(last["attributes"])
    official.send("search", attribute="kobe_email", value=PERSONAL["kobe_email"])
    assert entries(office, "search")[-1]["purpose"] == WHY


def test_one_value_may_be_asked_for_meanwhile(official: Desk, record: UUID) -> None:
    sent = {"id": record, "attribute": "kobe_email", "purpose_text": "照会への回答"}
    page = official.send("reveal", **sent)
    assert seen(page.text) == {PERSONAL["kobe_email"]}


def test_neither_sorted_nor_ranged_by_what_is_masked_for_now(
    office: Office, official: Desk, record: UUID
) -> None:
    office.apply(kobe_email="aaa@example.jp")
    plain = official.records().text
    for descending in ("", "1"):
        asked = official.records(sort="kobe_email", desc=descending).text
        assert rows(asked) == rows(plain)


def rows(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split("/details/?id=")[1:]]


def test_of_another_account_or_another_session_it_is_not(
    office: Office, official: Desk, record: UUID
) -> None:
    state_purpose(official.client, WHY)
    assert seen(newly(office, "kobe_official").records().text) == set()
    official.post("/logout")
    again(official.client, "kobe_manager")
    assert seen(official.records("details", id=str(record)).text) == set()


def again(client: FlaskClient, role: str) -> None:
    sign_in(client, f"{role}@example.jp")


def test_signed_out_and_in_again_it_is_to_be_stated_anew(official: Desk, record: UUID) -> None:
    """By the same person in the same browser."""
    state_purpose(official.client, WHY)
    official.post("/logout")
    again(official.client, "kobe_official")
    assert seen(official.records("details", id=str(record)).text) == set()


def test_a_form_opened_masked_keeps_what_is_shown_by_now(office: Office, official: Desk) -> None:
    record = str(office.apply())
    page = official.get(f"{LIST}edit/", id=record).text
    sent = filled(page) | {"kobe_nickname": "神戸 花"}
    assert sent["kobe_email"] == ""
    state_purpose(official.client, WHY)
    assert official.send("edit", **sent).status_code == 302
    shown = official.records("details", id=record).text
    assert (seen(shown), "神戸 花" in shown) == (set(PERSONAL.values()), True)


def test_a_form_opened_unmasked_is_not_guessed_at_once_it_is_masked(
    office: Office, official: Desk
) -> None:
    record = str(office.apply())
    state_purpose(official.client, WHY)
    sent = filled(official.get(f"{LIST}edit/", id=record).text) | {"kobe_nickname": "港 桜子"}
    assert sent["kobe_email"] == PERSONAL["kobe_email"]
    official.post(f"{PAGE}end/")
    updates = len(entries(office, "update"))
    answer = official.send("edit", **sent)
    assert (answer.status_code, len(entries(office, "update"))) == (400, updates)
    assert "masked since you opened this form" in answer.text
    assert "purpose-strip" not in answer.text, "what was typed would be lost"
    anew = filled(answer.text) | {"kobe_email": "", "kobe_phone": ""}
    assert anew["kobe_nickname"] == "港 桜子"
    assert official.send("edit", **anew).status_code == 302
    assert entries(office, "update")[-1]["attributes"] == ["kobe_nickname"]


def filled(page: str) -> dict[str, str]:
    """The edit form as it stands on the page."""
    [form] = [one for one in FORM.findall(page) if "/edit/" in one.split(">")[0]]
    found = dict.fromkeys(re.findall(r'<textarea[^>]* name="([^"]+)"', form), "")
    for area in re.findall(r"<textarea.*?</textarea>", form, re.DOTALL):
        name = re.search(r'name="([^"]+)"', area)
        assert name is not None
        found[name[1]] = unescape(area.partition(">")[2].removesuffix("</textarea>")).strip()
    for control in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'(\w+)="([^"]*)"', control))
        if told.get("type") != "checkbox" and "name" in told:
            found[told["name"]] = unescape(told.get("value", ""))
    for name, choices in re.findall(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S
    ):
        chosen = re.search(r'<option selected[^>]* value="([^"]*)"', choices)
        found[name] = chosen[1] if chosen else ""
    return found


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"purpose_text": "  \t"},
        {"purpose_text": "連絡\x07のため"},
        {"purpose_text": "連絡\u202eのため"},
        {"purpose": "made up"},
    ],
)
def test_nothing_said_is_told_at_the_control(official: Desk, sent: dict[str, str]) -> None:
    answer = official.post(PAGE, back=LIST, **sent)
    assert answer.status_code == 400
    assert 'aria-invalid="true" aria-describedby="purpose-of-use-error"' in answer.text
    assert f'name="back" value="{LIST}"' in answer.text
    assert seen(official.records().text) == set()


@pytest.mark.parametrize(
    ("back", "led_to"),
    [
        (f"{LIST}?view=x", f"{LIST}?view=x"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example/admin/", "/admin/"),
        ("/\\evil.example", "/admin/"),
        ("/administrator/", "/admin/"),
        ("", "/admin/"),
    ],
)
def test_leads_back_into_the_office_and_nowhere_else(
    official: Desk, back: str, led_to: str
) -> None:
    for path, said in ((PAGE, {"purpose_text": WHY}), (f"{PAGE}end/", {})):
        answer = official.post(path, back=back, **said)
        assert (answer.status_code, answer.location) == (303, led_to)


@pytest.mark.parametrize(
    "path",
    [
        f"{LIST}?view={ENTITY}_all&kobe_category=927000000",
        f"{LIST}?view={ENTITY}_all&kobe_category=927000000&kobe_category=927000001",
        f"{LIST}suggestions/?id={{record}}&rule=kobe_cooperators_who_fit",
        f"{LIST}edit/?id={{record}}",
    ],
)
def test_the_strip_leads_back_to_where_one_was(official: Desk, record: UUID, path: str) -> None:
    path = path.format(record=record)
    page = official.get(f"{path}&lang=en").text
    assert f'name="back" value="{escape(path)}"' in page
    assert ("not saved is lost" in page) == ("/edit/" in path)


def test_nothing_is_asked_where_nothing_is_shown(official: Desk) -> None:
    """For a new record, of which half may have been typed; on a dashboard, which counts."""
    for path in (f"{LIST}new/", "/admin/dashboard/kobe_support_state/"):
        assert "purpose-strip" not in official.get(path).text, path


def test_masking_again_tells_what_it_loses(official: Desk, record: UUID) -> None:
    state_purpose(official.client, WHY)
    assert "not saved is lost" in official.get(f"{LIST}edit/", id=str(record)).text
    assert "not saved is lost" not in official.records().text


def test_the_page_tells_what_holds_now(office: Office, official: Desk) -> None:
    assert MASKED_FOR_NOW in official.get(PAGE).text
    state_purpose(official.client, WHY)
    page = official.get(PAGE).text
    assert (WHY in page, MASKED_FOR_NOW in page) == (True, False)
    assert "whatever the purpose" in newly(office, "kobe_operator").get(PAGE).text


def test_after_a_search_it_leads_to_the_list_and_after_a_reveal_to_the_record(
    official: Desk, record: UUID
) -> None:
    found = official.send("search", attribute="kobe_email", value=PERSONAL["kobe_email"]).text
    assert f'name="back" value="{LIST}"' in found
    sent = {"id": record, "attribute": "kobe_email", "purpose_text": "照会への回答"}
    shown = official.send("reveal", **sent).text
    assert f'name="back" value="{LIST}details/?id={record}"' in shown


def test_whoever_is_shown_nothing_more_by_it_is_not_asked(office: Office, record: UUID) -> None:
    for role in ("kobe_operator", "auditor", "administrator"):
        desk = newly(office, role)
        for path in (LIST, f"{LIST}details/?id={record}", "/admin/queue/", "/admin/"):
            assert "purpose-strip" not in desk.get(path).text, (role, path)
    operator = newly(office, "kobe_operator")
    state_purpose(operator.client, WHY)
    assert seen(operator.records("details", id=str(record)).text) == set()


def test_an_extract_has_its_own(office: Office, official: Desk, record: UUID) -> None:
    extract_id = ask(official, columns=["kobe_nickname", "kobe_email"])
    approve(office, extract_id)
    build(office.engine, extract_id)
    answer = official.post(place(extract_id, "download"), proof=PASSWORD)
    assert seen(answer.text) == {PERSONAL["kobe_email"]}
    assert seen(official.records().text) == set()


def test_in_a_support_session_its_reason_stands_for_it(office: Office, record: UUID) -> None:
    administrator = newly(office, "administrator")
    sent = {"account": "kobe_official@example.jp", "reason": "一覧が開けない", "proof": PASSWORD}
    assert administrator.post("/admin/support/begin/", **sent).status_code == 303
    assert administrator.get(PAGE).status_code == 403
    assert administrator.post(PAGE, purpose_text=WHY).status_code == 403


@pytest.fixture(scope="module")
def open_office(office: Office, record: UUID) -> Iterator[OpenOffice]:
    with opened(office) as running:
        yield running


@AS_SEEN
def test_stated_in_a_browser(
    open_office: OpenOffice, context: BrowserContext, width: int, language: str
) -> None:
    office = open_office.office
    cookie = newly(office, "kobe_official").client.get_cookie("staff")
    assert cookie is not None
    page = open_office.enter(context, "kobe_official", language=language)
    context.add_cookies(
        [{"name": "staff", "value": cookie.value, "url": open_office.address}]  # type: ignore[list-item]
    )
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{open_office.address}{LIST}")
    strip = page.locator(".purpose-strip")
    strip.locator("summary").click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    strip.get_by_role("button").click()
    expect(page.locator("#purpose-of-use")).to_have_attribute("aria-invalid", "true")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#purpose-of-use").select_option(index=1)
    page.locator("main form button[type=submit]").click()
    page.get_by_text(PERSONAL["kobe_email"]).first.wait_for()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".purpose-strip button").click()
    expect(page.locator(".purpose-strip summary")).to_have_count(1)
    assert page.get_by_text(PERSONAL["kobe_email"]).count() == 0


def test_the_desks_of_other_tests_have_said_it(office: Office, record: UUID) -> None:
    office.sessions.clear()
    desk = sit_down(office, "kobe_official")
    assert seen(desk.records("details", id=str(record)).text) == set(PERSONAL.values())
