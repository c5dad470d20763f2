"""What applicants ask for, in the office: who sees it, who decides, what the person is told; and
what applicants did, on the record's own page."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from admin_views.applicants import deciding
from admin_views.applicants.reading import read_request, read_requests
from models.metadata.errors import AccessDenied, ConcurrencyConflict, RecordNotFound
from models.security.caller import Caller
from models.security.privileges import Privilege
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import ENTITY, PASSWORD
from tests.applicants.town import COMPLETED, WITHDRAWN, Applicant, City
from tests.support.auditing import entries

LIST, ONE = "/admin/applicants/", "/admin/applicants/request/"
WHY = "もう必要がなくなりました。"


def asked(city: City) -> Applicant:
    """Somebody who wants it to be erased."""
    person = Applicant.of(city).enter()
    person.send("/erasure", statement=WHY)
    return person


def request_of(person: Applicant) -> str:
    return str(person.city.requests(person.record)[-1].id)


def decide(desk: Desk, person: Applicant, act: str, **values: str) -> int:
    """As the page holds it, with a proof."""
    page = desk.get(ONE, id=request_of(person)).text
    held = hidden_of(page, act)
    return desk.post(f"{LIST}{act}/", **{**held, "proof": PASSWORD, **values}).status_code


@pytest.mark.parametrize("role", ["kobe_operator", "kobe_official", "kobe_manager"])
def test_who_reads_the_record_sees_the_request(one_city: City, role: str) -> None:
    person = asked(one_city)
    desk = sit_down(one_city, role)
    number = str(person.stored()["kobe_receiptnumber"])
    assert number in desk.get(LIST).text
    page = desk.get(ONE, id=request_of(person)).text
    assert WHY in page
    assert ("Erase the record and tell the person" in page) == (role == "kobe_official")
    details = desk.records("details", id=str(person.record)).text
    assert "asked for the erasure of this record" in details


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_reads_no_record_sees_none(one_city: City, role: str) -> None:
    desk = sit_down(one_city, role)
    assert desk.get(LIST).status_code == 403
    assert desk.get(ONE, id=request_of(asked(one_city))).status_code == 403


def test_what_is_due_first_comes_first_and_decided_last(either_city: City) -> None:
    people = [asked(either_city) for _ in range(3)]
    caller = either_city.caller("kobe_official")
    request = people[0].city.requests(people[0].record)[-1].id
    either_city.engine.run(
        lambda s: deciding.refuse(s, caller, request, answer="保存義務があります。")
    )
    found, _ = either_city.engine.run(lambda s: read_requests(s, caller))
    states = [one.row.state for one in found]
    assert states == sorted(states, key=lambda state: state != "REQUESTED")
    assert request in [one.row.id for one in found if not one.is_open]


def test_who_reads_what_a_person_wrote_is_noted(either_city: City) -> None:
    person = asked(either_city)
    [request] = either_city.requests(person.record)
    official = either_city.caller("kobe_official")
    found = either_city.engine.run(lambda s: read_request(s, official, request.id))
    assert found.statement == WHY
    noted = [one for one in entries(either_city.engine) if one["action"] == "read_request"]
    assert [one["record"] for one in noted][-1] == person.record.hex


def test_it_stays_closed_to_whom_personal_data_is_closed(either_city: City) -> None:
    person = asked(either_city)
    [request] = either_city.requests(person.record)
    untrained = replace(either_city.caller("kobe_operator"), closed="training")
    found = either_city.engine.run(lambda s: read_request(s, untrained, request.id))
    assert (found.is_there, found.statement, found.answer) == (True, "", "")


def test_erased_and_told(either_city: City) -> None:
    person = asked(either_city)
    address, number = (str(person.stored()[one]) for one in ("kobe_email", "kobe_receiptnumber"))
    assert decide(sit_down(either_city, "kobe_official"), person, "erase") == 303
    assert either_city.intake.record(person.record) is None
    [request] = either_city.requests(person.record)
    assert (request.state, request.decided_by_name) == ("DONE", "kobe_official@example.jp")
    [mail] = either_city.mails_about(person.record)
    assert (mail.to, "消去が完了" in mail.subject, number in mail.body) == (address, True, True)
    assert person.client.get("/own").status_code == 403
    official, operator = (either_city.caller(one) for one in ("kobe_official", "kobe_operator"))
    found = either_city.engine.run(lambda s: read_request(s, official, request.id))
    assert (found.is_there, found.statement) == (False, "")
    with pytest.raises(RecordNotFound):
        either_city.engine.run(lambda s: read_request(s, operator, request.id))


def test_refused_with_a_reason_and_told(either_city: City) -> None:
    person, reason = asked(either_city), "規程により3年間の保存が必要です。"
    desk = sit_down(either_city, "kobe_official")
    assert decide(desk, person, "refuse", answer="") == 400
    assert decide(desk, person, "refuse", answer="x" * 1001) == 400
    assert decide(desk, person, "refuse", answer="\x01") == 400
    assert decide(desk, person, "refuse", answer=reason) == 303
    [request] = either_city.requests(person.record)
    assert request.state == "REFUSED"
    assert reason.encode() not in request.answer
    mail = either_city.mails_about(person.record)[-1]
    assert (mail.to, reason in mail.body) == (person.stored()["kobe_email"], True)
    assert reason in desk.get(ONE, id=str(request.id)).text
    assert "/own/erasure" in person.page().links, "it may be asked for again"


def test_it_is_decided_once(either_city: City) -> None:
    person = asked(either_city)
    [request], caller = either_city.requests(person.record), either_city.caller("kobe_official")
    version = person.stored()["versionnumber"]
    refuse = lambda s: deciding.refuse(s, caller, request.id, answer="x")  # noqa: E731
    either_city.engine.run(refuse)
    with pytest.raises(ConcurrencyConflict):
        either_city.engine.run(refuse)
    with pytest.raises(ConcurrencyConflict):
        either_city.engine.run(lambda s: deciding.erase(s, caller, request.id, version=version))
    assert either_city.intake.record(person.record) is not None


def test_what_changed_since_it_was_looked_at_is_not_erased(either_city: City) -> None:
    """Somebody has just withdrawn a wish, or begun a support."""
    person, desk = asked(either_city), sit_down(either_city, "kobe_official")
    held = hidden_of(desk.get(ONE, id=request_of(person)).text, "erase")
    either_city.give(person.record, kobe_nickname="花子")
    assert desk.post(f"{LIST}erase/", **held, proof=PASSWORD).status_code == 303
    assert either_city.intake.record(person.record) is not None
    assert either_city.requests(person.record)[0].state == "REQUESTED"


@pytest.mark.parametrize("act", ["erase", "refuse"])
def test_who_may_not_delete_decides_nothing(one_city: City, act: str) -> None:
    person, version = asked(one_city), 1
    desk = sit_down(one_city, "kobe_operator")
    data = {"id": request_of(person), "version": str(version), "answer": "x", "proof": PASSWORD}
    assert desk.post(f"{LIST}{act}/", **data).status_code == 403
    assert one_city.requests(person.record)[0].state == "REQUESTED"


def no_delete(caller: Caller) -> Caller:
    held = {key: level for key, level in caller.privileges.items() if key[1] != Privilege.DELETE}
    return replace(caller, privileges=held)


@pytest.mark.parametrize(
    "changed",
    [no_delete, lambda caller: replace(caller, supporter=caller)],
    ids=["without Delete", "in a support session"],
)
def test_nor_does_who_acts_for_another(
    one_city: City, changed: Callable[[Caller], Caller]
) -> None:
    person, caller = asked(one_city), changed(one_city.caller("kobe_official"))
    [request] = one_city.requests(person.record)
    for act in (
        lambda s: deciding.erase(s, caller, request.id, version=1),
        lambda s: deciding.refuse(s, caller, request.id, answer="x"),
    ):
        with pytest.raises(AccessDenied):
            one_city.engine.run(act)


def test_what_is_done_already_is_not_decided_on(one_city: City) -> None:
    person = Applicant.of(one_city).enter()
    person.send("/withdraw")
    [request], caller = one_city.requests(person.record), one_city.caller("kobe_official")
    with pytest.raises(RecordNotFound):
        one_city.engine.run(lambda s: deciding.erase(s, caller, request.id, version=1))


def test_a_deletion_by_the_office_answers_the_request(either_city: City) -> None:
    person, desk = asked(either_city), sit_down(either_city, "kobe_official")
    page = f"/admin/t/{ENTITY}/delete/?id={person.record}"
    desk.post(page, **hidden_of(desk.get(page).text, "delete"))
    [request] = either_city.requests(person.record)
    assert (request.state, request.decided_by_name) == ("DONE", "kobe_official@example.jp")


def test_what_applicants_did_is_on_the_record_s_page_and_in_its_history(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    person.correct(kobe_phone="06-6208-8181")
    person.send("/withdraw", statement=WHY)
    details = sit_down(either_city, "kobe_operator").records("details", id=str(person.record)).text
    assert "本人による訂正：電話番号" in details
    assert "本人による取下げ" in details
    assert WHY in details
    assert "06-6208-8181" not in details, "masked as ever"
    auditor = sit_down(either_city, "auditor")
    history = auditor.get(f"/admin/audit/record/{ENTITY}/{person.record}/").text
    assert history.count("The applicant") >= 2
    assert "Applicant opened their application" in history


def test_notes_belong_to_whoever_owns_the_record(either_city: City) -> None:
    """An official who gave it to another unit took its notes along from then on."""
    person = Applicant.of(either_city).enter()
    person.correct(kobe_nickname="花子")
    table = either_city.engine.catalog.tables.entities["kobe_application_activity"]
    with either_city.engine.database.reading() as connection:
        rows = connection.execute(table.select().where(table.c.kobe_regarding == person.record))
        owners = {row.ownerid for row in rows}
    assert owners == {person.stored()["ownerid"]}


@pytest.mark.parametrize("status", [COMPLETED, WITHDRAWN])
def test_what_is_ended_can_still_be_followed_and_erased(one_city: City, status: int) -> None:
    person = Applicant.of(one_city).enter()
    one_city.give(person.record, statuscode=status)
    person.send("/erasure")
    assert decide(sit_down(one_city, "kobe_official"), person, "erase") == 303
    assert one_city.intake.record(person.record) is None


def test_the_office_is_told_that_somebody_was_faster(either_city: City) -> None:
    """The applicant's change is one like any other to who edits meanwhile."""
    person, desk = Applicant.of(either_city).enter(), sit_down(either_city, "kobe_official")
    page = f"/admin/t/{ENTITY}/edit/?id={person.record}"
    held = hidden_of(desk.get(page).text, "edit")
    person.correct(kobe_nickname="花子")
    stored = {name: str(value or "") for name, value in person.stored().items() if name in FORM}
    changed = {**stored, "kobe_nickname": "事務局の名前", **held}
    assert desk.post(page, **changed).status_code == 409
    assert person.stored()["kobe_nickname"] == "花子"


FORM = {
    *("kobe_organizationname", "kobe_nickname", "kobe_email", "kobe_phone", "kobe_websiteurl"),
    *("kobe_catchphrase", "kobe_category", "kobe_body", "kobe_language", "statuscode"),
}
