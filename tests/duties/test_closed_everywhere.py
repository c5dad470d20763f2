"""As long as a pledge or a training is owed no personal data opens, whatever the role would show:
not by any route, in answers or in questions; every page says why and what to do."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from models.metadata.errors import AccessDenied
from models.metadata.query import Condition, Filter, Operator, Query
from models.security import column_security
from models.security.privileges import NO_FIELD_RIGHTS
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PERSONAL, Office
from tests.duties.owing import owe_pledge, owe_training, settle

OWING = {"pledge": owe_pledge, "training": owe_training}
REASONS = {
    "pledge": "the pledge has not been given",
    "training": "more than 12 months have passed since your training",
}
DONE = {"pledge": 'href="/admin/pledge/"', "training": "ask your system administrator"}
ROLES = ["kobe_operator", "kobe_official"]
RECORD = f"/admin/t/{ENTITY}/"


@pytest.fixture(scope="module")
def record(any_office: Office) -> UUID:
    return any_office.apply()


@pytest.fixture(params=OWING)
def owed(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=ROLES)
def desk(any_office: Office, owed: str, request: pytest.FixtureRequest) -> Iterator[Desk]:
    found = sit_down(any_office, request.param)
    OWING[owed](any_office, found.role)
    if owed == "pledge":
        found.get("/admin/pledge/")
    yield found
    settle(any_office, found.role)


def test_every_page_that_would_show_it_says_why_and_what_to_do(
    desk: Desk, record: UUID, owed: str
) -> None:
    pages = {"list": RECORD, "details": f"{RECORD}details/?id={record}"}
    pages["edit"] = f"{RECORD}edit/?id={record}"
    if desk.role == "kobe_official":
        pages |= {"new": f"{RECORD}new/", "export": "/admin/export/"}
    for name, path in pages.items():
        answer = desk.get(path)
        assert answer.status_code == 200, name
        assert REASONS[owed] in answer.text, name
        assert DONE[owed] in answer.text, name
        for value in PERSONAL.values():
            assert value not in answer.text, name
        assert "•••" not in answer.text, name
        assert 'name="kobe_email"' not in answer.text, name


def test_a_value_is_not_revealed_and_the_refusal_says_why(
    desk: Desk, record: UUID, owed: str
) -> None:
    sent = {"id": str(record), "attribute": "kobe_phone", "purpose_text": "点検"}
    answer = desk.send("reveal", **sent)
    assert answer.status_code == 403
    assert REASONS[owed] in answer.text


def test_it_is_not_searched_by(desk: Desk, record: UUID, owed: str) -> None:
    assert "kobe_phone" not in desk.records().text.partition("search-attribute")[2]
    for value in (PERSONAL["kobe_phone"], "080-2222-3333"):
        sent = {"attribute": "kobe_phone", "value": value, "view": f"{ENTITY}_all"}
        answer = desk.send("search", **sent)
        assert (answer.status_code, REASONS[owed] in answer.text) == (403, True)


def test_it_is_not_changed(desk: Desk, record: UUID, owed: str) -> None:
    """A control that the page does not have is not listened to."""
    page = desk.records("edit", id=str(record)).text
    version = page.partition('name="version" value="')[2].partition('"')[0]
    sent = {"id": str(record), "version": version, "kobe_phone": "080-9999-0000"}
    desk.send("edit", **sent)
    settle(desk.office, desk.role)
    caller = desk.office.caller("kobe_official")
    value = desk.office.engine.run(lambda s: s.retrieve(caller, ENTITY, record))["kobe_phone"]
    assert value != "080-9999-0000"


def test_it_is_not_exported(any_office: Office, record: UUID, owed: str) -> None:
    desk = sit_down(any_office, "kobe_official")
    OWING[owed](any_office, "kobe_official")
    desk.get("/admin/pledge/")
    chosen = {"view": f"{ENTITY}_all", "columns": ["kobe_nickname", "kobe_email", "kobe_phone"]}
    stated = {"purpose": "点検", "recipient": "担当", "encoding": "utf-8-sig", "job": str(uuid4())}
    answer = desk.post("/admin/export/", **chosen, **stated)
    for value in PERSONAL.values():
        assert value.encode() not in answer.data
    settle(any_office, "kobe_official")


@pytest.mark.parametrize("role", ROLES)
def test_the_engine_itself_refuses(any_office: Office, record: UUID, role: str, owed: str) -> None:
    """Whatever a page forgets."""
    OWING[owed](any_office, role)
    caller, engine = any_office.caller(role), any_office.engine
    entity = engine.catalog.entity(ENTITY)
    assert caller.closed == owed
    for name in ("kobe_email", "kobe_phone"):
        attribute = entity.attributes[name]
        assert column_security.rights(caller, entity, attribute) == NO_FIELD_RIGHTS
        equal = Filter((Condition(name, Operator.EQUAL, PERSONAL[name]),))
        empty = Filter((Condition(name, Operator.NOT_NULL),))
        for query in (
            Query(entity=ENTITY, columns=(name,)),
            Query(entity=ENTITY, filter=equal),
            Query(entity=ENTITY, filter=empty),
        ):
            with pytest.raises(AccessDenied):
                engine.run(lambda s, q=query: s.retrieve_multiple(caller, q))  # type: ignore[misc]
        with pytest.raises(AccessDenied):
            engine.run(lambda s, n=name: s.reveal(caller, ENTITY, record, n, purpose="点検"))  # type: ignore[misc]
    found = engine.run(lambda s: s.retrieve(caller, ENTITY, record))
    assert found["kobe_catchphrase"], "everything else is as before"
    assert not {"kobe_email", "kobe_phone"} & found.keys()
    settle(any_office, role)


@pytest.mark.parametrize(
    ("entity", "values", "closed"),
    [
        ("kobe_hearing", {"kobe_subject": "聞き取り"}, "kobe_details"),
        (f"{ENTITY}_activity", {"kobe_subject": "電話"}, "kobe_description"),
    ],
)
def test_sealed_texts_about_people_are_closed_as_well(
    any_office: Office,
    record: UUID,
    owed: str,
    entity: str,
    values: dict[str, object],
    closed: str,
) -> None:
    lookup = {"kobe_hearing": ENTITY}.get(entity, "kobe_regarding")
    given = values | {lookup: record, closed: "神戸花子さんの電話は078-331-4649"}
    engine, official = any_office.engine, any_office.caller("kobe_official")
    [one] = engine.run(lambda s: s.create_multiple(official, entity, [given]))
    OWING[owed](any_office, "kobe_official")
    caller = any_office.caller("kobe_official")
    found = engine.run(lambda s: s.retrieve(caller, entity, one))
    assert found["kobe_subject"] == values["kobe_subject"]
    assert closed not in found
    with pytest.raises(AccessDenied):
        engine.run(lambda s: s.retrieve(caller, entity, one, columns=[closed]))
    desk = sit_down(any_office, "kobe_official")
    desk.get("/admin/pledge/")
    page = desk.get(f"/admin/t/{entity}/details/?id={one}").text
    assert "078-331-4649" not in page
    assert REASONS[owed] in page
    assert "078-331-4649" not in desk.get(f"{RECORD}details/?id={record}").text
    settle(any_office, "kobe_official")


def test_who_supports_somebody_sees_no_more_than_both(any_office: Office, owed: str) -> None:
    OWING[owed](any_office, "kobe_operator")
    closed = any_office.caller("kobe_operator")
    settle(any_office, "kobe_operator")
    entity = any_office.engine.catalog.entity(ENTITY)
    attribute = entity.attributes["kobe_email"]
    official = any_office.caller("kobe_official")
    assert column_security.rights(official, entity, attribute).read
    for caller in (replace(closed, supporter=official), replace(official, supporter=closed)):
        assert column_security.rights(caller, entity, attribute) == NO_FIELD_RIGHTS


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_sees_none_anyway_is_told_nothing(any_office: Office, role: str, owed: str) -> None:
    desk = sit_down(any_office, role)
    OWING[owed](any_office, role)
    desk.get("/admin/pledge/")
    assert REASONS[owed] not in desk.get("/admin/").text
    settle(any_office, role)
