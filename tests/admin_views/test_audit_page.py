"""The audit page: filters that narrow, pages that meet, and nothing that was not meant."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from admin_views.language import local_time
from models.tables.base import utc_now
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import Office


@pytest.fixture(scope="module")
def auditor(office: Office) -> Desk:
    for _ in range(60):
        office.apply()
    return sit_down(office, "auditor")


def numbers(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'class="type-integer">(\d+)<', page)]


def pages(desk: Desk, **arguments: str) -> Iterator[str]:
    page = desk.get("/admin/audit/", **arguments).text
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
    page = auditor.get("/admin/audit/", record=str(record_id)).text
    assert len(numbers(page)) == 2
    assert "Show a masked value" in page


def test_tells_on_whose_lists_a_record_was(any_office: Office) -> None:
    seen, unseen = any_office.apply(statuscode=2), any_office.apply(statuscode=3)
    official, auditor = (sit_down(any_office, role) for role in ("kobe_official", "auditor"))
    other = any_office.apply(statuscode=2)
    assert str(other) in official.records(statuscode="2").text
    for record, lists in ((seen, 1), (other, 1), (unseen, 0)):
        page = auditor.get("/admin/audit/", record=str(record), action="read").text
        assert len(numbers(page)) == lists
        assert ("kobe_official@example.jp</td>" in page) is bool(lists)
    tomorrow = local_time(utc_now() + timedelta(days=1))[:10]
    page = auditor.get("/admin/audit/", record=str(seen), since=tomorrow).text
    assert numbers(page) == []


def test_a_list_is_none_of_its_readers_own(any_office: Office) -> None:
    """The reader's identifier stands in the entry as well."""
    any_office.apply()
    any_office.apply()
    sit_down(any_office, "kobe_official").records()
    own = str(any_office.users["kobe_official"])
    page = sit_down(any_office, "auditor").get("/admin/audit/", record=own, action="read").text
    assert numbers(page) == []


def test_follows_one_person(office: Office, auditor: Desk) -> None:
    official = sit_down(office, "kobe_official")
    official.records()
    page = auditor.get("/admin/audit/", person=str(office.users["kobe_official"])).text
    assert numbers(page)
    assert "kobe_operator@example.jp" not in page[page.index("<tbody>") :]


def test_days_are_the_offices(auditor: Desk) -> None:
    today = local_time(utc_now())[:10]
    tomorrow = local_time(utc_now() + timedelta(days=1))[:10]
    assert numbers(auditor.get("/admin/audit/", since=today, until=today).text)
    assert not numbers(auditor.get("/admin/audit/", since=tomorrow).text)


@pytest.mark.parametrize("name", ["person", "record", "action"])
@pytest.mark.parametrize("value", ["nonsense", "' OR 1=1", "<script>"])
def test_nonsense_finds_nothing(auditor: Desk, name: str, value: str) -> None:
    response = auditor.get("/admin/audit/", **{name: value})
    assert response.status_code == 200
    assert numbers(response.text) == []
    assert "<script>" not in response.text


@pytest.mark.parametrize("before", ["x", "-1", "²", "9" * 40])
def test_a_made_up_page_is_no_server_error(auditor: Desk, before: str) -> None:
    assert auditor.get("/admin/audit/", before=before).status_code == 200


def test_a_refusal_is_there(office: Office, auditor: Desk) -> None:
    operator = sit_down(office, "kobe_operator")
    assert operator.get("/admin/audit/").status_code == 403
    page = auditor.get("/admin/audit/", action="refusal").text
    assert "kobe_operator@example.jp" in page
    assert "state-bad" in page
