"""One record's history: all of it, lists it was on too, also once the record is gone."""

from uuid import UUID, uuid4

import pytest

from tests.admin_views.audit.reading import rows
from tests.admin_views.desk import hidden_of, sit_down
from tests.admin_views.extracting import download, ready
from tests.admin_views.office import ENTITY, PERSONAL, Office


def history(office: Office, record: UUID, *, entity: str = ENTITY) -> str:
    page = sit_down(office, "auditor").get(f"/admin/audit/record/{entity}/{record}/")
    assert page.status_code == 200
    return page.text


@pytest.fixture
def followed(any_office: Office) -> UUID:
    """Sent in, seen on a list beside another, shown once, changed."""
    record, _ = any_office.apply(), any_office.apply()
    official, operator = (sit_down(any_office, one) for one in ("kobe_official", "kobe_operator"))
    official.records()
    operator.send("reveal", id=record, attribute="kobe_email", purpose_text="連絡")
    sent = hidden_of(operator.records("details", id=str(record)).text, "status")
    assert operator.send("status", **sent | {"statuscode": "3"}).status_code == 302
    return record


def test_everything_about_it_is_there_newest_first(any_office: Office, followed: UUID) -> None:
    found = rows(history(any_office, followed))
    assert [one["Act"] for one in found] == [
        *("Change", "Show a masked value", "Read personal values", "Create")
    ]
    assert int(found[2]["Details"].split()[3]) >= 2, "a list of several"


def test_it_is_there_after_the_record_was_erased(any_office: Office, followed: UUID) -> None:
    official = sit_down(any_office, "kobe_official")
    assert "No entry says that it was erased." in history(any_office, followed)
    sent = hidden_of(official.records("delete", id=str(followed)).text, "delete")
    assert official.send("delete", **sent).status_code == 302
    assert official.records("details", id=str(followed)).status_code == 404
    page = history(any_office, followed)
    found = [one["Act"] for one in rows(page)]
    assert found[0] == "Delete"
    assert found[-1] == "Create"
    assert '<span class="state">Erased</span>' in page
    assert [value for value in PERSONAL.values() if value in page] == []


def test_what_another_record_went_through_is_not_in_it(any_office: Office, followed: UUID) -> None:
    other = any_office.apply()
    assert [one["Act"] for one in rows(history(any_office, other))] == ["Create"]
    assert history(any_office, followed)


def test_extracts_of_its_time_are_counted(own_office: Office) -> None:
    record = own_office.apply()
    assert "Extracts in its time</dt><dd>0" in history(own_office, record)
    download(own_office, ready(own_office))
    later = own_office.apply()
    assert "Extracts in its time</dt><dd>1 <a href=" in history(own_office, record)
    assert "Extracts in its time</dt><dd>0" in history(own_office, later)


def test_what_the_log_does_not_know_is_not_found(office: Office) -> None:
    auditor, record = sit_down(office, "auditor"), office.apply()
    for place in (
        f"{ENTITY}/{uuid4()}/",
        f"kobe_nothing/{record}/",
        f"{ENTITY}/nonsense/",
    ):
        assert auditor.get(f"/admin/audit/record/{place}").status_code == 404, place


@pytest.mark.parametrize("before", ["x", "-1", "0", "²", "9" * 40])
def test_a_made_up_page_is_no_server_error(office: Office, before: str) -> None:
    auditor, record = sit_down(office, "auditor"), office.apply()
    answer = auditor.get(f"/admin/audit/record/{ENTITY}/{record}/", before=before)
    assert answer.status_code == 200
    assert len(rows(answer.text)) == (0 if before == "0" else 1)


def test_it_comes_in_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin_views.audit.history.AT_ONCE", 1)
    record = office.apply()
    operator, auditor = (sit_down(office, one) for one in ("kobe_operator", "auditor"))
    operator.send("reveal", id=record, attribute="kobe_email", purpose_text="連絡")
    path = f"/admin/audit/record/{ENTITY}/{record}/"
    first = auditor.get(path).text
    [newest] = rows(first)
    [oldest] = rows(auditor.get(path, before=newest["Number"]).text)
    assert (newest["Act"], oldest["Act"]) == ("Show a masked value", "Create")


@pytest.mark.parametrize("role", ["kobe_official", "kobe_operator", "administrator"])
def test_it_is_for_auditors(office: Office, role: str) -> None:
    record = office.apply()
    answer = sit_down(office, role).get(f"/admin/audit/record/{ENTITY}/{record}/")
    assert answer.status_code == 403
