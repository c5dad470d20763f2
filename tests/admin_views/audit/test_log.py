"""The log's page: filters that narrow, pages that meet, entries told in words."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pytest

from admin_views.language import local_time
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import AccessDenied
from models.security.caller import Caller
from models.tables.base import utc_now
from tests.admin_views.audit.reading import LOG, narrowed, numbers, on, rows
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PERSONAL, Office, application


@pytest.fixture(scope="module")
def auditor(office: Office) -> Desk:
    for _ in range(60):
        office.apply()
    return sit_down(office, "auditor")


def pages(desk: Desk, **arguments: str) -> Iterator[str]:
    page = desk.get(LOG, **arguments).text
    while True:
        yield page
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            return
        page = desk.get(unescape(following.group(1))).text


def test_pages_hold_every_entry_once_newest_first(auditor: Desk) -> None:
    found = [number for page in pages(auditor, action="create") for number in numbers(page)]
    assert len(found) >= 60
    assert found == sorted(set(found), reverse=True)


def test_follows_one_record(office: Office, auditor: Desk) -> None:
    record_id = office.apply()
    operator = sit_down(office, "kobe_operator")
    operator.send("reveal", id=record_id, attribute="kobe_phone", purpose_text="連絡")
    page = auditor.get(LOG, record=str(record_id)).text
    assert len(numbers(page)) == 2
    assert "Show a masked value" in page


def test_tells_on_whose_lists_a_record_was(any_office: Office) -> None:
    seen, unseen = any_office.apply(statuscode=2), any_office.apply(statuscode=3)
    official, auditor = (sit_down(any_office, role) for role in ("kobe_official", "auditor"))
    other = any_office.apply(statuscode=2)
    assert str(other) in official.records(statuscode="2").text
    for record, lists in ((seen, 1), (other, 1), (unseen, 0)):
        page = auditor.get(LOG, record=str(record), action="read").text
        assert len(numbers(page)) == lists
        assert {one["Person"].split()[0] for one in rows(page)} == (
            {"kobe_official@example.jp"} if lists else set()
        )
    tomorrow = local_time(utc_now() + timedelta(days=1))[:10]
    page = auditor.get(LOG, record=str(seen), since=tomorrow).text
    assert numbers(page) == []


def test_a_list_is_none_of_its_readers_own(any_office: Office) -> None:
    """The reader's identifier stands in the entry as well."""
    any_office.apply()
    any_office.apply()
    sit_down(any_office, "kobe_official").records()
    own = str(any_office.users["kobe_official"])
    page = sit_down(any_office, "auditor").get(LOG, record=own, action="read").text
    assert numbers(page) == []


def test_follows_one_person(office: Office, auditor: Desk) -> None:
    official = sit_down(office, "kobe_official")
    official.records()
    page = auditor.get(LOG, person=str(office.users["kobe_official"])).text
    assert numbers(page)
    assert "kobe_operator@example.jp" not in page[page.index("<tbody>") :]


def test_days_are_the_offices(auditor: Desk) -> None:
    today = local_time(utc_now())[:10]
    tomorrow = local_time(utc_now() + timedelta(days=1))[:10]
    assert numbers(auditor.get(LOG, since=today, until=today).text)
    assert not numbers(auditor.get(LOG, since=tomorrow).text)


@pytest.mark.parametrize("before", ["x", "-1", "²", "9" * 40])
def test_a_made_up_page_is_no_server_error(auditor: Desk, before: str) -> None:
    assert auditor.get(LOG, before=before).status_code == 200


def test_a_refusal_is_there(office: Office, auditor: Desk) -> None:
    operator = sit_down(office, "kobe_operator")
    assert operator.get(LOG).status_code == 403
    page = auditor.get(LOG, action="refusal").text
    assert "kobe_operator@example.jp" in page
    assert "state-bad" in page


def test_an_entry_is_told_in_words(office: Office, auditor: Desk) -> None:
    record = office.apply()
    operator = sit_down(office, "kobe_operator")
    operator.send("reveal", id=record, attribute="kobe_phone", purpose_text="折り返しの連絡")
    [shown, _] = narrowed(auditor, record=str(record))
    assert shown["Person"] == "kobe_operator@example.jp Secretariat"
    assert (shown["Act"], shown["Outcome"]) == ("Show a masked value", "Done")
    assert shown["Record"] == f"Application {record}"
    assert (shown["Attributes"], shown["Purpose"]) == ("Telephone number", "折り返しの連絡")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", shown["Time"])
    assert re.fullmatch("Request: [0-9a-f]{32}", shown["Details"])


def test_a_support_session_is_found_by_who_supports(any_office: Office) -> None:
    official, helper = (any_office.caller(one) for one in ("kobe_official", "administrator"))
    supported = replace(official, supporter=helper)
    any_office.engine.run(lambda service: service.audit(supported, "sign_out"))
    auditor = sit_down(any_office, "auditor")
    for person in ("support-any", f"support-{helper.id}"):
        [found] = narrowed(auditor, person=person)
        assert found["Person"].startswith(
            "kobe_official@example.jp In a support session by administrator@example.jp"
        )
    page = auditor.get(LOG, person=f"support-{official.id}").text
    assert "This is not one of the choices." in page
    by_account = narrowed(auditor, person=str(official.id), action="sign_out")
    assert len(by_account) == 1
    assert not narrowed(auditor, person=str(helper.id), action="sign_out")


