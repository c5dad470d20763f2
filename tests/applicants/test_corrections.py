"""Correcting what one gave: the form's own controls and rules, a check, the receipt; never what is
not stated, never over somebody else's change, and a new address only once it is confirmed."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from models.metadata.errors import Problem, ValidationFailed
from models.metadata.labels import Label
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.changes import Deletion
from models.tables.applicants import AddressChange, ApplicantLink
from models.tables.base import utc_now
from models.tables.record_data import AuditEntry
from tests.admin_views.office import ENTITY
from tests.applicants.town import ADDRESS_LINK, COMPLETED, Applicant, City, age, said
from tests.public_views.intake import READER
from tests.public_views.reading import read

NEW = "new.address{}@example.jp"
OLD_RULES = {
    "kobe_nickname": "",
    "kobe_phone": "nothing",
    "kobe_email": "no address",
    "kobe_websiteurl": "javascript:alert(1)",
    "kobe_category": "1",
    "kobe_body": "x" * 8001,
}


def test_the_form_holds_what_the_record_holds(applicant: Applicant) -> None:
    page, stored = applicant.page("/correct"), applicant.stored()
    for name in applicant.city.form.attributes:
        assert page.values[name] == str(stored[name] or ""), name


def test_from_the_form_by_the_check_to_the_receipt(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    checked = person.send("/correct", step="check", kobe_phone="０７８３３１８１８９")
    page = read(checked.text)
    assert "078-331-8189" in page.everything, "as it will be kept"
    assert person.stored()["kobe_phone"] == "078-331-8181", "nothing is sent yet"
    sent = person.client.post("/own/correct", data={**page.values, "step": "send"})
    assert said(sent) == "corrected"
    assert person.stored()["kobe_phone"] == "078-331-8189"
    mail = either_city.mails_about(person.record)[-1]
    assert (mail.to, "電話番号" in mail.body) == (person.stored()["kobe_email"], True)
    assert "078-331-8189" not in mail.body, "which attribute, never what"
    [request] = either_city.requests(person.record)
    assert (request.kind, request.state) == ("correction", "DONE")
    assert json.loads(request.attributes) == ["kobe_phone"]


def test_it_is_found_by_what_it_is_now(either_city: City) -> None:
    """The blind index goes along."""
    person = Applicant.of(either_city).enter()
    person.correct(kobe_phone="06-6208-8199")
    caller = either_city.caller("kobe_official")
    wanted = Filter((Condition("kobe_phone", Operator.EQUAL, "0662088199"),))
    query = Query(entity=ENTITY, columns=("kobe_nickname",), filter=wanted)
    found = either_city.engine.run(lambda s: s.retrieve_multiple(caller, query))
    assert [one["id"] for one in found.records] == [person.record]


def test_back_to_the_form_keeps_what_was_entered(applicant: Applicant) -> None:
    checked = read(applicant.send("/correct", step="check", kobe_nickname="別の名前").text)
    back = applicant.client.post("/own/correct", data={**checked.values, "step": "change"})
    assert read(back.text).values["kobe_nickname"] == "別の名前"
    assert applicant.stored()["kobe_nickname"] == "神戸 花子"


@pytest.mark.parametrize("name", OLD_RULES)
@pytest.mark.parametrize("step", ["check", "send"])
def test_the_rules_are_those_of_the_form(applicant: Applicant, name: str, step: str) -> None:
    before = applicant.stored()
    answer = applicant.send("/correct", step=step, **{name: OLD_RULES[name]})
    page = read(answer.text)
    assert answer.status_code == 422
    assert page.errors[name] == page.summary[name]
    assert page.title.startswith("エラー")
    assert applicant.stored() == before


def test_nothing_changed_is_nothing_sent(applicant: Applicant) -> None:
    before = len(applicant.city.mails_about(applicant.record))
    assert said(applicant.send("/correct", step="check")) == "unchanged"
    assert said(applicant.send("/correct", step="send")) == "unchanged"
    assert len(applicant.city.mails_about(applicant.record)) == before
    assert applicant.city.requests(applicant.record) == []


def test_attributes_beyond_the_form_are_not_looked_at(applicant: Applicant) -> None:
    before = applicant.stored()
    more = {"statuscode": "4", "kobe_stage": "7", "ownerid": "x", "kobe_purposeversion": "9"}
    more |= {"kobe_receiptnumber": "1", "id": "1", "statecode": "1", "createdon": "2020-01-01"}
    assert (
        said(applicant.send("/correct", step="send", kobe_nickname="花子", **more)) == "corrected"
    )
    after = applicant.stored()
    moved = {name for name in after if after[name] != before[name]}
    assert moved == {"kobe_nickname", "versionnumber", "modifiedon"}
    assert after["modifiedby"] is None


def test_the_office_s_change_meanwhile_is_not_overwritten(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    held = {**person.page("/correct").values, "kobe_nickname": "応募者の名前"}
    either_city.give(person.record, kobe_catchphrase="事務局が直した")
    for step in ("check", "send"):
        crossed = person.client.post("/own/correct", data={**held, "step": step})
        page = read(crossed.text)
        assert crossed.status_code == 409
        assert page.notice
        assert page.values["kobe_nickname"] == "応募者の名前", "what was entered is still there"
    assert person.stored()["kobe_nickname"] == "神戸 花子"
    again = person.client.post("/own/correct", data={**page.values, "step": "send"})
    assert said(again) == "corrected"


def test_nor_does_the_office_overwrite_the_applicant_s(applicant: Applicant) -> None:
    """Its form was opened before; tests of changes see to the rest."""
    version = applicant.stored()["versionnumber"]
    applicant.correct(kobe_nickname="花子")
    assert applicant.stored()["versionnumber"] == version + 1


@pytest.mark.parametrize("at_once", [4])
def test_of_many_at_once_one_counts(either_city: City, at_once: int) -> None:
    person = Applicant.of(either_city).enter()
    held = {**person.page("/correct").values, "step": "send"}
    cookie = person.client.get_cookie("own")
    assert cookie is not None

    def send(number: int) -> int:
        client = either_city.app.test_client()
        client.set_cookie("own", cookie.value)
        data = {**held, "kobe_nickname": f"花子{number}"}
        return client.post("/own/correct", data=data).status_code

    with ThreadPoolExecutor(at_once) as pool:
        answers = sorted(pool.map(send, range(at_once)))
    assert answers == [303, *[409] * (at_once - 1)]
    assert len(either_city.requests(person.record)) == 1


def test_too_far_on_is_too_late(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    held = {**person.page("/correct").values, "step": "send", "kobe_nickname": "x"}
    either_city.give(person.record, statuscode=COMPLETED)
    assert said(person.client.get("/own/correct")) == "not_now"
    assert said(person.client.post("/own/correct", data=held)) == "not_now"
    assert "/own/correct" not in person.page().links
    assert person.stored()["kobe_nickname"] == "神戸 花子"


def test_a_day_has_an_end(one_city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("public_views.applicants.correction_pages.MOST_A_DAY", 1)
    person = Applicant.of(one_city).enter()
    assert said(person.correct(kobe_nickname="花子一")) == "corrected"
    assert person.correct(kobe_nickname="花子二").status_code == 429
    assert person.stored()["kobe_nickname"] == "花子一"


def test_the_audit_says_by_whom_and_what(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    person.correct(kobe_nickname="花子", kobe_body="別の内容")
    [entry] = [
        json.loads(row.body)
        for row in either_city.intake.rows(AuditEntry)
        if row.record_id == person.record and row.action == "update"
    ]
    assert (entry["kind"], entry["by"]) == ("applicant", f"form {ENTITY}")
    assert sorted(entry["attributes"]) == ["kobe_body", "kobe_nickname"]
    assert "花子" not in json.dumps(entry, ensure_ascii=False)


def proposed(city: City, **values: Any) -> tuple[Applicant, str, str]:
    """Somebody who gave a new address: who, which, and the link that went there."""
    person = Applicant.of(city).enter()
    address = NEW.format(person.record.hex)
    assert said(person.correct(kobe_email=address, **values)).endswith("written_to")
    [mail] = [one for one in city.mails_about(person.record) if one.to == address]
    return person, address, ADDRESS_LINK.findall(mail.body)[0]


def test_a_new_address_counts_once_it_is_confirmed(either_city: City) -> None:
    person, address, link = proposed(either_city, kobe_nickname="花子")
    old = person.stored()["kobe_email"]
    assert (old != address, person.stored()["kobe_nickname"]) == (True, "花子")
    assert person.client.get(link).status_code == 200
    assert person.stored()["kobe_email"] == old, "scanners open links"
    status_link = person.link()
    elsewhere = either_city.app.test_client()
    assert elsewhere.post(link).status_code == 200
    assert person.stored()["kobe_email"] == address
    assert elsewhere.post(link).status_code == 404, "once"
    assert elsewhere.post(status_link).status_code == 404, "what lies in the old mailbox is over"
    assert person.client.get("/own").status_code == 403
    told = [
        mail for mail in either_city.mails_about(person.record) if "変更されました" in mail.subject
    ]
    assert [mail.to for mail in told] == [old]
    assert address not in told[0].body
    assert "/status/" not in told[0].body
    [newest] = [one for one in either_city.mails_about(person.record) if "/status/" in one.body][
        1:
    ]
    assert newest.to == address
    assert person.enter().page().title
    kinds = [one.kind for one in either_city.requests(person.record)]
    assert kinds == ["correction", "address"]


def test_the_mail_to_a_stranger_tells_nothing(one_city: City) -> None:
    """Of the application, its number or its sender."""
    person, address, _ = proposed(one_city)
    [mail] = [one for one in one_city.mails_about(person.record) if one.to == address]
    stored = person.stored()
    for name in ("kobe_nickname", "kobe_email", "kobe_phone", "kobe_receiptnumber", "kobe_body"):
        assert str(stored[name]) not in mail.subject + mail.body


def test_the_proposed_address_is_sealed(either_city: City) -> None:
    person, address, link = proposed(either_city)
    rows = either_city.intake.rows(AddressChange)
    assert address.encode() not in b"".join(row.address for row in rows)
    assert link.rpartition("/")[2] not in repr(rows)


def test_a_second_one_takes_the_first_one_s_place(one_city: City) -> None:
    person, _, first = proposed(one_city)
    person.correct(kobe_email=NEW.format("second"))
    assert person.client.post(first).status_code == 404
    assert "確認をお待ちしています" in person.page().everything


def test_a_link_for_an_address_ends(either_city: City) -> None:
    person, address, link = proposed(either_city)
    age(either_city.engine, AddressChange, link, expires_on=utc_now() - timedelta(seconds=1))
    assert person.client.get(link).status_code == person.client.post(link).status_code == 404
    assert person.stored()["kobe_email"] != address


def test_a_change_that_came_too_late_changes_nothing(one_city: City) -> None:
    person, address, link = proposed(one_city)
    one_city.give(person.record, statuscode=COMPLETED)
    assert person.client.post(link).status_code == 404
    assert person.stored()["kobe_email"] != address


def test_an_erased_one_s_new_address_is_gone_with_it(either_city: City) -> None:
    person, _, link = proposed(either_city)
    batch = [Deletion(person.record)]
    either_city.engine.run(lambda s: s.delete_multiple(READER, ENTITY, batch))
    assert person.client.post(link).status_code == 404
    for table in (AddressChange, ApplicantLink):
        assert person.record not in {row.record_id for row in either_city.intake.rows(table)}


def test_strangers_are_not_written_to_without_end(
    one_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("public_views.applicants.correction_pages.MOST_ADDRESSES_A_DAY", 2)
    person = Applicant.of(one_city).enter()
    answers = [person.correct(kobe_email=NEW.format(n)).status_code for n in range(4)]
    assert answers == [303, 303, 429, 429]


@pytest.mark.parametrize("at_once", [4])
def test_of_many_who_confirm_at_once_one_does(either_city: City, at_once: int) -> None:
    person, address, link = proposed(either_city)
    with ThreadPoolExecutor(at_once) as pool:
        answers = sorted(
            pool.map(
                lambda _: either_city.app.test_client().post(link).status_code, range(at_once)
            )
        )
    assert answers == [200, *[404] * (at_once - 1)]
    assert person.stored()["kobe_email"] == address


def test_what_the_record_service_alone_knows_is_told_beside_its_control(
    one_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A business rule, a stricter definition published meanwhile."""
    person, label = Applicant.of(one_city).enter(), Label("ニックネーム", "name")
    wrong = [Problem("kobe_nickname", "required", label), Problem("statuscode", "choose", label)]

    def refuse(*_arguments: object, **_named: object) -> None:
        raise ValidationFailed(wrong)

    monkeypatch.setattr("public_views.applicants.correction_pages.acts.correct", refuse)
    answer = person.send("/correct", step="send", kobe_nickname="花子")
    page = read(answer.text)
    assert answer.status_code == 422
    assert page.errors["kobe_nickname"] == page.summary["kobe_nickname"] == wrong[0].text("ja")
    assert wrong[1].text("ja") in page.notice
    assert page.values["kobe_nickname"] == "花子"
