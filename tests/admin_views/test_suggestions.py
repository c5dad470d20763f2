"""Who might join in: suggestions on a record's page, what points to it, and the way to a match."""

import re
from uuid import UUID

import pytest

from models.records.changes import Change
from models.security.caller import Caller
from models.security.principals import owning
from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, Office, build_office

CHILDREN, OLDER, NEAR, FAR, HANDS, PLACE = (
    *(927000000, 927000001),
    *(927000103, 927000109),
    *(927000200, 927000201),
)
RULE = "kobe_cooperators_who_fit"


def cooperator(office: Office, name: str, unit: str = "運営事務局", **values: object) -> UUID:
    given = {
        "kobe_name": name,
        "kobe_email": f"c{abs(hash(name))}@example.jp",
        "kobe_categories": [CHILDREN],
        "kobe_areas": [NEAR],
        "kobe_offers": [HANDS],
        "statuscode": 2,
        **values,
    }
    with office.engine.database.snapshot() as connection:
        caller = owning(connection, Caller.system("tests"), unit)
    return office.engine.run(lambda s: s.create_multiple(caller, "kobe_cooperator", [given]))[0]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = build_office(tmp_path_factory.mktemp("suggestions"))
    cooperator(office, "ひとつだけ", kobe_areas=[FAR], kobe_offers=[PLACE])
    cooperator(office, "みっつとも", kobe_areas=[NEAR, FAR])
    cooperator(office, "ふたつまで", kobe_offers=[PLACE])
    cooperator(office, "何もなし", kobe_categories=[OLDER], kobe_areas=[FAR], kobe_offers=[PLACE])
    cooperator(office, "休止中の会", statuscode=3)
    cooperator(office, "市だけの協力者", unit="企画調整局つなぐラボ")
    return office


@pytest.fixture(scope="module")
def idea(office: Office) -> UUID:
    record = office.apply(kobe_category=CHILDREN)
    learnt = Change(record, {"kobe_areas": [NEAR], "kobe_wanted": [HANDS]})
    caller = office.caller("kobe_official")
    office.engine.run(lambda s: s.update_multiple(caller, ENTITY, [learnt]))
    return record


def suggested(office: Office, role: str, idea: UUID) -> list[str]:
    page = sit_down(office, role).records("suggestions", id=str(idea), rule=RULE)
    assert page.status_code == 200
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page.text)


def test_most_in_common_comes_first(office: Office, idea: UUID) -> None:
    assert suggested(office, "kobe_operator", idea) == ["みっつとも", "ふたつまで", "ひとつだけ"]


def test_everybody_is_suggested_whom_they_may_read(office: Office, idea: UUID) -> None:
    assert "市だけの協力者" in suggested(office, "kobe_official", idea)
    desk = sit_down(office, "auditor")
    assert desk.records("suggestions", id=str(idea), rule=RULE).status_code == 403


def test_a_record_without_values_asks_for_them(office: Office) -> None:
    bare = office.apply(kobe_category=OLDER, kobe_catchphrase="地域のお年寄りと話したい")
    assert suggested(office, "kobe_operator", bare) == ["何もなし"]


@pytest.mark.parametrize("rule", ["", "kobe_nothing", "kobe_applications_that_fit"])
def test_rules_of_others_are_not_found(office: Office, idea: UUID, rule: str) -> None:
    desk = sit_down(office, "kobe_operator")
    assert desk.records("suggestions", id=str(idea), rule=rule).status_code == 404


def test_a_suggestion_leads_to_a_match_with_both_chosen(office: Office, idea: UUID) -> None:
    desk = sit_down(office, "kobe_operator")
    page = desk.records("suggestions", id=str(idea), rule=RULE).text
    (address, *_) = re.findall(r'href="(/admin/t/kobe_match/new/[^"]+)"', page)
    form = desk.get(address.replace("&amp;", "&")).text
    chosen = set(re.findall(r'<option selected value="([^"]+)"', form))
    assert str(idea) in chosen
    other = UUID(re.findall(r"kobe_cooperator=([0-9a-f-]{36})", address)[0])
    assert str(other) in chosen
    values = {"kobe_subject": "こども食堂の手伝い", "kobe_application": str(idea)}
    sent = desk.post("/admin/t/kobe_match/new/", **values, kobe_cooperator=str(other))
    assert sent.status_code == 302
    page = desk.records("suggestions", id=str(idea), rule=RULE).text
    assert "Proposed already" in page
    assert f"kobe_cooperator={other}" not in page


def test_a_record_tells_what_points_to_it(office: Office, idea: UUID) -> None:
    desk = sit_down(office, "kobe_operator")
    page = desk.records("details", id=str(idea)).text
    matches = page[page.index('id="grid-kobe_match-kobe_application"') :]
    assert "こども食堂の手伝い" in matches[: matches.index("</section>")]
    hearings = page[page.index('id="grid-kobe_hearing-kobe_application"') :]
    assert f"/admin/t/kobe_hearing/new/?kobe_application={idea}" in hearings
    assert "Cooperators who fit" in page


def test_who_may_not_read_them_is_not_told(office: Office, idea: UUID) -> None:
    page = sit_down(office, "kobe_manager").records("details", id=str(idea)).text
    assert "kobe_hearing" not in page
    assert "kobe_match" not in page
    assert 'id="grid-kobe_call-kobe_application"' in page
    assert "kobe_call/new" not in page