def test_those_without_an_account_are_found_together(any_office: Office) -> None:
    any_office.apply()
    found = narrowed(sit_down(any_office, "auditor"), person="nobody")
    assert found
    assert all(one["Person"].startswith(("The public: ", "The platform: ")) for one in found)


def test_entries_are_found_by_entity_and_attribute(any_office: Office) -> None:
    record = any_office.apply()
    operator, auditor = (sit_down(any_office, one) for one in ("kobe_operator", "auditor"))
    operator.send("reveal", id=record, attribute="kobe_phone", purpose_text="連絡")
    phone = narrowed(auditor, about="kobe_application.kobe_phone")
    assert {one["Act"] for one in phone} >= {"Show a masked value", "Create"}
    assert all("Telephone number" in one["Attributes"] for one in phone)
    own = {"person": str(any_office.users["kobe_operator"])}
    assert not narrowed(auditor, about="kobe_application.kobe_email", **own)
    for action in ("reveal", "group-personal", ""):
        [found] = narrowed(auditor, about="kobe_application.kobe_phone", action=action, **own)
        assert found["Act"] == "Show a masked value"


def test_a_record_is_found_by_a_link_to_it(office: Office, auditor: Desk) -> None:
    record = office.apply()
    links = (
        f"https://uketsuke.example.jp/admin/t/kobe_application/details/?id={record}&lang=ja",
        f"/admin/audit/record/kobe_application/{record}/",
        record.hex.upper(),
        f"  {record} ",
    )
    expected = narrowed(auditor, record=str(record))
    assert len(expected) == 1
    for link in links:
        assert narrowed(auditor, record=link) == expected, link


def test_a_group_of_acts_is_each_of_them_newest_first(office: Office, auditor: Desk) -> None:
    sit_down(office, "kobe_operator").get("/admin/users/")
    group = numbers(auditor.get(LOG, action="group-sign_in").text)
    assert group == sorted(set(group), reverse=True)
    single = [narrowed(auditor, action=one) for one in ("sign_in", "sign_in_failed")]
    assert group
    assert {one["Number"] for some in single for one in some} <= set(map(str, group))


def test_outcomes_narrow(office: Office, auditor: Desk) -> None:
    sit_down(office, "kobe_operator").get(LOG)
    refused = narrowed(auditor, outcome="refused")
    assert refused
    assert {one["Outcome"] for one in refused} == {"Refused"}
    assert {one["Outcome"] for one in narrowed(auditor, outcome="ok")} == {"Done"}
    assert narrowed(auditor, outcome="refused", person=str(office.users["kobe_operator"]))


@pytest.mark.parametrize(
    ("local", "is_outside"),
    [
        ("2026-10-05T07:59:59", True),  # a Monday
        ("2026-10-05T08:00:00", False),
        ("2026-10-05T09:00:00", False),
        ("2026-10-09T17:59:59", False),
        ("2026-10-09T18:00:00", True),
        ("2026-10-10T12:00:00", True),
        ("2026-10-11T12:00:00", True),
        ("2026-10-12T00:30:00", True),
    ],
)
def test_office_hours_are_the_offices(any_office: Office, local: str, is_outside: bool) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=LOCAL_ZONE)
    official = any_office.caller("kobe_official")
    with on(moment):
        any_office.engine.run(lambda service: service.audit(official, "export"))
        any_office.engine.run(
            lambda service: service.audit(Caller.system("at night"), "retry_job")
        )
    auditor, day = sit_down(any_office, "auditor"), local[:10]
    found = narrowed(auditor, since=day, until=day, hours="outside")
    assert local.replace("T", " ") in {
        one["Time"] for one in narrowed(auditor, since=day, until=day)
    }
    assert (local.replace("T", " ") in {one["Time"] for one in found}) is is_outside
    assert not any("at night" in one["Person"] for one in found)


def test_a_clock_set_back_hides_nothing(own_office: Office) -> None:
    """The entry of the day has a smaller number than one of the day before."""
    official = own_office.caller("kobe_official")
    midnight = datetime(2026, 7, 2, tzinfo=LOCAL_ZONE)
    for seconds in (5, -5, 1):
        with on(midnight + timedelta(seconds=seconds)):
            own_office.engine.run(lambda service: service.audit(official, "export"))
    auditor = sit_down(own_office, "auditor")
    times = [one["Time"] for one in narrowed(auditor, since="2026-07-02", until="2026-07-02")]
    assert times == ["2026-07-02 00:00:01", "2026-07-02 00:00:05"]
    [before] = narrowed(auditor, until="2026-07-01")
    assert before["Time"] == "2026-07-01 23:59:55"


def test_no_personal_value_is_on_it(office: Office, auditor: Desk) -> None:
    office.apply()
    for page in pages(auditor):
        assert [value for value in PERSONAL.values() if value in page] == []


def test_a_refusal_names_the_page_or_the_right(office: Office, auditor: Desk) -> None:
    sit_down(office, "kobe_operator").get(LOG)
    caller = office.caller("kobe_operator")
    nobody = replace(caller, privileges={}, team_reaches={})
    with pytest.raises(AccessDenied):
        office.engine.run(lambda s: s.create_multiple(nobody, ENTITY, [application()]))
    found = narrowed(auditor, person=str(caller.id), action="refusal")
    told = {one["Details"].partition(" Request")[0] for one in found}
    assert {"What: Audit log", "What: Create – Application"} <= told
