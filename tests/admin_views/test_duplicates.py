"""Likely duplicates in the back office: told while entering, listed, dismissed, merged; and as an
attacker would try to."""

import re
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from jobs.duplicates import FIND, find_duplicates
from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.records.changes import Change
from models.security.caller import Caller
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import ENTITY, TESTING, Office, application, build_office

NUMBERS = count(1)
CASE = re.compile(r'<section class="desk pair".*?</section>', re.DOTALL)
SEEING = Caller.system("test")


def idea() -> dict[str, object]:
    """What nobody else applies with."""
    number = next(NUMBERS)
    return {
        "kobe_email": f"idea{number}@example.jp",
        "kobe_phone": f"078-331-{number:04}",
        "kobe_catchphrase": f"読み聞かせ {number}",
        "kobe_nickname": f"はな{number}",
    }


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Of these tests' own: they write many records."""
    return build_office(tmp_path_factory.mktemp("duplicates"))


@pytest.fixture
def official(office: Office) -> Desk:
    return sit_down(office, "kobe_official")


@pytest.fixture
def operator(office: Office) -> Desk:
    return sit_down(office, "kobe_operator")


def sent(**values: object) -> dict[str, str]:
    return {name: str(value) for name, value in application(**values).items()}


def stored(office: Office, record: UUID) -> dict[str, object]:
    return office.engine.run(lambda s: s.retrieve(SEEING, ENTITY, record))


def count_of(office: Office) -> int:
    table = office.engine.catalog.tables.entities[ENTITY]
    with office.engine.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def look(office: Office) -> None:
    """The job, done."""
    job = ClaimedJob(uuid4(), FIND, FIND, None, utc_now(), None, None, 1, "")
    find_duplicates(office.engine, Mailer(TESTING), job)


def pair(office: Office, **second: object) -> tuple[UUID, UUID]:
    same = idea()
    return office.apply(**same), office.apply(**same | second)


def cases(desk: Desk) -> str:
    """All pages of the list, in one."""
    found, after = "", ""
    while True:
        page = desk.records("duplicates", after=after).text
        found += "".join(CASE.findall(page))
        further = re.search(r'rel="next" href="[^"]*after=([^"]+)"', page)
        if further is None:
            return found
        after = further.group(1)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"kobe_email": None}, "Same e-mail"),
        ({"kobe_phone": None}, "Same telephone number"),
        ({"kobe_catchphrase": None, "kobe_nickname": None}, "Same catchphrase and name"),
    ],
)
def test_whoever_enters_one_like_it_is_asked(
    office: Office, official: Desk, changed: dict[str, None], rule: str
) -> None:
    present, new = idea(), idea()
    record = office.apply(**present)
    values = sent(**new | {name: present[name] for name in changed}, kobe_body="消えない文")
    before = count_of(office)
    answer = official.send("new", **values)
    assert answer.status_code == 409
    assert [rule] == re.findall(r"<h3>([^<]+)</h3>", answer.text)
    assert f"id={record}" in answer.text
    assert str(stored(office, record)["kobe_receiptnumber"]) in answer.text
    assert "消えない文" in answer.text
    assert values["kobe_email"] in answer.text
    assert count_of(office) == before
    again = official.send("new", **values, **seen(answer.text))
    assert again.status_code == 302
    assert count_of(office) == before + 1


def seen(page: str) -> dict[str, str]:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return {"seen": found.group(1)}


def test_one_that_was_not_shown_is_shown_first(office: Office, official: Desk) -> None:
    same = idea()
    office.apply(**same)
    page = official.send("new", **sent(**same)).text
    later = office.apply(**same)
    answer = official.send("new", **sent(**same), **seen(page))
    assert answer.status_code == 409
    assert f"id={later}" in answer.text
    for made_up in ("yes", "1", later.hex[:-1], ","):
        assert official.send("new", **sent(**same), seen=made_up).status_code == 409


def test_however_it_is_typed(office: Office, official: Desk) -> None:
    office.apply(
        **idea() | {"kobe_catchphrase": "コドモ食堂・ひらきます", "kobe_nickname": "ハナコ"}
    )
    other = idea() | {"kobe_catchphrase": "ｺﾄﾞﾓ 食堂ひらきます", "kobe_nickname": "はなこ"}
    assert official.send("new", **sent(**other)).status_code == 409


