"""Withdrawing, and asking for erasure: said first, then asked, receipted and kept in the register;
what the person wrote is sealed and ends with the record."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from crypto.envelope import key_id_of
from crypto.errors import DestroyedKey
from models.metadata.attribute_types import LOCAL_ZONE
from models.records.changes import Deletion
from models.records.person_requests import person_of
from models.security.contracts import today
from models.tables.base import utc_now
from models.tables.requests import PersonRequest
from tests.admin_views.office import ENTITY
from tests.applicants.town import COMPLETED, IN_PROGRESS, WITHDRAWN, Applicant, City, said
from tests.public_views.intake import READER
from tests.public_views.reading import read

WHY = "引っ越すことになりました。連絡先は himitsu@example.jp です。"


def test_the_page_says_what_will_happen_and_changes_nothing(applicant: Applicant) -> None:
    before = applicant.stored()
    for path in ("/withdraw", "/erasure", "/request"):
        assert applicant.page(path).values.get("statement") == ""
    assert applicant.stored() == before
    assert applicant.city.requests(applicant.record) == []


def test_a_withdrawn_application(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    either_city.give(person.record, statuscode=IN_PROGRESS)
    assert said(person.send("/withdraw", statement=WHY)) == "withdrawn"
    assert person.stored()["statuscode"] == WITHDRAWN
    mail = either_city.mails_about(person.record)[-1]
    assert (mail.to, "取下げ" in mail.subject) == (person.stored()["kobe_email"], True)
    assert WHY not in mail.body
    [request] = either_city.requests(person.record)
    assert (request.kind, request.state, request.due_on) == ("withdrawal", "DONE", None)
    page = person.page()
    assert "取り下げられました" in page.everything
    assert {"/own/withdraw", "/own/correct"} & set(page.links) == set()
    assert "/own/erasure" in page.links, "what is withdrawn can still be erased"
    assert said(person.client.get("/own/withdraw")) == "not_now"


def test_it_is_withdrawn_once(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    held = person.page("/withdraw").values
    answers = [said(person.client.post("/own/withdraw", data=held)) for _ in range(2)]
    assert answers == ["withdrawn", "not_now"]
    assert len(either_city.requests(person.record)) == 1


def test_the_office_came_first(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    held = person.page("/withdraw").values
    either_city.give(person.record, statuscode=IN_PROGRESS)
    crossed = person.client.post("/own/withdraw", data=held)
    assert crossed.status_code == 409
    again = person.client.post("/own/withdraw", data=read(crossed.text).values)
    assert said(again) == "withdrawn"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "１"])
def test_a_version_that_is_none(applicant: Applicant, version: str) -> None:
    answer = applicant.send("/withdraw", version=version)
    assert answer.status_code == 409
    assert applicant.stored()["statuscode"] != WITHDRAWN


def test_what_is_finished_is_not_withdrawn(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    held = person.page("/withdraw").values
    either_city.give(person.record, statuscode=COMPLETED)
    held["version"] = str(person.stored()["versionnumber"])
    assert said(person.client.post("/own/withdraw", data=held)) == "not_now"
    assert person.stored()["statuscode"] == COMPLETED


def test_erasure_is_asked_for_and_waits_for_the_office(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    assert said(person.send("/erasure", statement=WHY)) == "erasure_asked"
    [request] = either_city.requests(person.record)
    due = utc_now().astimezone(LOCAL_ZONE).date() + timedelta(days=30)
    assert (request.kind, request.state, request.due_on) == ("erasure", "REQUESTED", due)
    assert request.reference == person.stored()["kobe_receiptnumber"]
    mail = either_city.mails_about(person.record)[-1]
    assert f"{due.year}年{due.month}月{due.day}日" in mail.body
    assert "消去のご依頼を受け付けています" in person.page().everything
    assert "/own/erasure" not in person.page().links


def test_it_is_asked_for_once(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    held = person.page("/erasure").values
    before = len(either_city.mails_about(person.record))
    for _ in range(3):
        assert said(person.client.post("/own/erasure", data=held)) == "erasure_asked"
    assert len(either_city.requests(person.record)) == 1
    assert len(either_city.mails_about(person.record)) == before + 1


@pytest.mark.parametrize("reason", ["理" * 1001, "\x01", "\x00", "e" + "\u0301" * 99, "\x7f"])
@pytest.mark.parametrize("path", ["/withdraw", "/erasure"])
def test_a_reason_that_is_too_long_or_no_writing_is_told(
    applicant: Applicant, path: str, reason: str
) -> None:
    answer = applicant.send(path, statement=reason)
    page = read(answer.text)
    assert answer.status_code == 422
    assert page.errors["statement"]
    assert len(reason) < 1000 or page.values["statement"] == reason, "every word is kept"
    assert applicant.city.requests(applicant.record) == []


@pytest.mark.parametrize("path", ["/withdraw", "/erasure"])
def test_what_was_written_is_sealed_and_ends_with_the_record(either_city: City, path: str) -> None:
    person = Applicant.of(either_city).enter()
    person.send(path, statement=WHY)
    [request] = either_city.requests(person.record)
    assert request.statement
    assert WHY.encode() not in request.statement
    batch = [Deletion(person.record)]
    either_city.engine.run(lambda s: s.delete_multiple(READER, ENTITY, batch))
    [request] = either_city.requests(person.record)
    assert request.state == "DONE", "what was asked for is done, whoever did it"
    with pytest.raises(DestroyedKey):
        either_city.engine.keyring.opening_key(key_id_of(request.statement))


TOLD_BETWEEN = {
    "ja": ("現在の状況", "お申込みの内容"),
    "en": ("Where it stands", "What you sent us"),
}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_office_s_words_are_told_to_nobody(either_city: City, language: str) -> None:
    """Of status reasons and stages nothing but what the form says of them."""
    service, entity = either_city.form.self_service, either_city.engine.catalog.entity(ENTITY)
    assert service is not None
    said_of = [one.label.text(language) for one in service.states]
    statuses, stages = (entity.attributes[one].options for one in ("statuscode", "kobe_stage"))
    assert statuses is not None
    assert stages is not None
    person = Applicant.of(either_city).enter()
    person.client.set_cookie("lang", language)
    table = either_city.engine.catalog.tables.entities[ENTITY]
    for status, stage in product(statuses.options[1:], stages.options):
        moved = table.update().where(table.c.id == person.record)
        moved = moved.values(statuscode=status.value, kobe_stage=stage.value)
        either_city.engine.database.run(lambda t, m=moved: t.write(m))  # type: ignore[misc]
        begin, end = TOLD_BETWEEN[language]
        told = person.page().everything.partition(begin)[2].partition(end)[0]
        assert [one for one in said_of if one in told], (status.value, stage.value)
        for label in (status.label.text(language), stage.label.text(language)):
            assert label in "".join(said_of) or f" {label} " not in f" {told} ", label


def test_what_happened_is_told_in_the_form_s_words(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    either_city.give(person.record, kobe_stage=2)
    person.correct(kobe_nickname="花子")
    text = person.page().everything
    for what in ("お申込みを受け付けました", "詳しいお話を伺っています", "内容を訂正しました"):
        assert what in text
    assert "聞き取り" not in text.partition("お申込みの内容")[0]


def test_a_state_that_the_form_says_nothing_of_is_not_told(
    one_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms.applicants.told.holds", lambda _when, _record: False)
    assert "下記の連絡先にお問い合わせください" in Applicant.of(one_city).enter().page().everything


def test_disclosure_is_asked_for_once_and_stands_in_the_office_s_register(
    either_city: City,
) -> None:
    person = Applicant.of(either_city).enter()
    held = {**person.page("/request").values, "kind": "disclosure", "statement": WHY}
    for _ in range(2):
        assert said(person.client.post("/own/request", data=held)) == "request_received"
    engine = either_city.engine
    with engine.database.reading() as connection:
        mine = select(PersonRequest.__table__).where(PersonRequest.record_id == person.record)
        [row] = connection.execute(mine).all()
    assert (row.kind, row.state, row.identity_on) == ("disclosure", "RECEIVED", None)
    assert row.due_on == today() + timedelta(days=15)
    asked = engine.run(lambda service: person_of(service, row))
    stored = person.stored()
    assert asked["email"] == stored["kobe_email"]
    assert (asked["name"], asked["asked"]) == (stored["kobe_receiptnumber"], WHY)
    mail = either_city.mails_about(person.record)[-1]
    assert f"{row.due_on.month}月{row.due_on.day}日" in mail.body
    assert WHY not in mail.body
    assert "保有個人情報についての請求を受け付けています" in person.page().everything
    other = person.client.post("/own/request", data=held | {"kind": "correction"})
    assert said(other) == "not_now"
