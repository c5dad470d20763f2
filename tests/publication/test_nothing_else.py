"""What any public address answers holds allowed attributes of allowed records, and nothing else.

Each attribute of each record holds a marker of its own, so that whatever is told tells where it is
from; every address of the map is asked for every record.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from models.metadata.attribute_types.references import FileValue
from models.metadata.errors import AccessDenied
from models.metadata.query import Condition, Filter, Link, Operator, Order, Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.contracts import today
from models.security.publications import through
from models.tables.base import table_of
from models.tables.intake import RateLimit
from tests.models.office import system
from tests.public_views.intake import Intake
from tests.publication.town import (
    ENTITY,
    LIST,
    NUMBERS,
    VIEW,
    end_all,
    give,
    new,
    publish,
    visitor,
)

MARK = re.compile(r"mark-(\d+)-(\w+?)-end")
TOLD_BY_MARK = {"tst_name", "tst_memo", "tst_url"}
NONCE = re.compile(r'nonce="[^"]*"')
STATUSES, OPEN_STATUSES = (1, 2, 3), {2, 3}
WORDS = ("q", "filter", "sort", "columns", "select", "order", "id", "view", "expand", "all")


@pytest.fixture(scope="module")
def live(either_town: Intake) -> Intake:
    end_all(either_town.engine)
    publish(either_town.engine)
    return either_town


def marked(engine: RecordEngine, number: int, **values: object) -> UUID:
    """A record with a marker in every attribute that can hold one."""
    given: dict[str, object] = {
        name: f"mark-{number}-{name}-end" for name in ("tst_name", "tst_memo", "tst_secret_memo")
    }
    given |= {
        "tst_code": f"mark-{number}-tst_code-end{uuid4().hex}",
        "tst_email": f"mark-{number}-tst_email-end@example.jp",
        "tst_url": f"https://example.jp/mark-{number}-tst_url-end",
        "tst_phone": "078-331-8181",
        "tst_money": Decimal("918273"),
        "tst_secret_integer": 918273645,
        "tst_secret_date": date(1923, 9, 1),
        "tst_identifier": uuid4(),
        "tst_file": FileValue(f"mark-{number}-tst_file-end.txt", "text/plain", b"x"),
    }
    return new(engine, **given | values)


GUARDED = ("918273", "1923-09-01", "331-8181", "3318181", "tst_secret", "tst_code", "tst_email")


def addresses(records: list[UUID]) -> Iterator[str]:
    """Every public address there is, with every record, and with all that might be asked."""
    yield from (LIST, f"{LIST}/feed.atom", f"{LIST}/records.json")
    yield from (f"{LIST}?category={one}" for one in (1, 2, 3))
    yield from (f"{LIST}/{record}" for record in records)
    for word in WORDS:
        yield f"{LIST}?{word}=tst_secret_memo"
        yield f"{LIST}/records.json?{word}=tst_code"


def told(client: FlaskClient, path: str) -> tuple[int, str]:
    answer = client.get(path, buffered=True)
    assert answer.status_code in {200, 404}, path
    return answer.status_code, answer.text


def clear_counters(town: Intake) -> None:
    town.engine.database.run(lambda t: t.write(delete(table_of(RateLimit))))


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(STATUSES),
        st.sampled_from([True, False, None]),
        st.sampled_from([None, -1, 0, 1]),
    ),
    max_size=6,
)
"""Each with its status, its flag, and in how many days its last day is."""


def last_day(distance: int | None) -> date | None:
    return None if distance is None else today() + timedelta(days=distance)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=RECORDS)
def test_of_any_records_the_world_sees_the_published_ones_and_of_them_what_is_named(
    live: Intake, drawn: list[tuple[int, bool | None, int | None]]
) -> None:
    clear_counters(live)
    made = {
        (number := next(NUMBERS)): (
            marked(
                *(live.engine, number),
                **{"statuscode": status, "tst_boolean": flag, "tst_date": last_day(days)},
            ),
            status in OPEN_STATUSES and flag is True and days != -1,
        )
        for status, flag, days in drawn
    }
    client, seen = visitor(live), set()
    for path in addresses([record for record, _ in made.values()]):
        status, text = told(client, path)
        found = {(int(number), name) for number, name in MARK.findall(text)}
        assert {name for _, name in found} <= TOLD_BY_MARK, path
        assert not [one for one in GUARDED if one in text], path
        seen |= {number for number, _ in found} & made.keys()
        for record, is_public in made.values():
            if path.endswith(str(record)):
                assert status == (200 if is_public else 404)
            if not is_public:
                assert str(record) not in text or path.endswith(str(record))
    assert seen == {number for number, (_, is_public) in made.items() if is_public}


def test_no_id_is_worth_trying(live: Intake) -> None:
    """Unknown, draft, of another entity, no id at all: the same answer."""
    draft = new(live.engine, statuscode=1)
    case = live.engine.run(
        lambda s: s.create_multiple(system(live.engine), "tst_case", [{"tst_title": "案件"}])
    )[0]
    client = visitor(live)
    answers = {
        NONCE.sub("", client.get(path).text)
        for path in (
            f"{LIST}/{draft}",
            f"{LIST}/{case}",
            f"{LIST}/{uuid4()}",
            f"{LIST}/nothing",
            "/public/kobe_application",
            f"/public/kobe_application/{draft}",
            "/public/tst_nothing/records.json",
            f"{LIST}?after=nothing",
            f"{LIST}?category=99",
            f"{LIST}?category=x",
            f"{LIST}?category={'9' * 5000}",
            f"{LIST}?category=-1",
            f"{LIST}?category=",
            f"{LIST}/records.json?after=%00",
        )
    }
    assert len(answers) == 1
    assert "ページが見つかりません" in answers.pop()


def test_what_was_public_and_is_not_any_more_is_gone_at_once(live: Intake) -> None:
    record, client = new(live.engine), visitor(live)
    assert client.get(f"{LIST}/{record}").status_code == 200
    give(live.engine, record, tst_boolean=False)
    assert client.get(f"{LIST}/{record}").status_code == 404
    assert str(record) not in client.get(f"{LIST}/records.json").text


def test_a_moment_ends_it_as_well_as_a_day(live: Intake) -> None:
    """Asked of the database, and of a record's values before it is let out."""
    view = replace(live.engine.catalog.public_views[VIEW], until="tst_time")
    told = set()
    for minutes in (-1, 1, None):
        moment = None if minutes is None else datetime.now(UTC) + timedelta(minutes=minutes)
        record = new(live.engine, tst_time=moment)
        values = live.engine.run(
            lambda s, one=record: s.retrieve(system(live.engine), ENTITY, one)
        )
        asked = Query(entity=ENTITY, columns=("tst_name",), ids=(record,))
        found = live.engine.run(lambda s, q=asked: s.retrieve_multiple(through(view).caller, q))
        assert bool(found.records) is view.lets_out(values)
        told |= {minutes} if found.records else set()
    assert told == {1, None}