def test_what_is_wrong_is_told_first(office: Office, official: Desk) -> None:
    same = idea()
    office.apply(**same)
    answer = official.send("new", **sent(**same, kobe_body=""))
    assert answer.status_code == 400
    assert "There are records like this one" not in answer.text


def test_one_that_waits_for_its_confirmation_is_no_duplicate(
    office: Office, official: Desk
) -> None:
    same = idea()
    office.apply(**same, statuscode=1)
    assert official.send("new", **sent(**same)).status_code == 302


def test_changes_are_asked_about_too(office: Office, official: Desk) -> None:
    there, record = idea(), office.apply(**idea())
    other = office.apply(**there)
    page = official.records("edit", id=str(record)).text
    form = hidden_of(page, "edit") | {"kobe_email": there["kobe_email"]}
    kept = stored(office, record)
    for name in ("kobe_nickname", "kobe_phone", "kobe_catchphrase", "kobe_category", "kobe_body"):
        form[name] = str(kept[name])
    form |= {"statuscode": "2", "kobe_stage": "1", "kobe_language": "ja"}
    form.pop("csrf_token", None)
    answer = official.send("edit", **form)
    assert answer.status_code == 409
    assert f"id={other}" in answer.text
    assert stored(office, record) == kept
    answer = official.send("edit", **form, **seen(answer.text))
    assert answer.status_code == 302
    assert stored(office, record)["kobe_email"] == there["kobe_email"]


def test_the_operator_is_told_of_their_own_units_only(office: Office, operator: Desk) -> None:
    """By e-mail and telephone number too: they may search by both, one record at a time."""
    official = office.caller("kobe_official")
    assert official.id is not None
    mine, theirs = pair(office)
    owner = official.id
    office.engine.run(lambda s: s.assign_multiple(official, ENTITY, [theirs], owner=owner))
    look(office)
    assert f"id={theirs}" not in cases(operator)
    assert f"id={theirs}" in cases(sit_down(office, "kobe_official"))
    form = {"id": str(mine), "other": str(theirs)}
    assert operator.records("merge", **form).status_code == 404
    assert operator.send("merge", **form, master="first").status_code == 404
    assert operator.send("duplicates", act="dismiss", pair=f"{mine}.{theirs}").status_code == 404
    assert f"id={theirs}" in cases(sit_down(office, "kobe_official"))


def test_rules_about_values_one_may_not_ask_for_are_not_told(office: Office) -> None:
    """The manager reads every application, and no address: not that two are the same either."""
    same_mail = idea()
    office.apply(**same_mail)
    office.apply(**idea() | {"kobe_email": same_mail["kobe_email"]})
    same_idea = pair(office)
    look(office)
    found = cases(sit_down(office, "kobe_manager"))
    assert f"id={same_idea[0]}" in found
    assert "Same e-mail" not in found
    assert "Same telephone number" not in found
    assert "Same e-mail" in cases(sit_down(office, "kobe_official"))


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_the_pages_are_for_those_who_read(office: Office, role: str) -> None:
    first, second = pair(office)
    desk = sit_down(office, role)
    assert desk.records("duplicates").status_code == 403
    assert desk.records("merge", id=str(first), other=str(second)).status_code == 403


def test_who_only_reads_merges_and_dismisses_nothing(office: Office) -> None:
    first, second = pair(office)
    look(office)
    manager = sit_down(office, "kobe_manager")
    page = manager.records("duplicates").text
    assert "Compare and merge" not in page
    both = {"id": str(first), "other": str(second)}
    assert manager.records("merge", **both).status_code == 403
    assert manager.send("merge", **both).status_code == 403
    for act in ("dismiss", "find"):
        assert manager.send("duplicates", act=act, pair=f"{first}.{second}").status_code == 403


def test_a_pair_that_is_none_is_dismissed_for_good(office: Office, operator: Desk) -> None:
    first, second = pair(office)
    look(office)
    assert f"id={second}" in cases(operator)
    answer = operator.send("duplicates", act="dismiss", pair=f"{first}.{second}")
    assert answer.status_code == 303
    look(office)
    assert f"id={second}" not in cases(operator)