@pytest.fixture(scope="module")
def world(live: Intake) -> Caller:
    return through(live.engine.catalog.public_views[VIEW]).caller


def test_a_faulty_page_could_show_no_more(live: Intake, world: Caller) -> None:
    """The clause and the columns are the caller's: whatever is asked of the service."""
    draft = new(live.engine, statuscode=1)
    shown = new(live.engine, tst_code="secret-code")

    def ask(**asked: object) -> list[dict[str, object]]:
        query = Query(entity=ENTITY, **asked)  # type: ignore[arg-type]
        return live.engine.run(lambda s: s.retrieve_multiple(world, query)).records

    assert ask(ids=(draft,), columns=("tst_name",)) == []
    [record] = ask(ids=(shown,))
    assert record.keys() - {"id"} == live.engine.catalog.public_views[VIEW].attributes
    condition = Filter((Condition("tst_code", Operator.EQUAL, "secret-code"),))
    for asked in (
        {"columns": ("tst_code",)},
        {"filter": condition},
        {"order": (Order("tst_code"),)},
        {"columns": ("tst_secret_memo",)},
        {"columns": ("createdby",)},
        {"links": (Link("tst_parent", ("tst_title",)),)},
    ):
        with pytest.raises(AccessDenied):
            ask(**asked)


@pytest.mark.parametrize("entity", ["tst_person", "tst_case", "kobe_application", "tst_rule"])
def test_nothing_of_another_entity_is_there(live: Intake, world: Caller, entity: str) -> None:
    with pytest.raises(AccessDenied):
        live.engine.run(lambda s: s.retrieve_multiple(world, Query(entity=entity)))


def test_the_world_changes_nothing(live: Intake, world: Caller) -> None:
    record = new(live.engine)
    for act in (
        lambda s: s.update_multiple(world, ENTITY, [Change(record, {"tst_name": "x"})]),
        lambda s: s.delete_multiple(world, ENTITY, [Deletion(record)]),
        lambda s: s.create_multiple(world, ENTITY, [{"tst_name": "x"}]),
        lambda s: s.reveal(world, ENTITY, record, "tst_email", purpose="x"),
    ):
        with pytest.raises(AccessDenied):
            live.engine.run(act)


def test_counting_tells_of_public_records_only(live: Intake, world: Caller) -> None:
    query = Query(entity=ENTITY)
    before = live.engine.run(lambda s: s.count_by(world, query, by=["tst_choice"]))
    new(live.engine, statuscode=1, tst_choice=1)
    after = live.engine.run(lambda s: s.count_by(world, query, by=["tst_choice"]))
    assert before == after
    with pytest.raises(AccessDenied):
        live.engine.run(lambda s: s.count_by(world, query, by=["statecode"]))


def test_dates_of_the_feed_are_the_records_own(live: Intake) -> None:
    moment = datetime(2026, 4, 1, 3, tzinfo=UTC)
    new(live.engine, tst_time=moment, tst_name="日付のあるもの")
    text = visitor(live).get(f"{LIST}/feed.atom").text
    assert "日付のあるもの" in text
    assert "2026-04-01T03:00:00+00:00" in text