@pytest.mark.parametrize(
    "made_up", ["", "x", "1.2", f"{UUID(int=1)}.{UUID(int=2)}", "' OR 1=1 --"]
)
def test_made_up_pairs_are_not_found(operator: Desk, made_up: str) -> None:
    assert operator.send("duplicates", act="dismiss", pair=made_up).status_code == 404
    assert operator.records("duplicates", after=made_up).status_code == 200
    assert operator.records("merge", id=made_up, other=made_up).status_code == 404


def test_it_may_be_looked_for_now(office: Office, operator: Desk) -> None:
    for _ in range(2):
        assert operator.send("duplicates", act="find").status_code == 303
    statement = select(func.count()).where(SystemJob.kind == FIND, SystemJob.state == "READY")
    with office.engine.database.reading() as connection:
        assert connection.scalar(statement) == 1


@pytest.fixture
def two(office: Office) -> tuple[UUID, UUID]:
    return pair(office, kobe_nickname="二人目", kobe_organizationname="二人目の会")


def form_of(desk: Desk, first: UUID, second: UUID) -> dict[str, str]:
    page = desk.records("merge", id=str(first), other=str(second)).text
    form = hidden_of(page, "merge")
    form.pop("csrf_token", None)
    return form | dict(re.findall(r'name="([\w-]+)" value="(\w+)" checked', page))


def test_merging_side_by_side(office: Office, official: Desk, two: tuple[UUID, UUID]) -> None:
    form = form_of(official, *two)
    assert form["master"] == "first"
    assert form["keep-kobe_nickname"] == "first"
    assert form["keep-kobe_organizationname"] == "second", "the older one has none"
    assert not {"keep-statuscode", "keep-kobe_receiptnumber", "keep-createdon"} & form.keys()
    answer = official.send("merge", **form | {"keep-kobe_nickname": "second"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"id={two[0]}")
    master, other = (stored(office, one) for one in two)
    assert (master["kobe_nickname"], master["kobe_organizationname"]) == ("二人目", "二人目の会")
    assert (other["statecode"], other["statuscode"]) == (1, 6)
    page = official.records("details", id=str(two[1])).text
    assert "This record was merged into another." in page
    assert f"id={two[0]}" in page.split("merged into another")[1]
    assert official.send("merge", **form).status_code in {400, 409}


def test_masked_values_are_chosen_by_side_unseen(office: Office) -> None:
    """The operator sees no address, and may not change one: it stays the master's."""
    first, second = pair(office, kobe_email="secret.second@example.jp")
    operator = sit_down(office, "kobe_operator")
    page = operator.records("merge", id=str(first), other=str(second)).text
    assert "secret.second" not in page
    assert 'name="keep-kobe_email"' not in page
    form = form_of(operator, first, second) | {"keep-kobe_email": "second"}
    assert operator.send("merge", **form).status_code == 303
    assert stored(office, first)["kobe_email"] != "secret.second@example.jp"


def test_whoever_compared_an_older_version_compares_again(
    office: Office, official: Desk, two: tuple[UUID, UUID]
) -> None:
    form = form_of(official, *two)
    caller = office.caller("kobe_official")
    change = [Change(two[1], {"kobe_nickname": "三人目"})]
    office.engine.run(lambda s: s.update_multiple(caller, ENTITY, change))
    answer = official.send("merge", **form | {"master": "second"})
    assert answer.status_code == 409
    assert "三人目" in answer.text
    assert re.search(r'id="master-second"[^>]* checked', answer.text)
    assert stored(office, two[1])["statecode"] == 0
    assert (
        official.send("merge", **form | {"version-first": "", "version-second": "x"}).status_code
        == 409
    )


def test_one_that_waits_is_not_merged(office: Office, official: Desk) -> None:
    first, second = pair(office, statuscode=1)
    answer = official.send("merge", **form_of(official, first, second))
    assert answer.status_code == 400
    assert "waits for its confirmation" in answer.text
    assert stored(office, second)["statuscode"] == 1


def test_lists_lead_there_where_there_are_rules(official: Desk) -> None:
    assert f"/admin/t/{ENTITY}/duplicates/" in official.records().text
    hearings = official.get("/admin/t/kobe_hearing/").text
    assert "/duplicates/" not in hearings
    for page in ("duplicates", "merge"):
        assert official.get(f"/admin/t/kobe_hearing/{page}/").status_code == 404
