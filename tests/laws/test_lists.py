"""The law of lists: whoever asks, in whichever order, a page that is found owner by owner and
business unit by business unit is the page of the plain clause; and pages laid end to end lose and
double nothing, there and back.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, select, true, update

from models.metadata.query import Condition, Filter, Link, Operator, Order, Page, Query
from models.records import nearest
from models.records.engine import RecordEngine
from models.records.keyset import Walk
from models.records.selecting import QueryCompiler
from models.records.service import RecordService
from models.security import visibility
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from models.tables.base import utc_now
from tests.laws.any_world import STATUSES, worlds
from tests.laws.building import ENTITY, Built
from tests.laws.worlds import Group, Person, RoleGiven, World
from tests.models.office import SYSTEM
from tests.models.outcomes import result_of

EVERY_SHAPE = list(HealthCheck)
LATER = 3
"""Records are created at so many moments: some share one."""
OTHER_ORDERS = st.lists(
    st.builds(Order, st.sampled_from(["statuscode", "ownerid", "tst_fullname"]), st.booleans()),
    max_size=2,
    unique_by=lambda one: one.attribute,
)
BY_STATUS = st.builds(
    lambda operator, value: Filter((Condition("statuscode", operator, value),)),
    st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL]),
    st.sampled_from(STATUSES),
)
BY_STATUS_1 = Filter((Condition("statuscode", Operator.EQUAL, 1),))
BY_TIME = st.builds(
    lambda operator: Filter((Condition("createdon", operator, utc_now().isoformat()),)),
    st.sampled_from([Operator.GREATER, Operator.LESS_OR_EQUAL]),
)


@st.composite
def lists(draw: st.DrawFn) -> Query:
    order = (Order("createdon", draw(st.booleans())), *draw(OTHER_ORDERS))
    part = draw(st.just(Filter()) | BY_STATUS | BY_TIME)
    size = draw(st.integers(1, 3))
    return Query(entity=ENTITY, columns=("statuscode",), order=order, filter=part, page_size=size)


OFFICE = World(
    parents=[None, 0, 1],
    people=[Person("person 0", 1), Person("person 1", 0)],
    groups=[Group(f"unit {n}", n, set(), is_default=True) for n in range(3)],
    roles=[
        RoleGiven({Privilege.READ: AccessLevel.DEEP}, {0}, set()),
        RoleGiven({Privilege.READ: AccessLevel.BASIC}, {1}, set()),
    ],
    owners=["unit 1", "person 0", "unit 2", "person 1", "unit 0", "unit 2", "unit 1"],
    shares=[(3, "person 0", {Privilege.READ}), (1, "person 1", {Privilege.READ})],
    depth=0,
)
NEWEST_FIRST = Query(
    entity=ENTITY,
    columns=("statuscode",),
    order=(Order("createdon", descending=True),),
    page_size=2,
)


def moved_in_time(built: Built, moments: list[int]) -> None:
    """Created at moments of their own instead of all at once."""
    table = built.service.unit.store.table(built.service.catalog.entity(ENTITY))
    for number, record in enumerate(built.records):
        moment = utc_now() + timedelta(days=moments[number % len(moments)] - 1)
        built.write(update(table).where(table.c.id == record).values(createdon=moment))


def readers(built: Built) -> Iterator[Caller]:
    """Everyone who may read, and each of them with another person acting as them."""
    found = [built.caller(n) for n in range(len(built.world.people))]
    let_in = [one for one in found if one is not None]
    for one in let_in:
        yield from (one, *(replace(one, supporter=other) for other in let_in if other != one))


def in_plain_order(service: RecordService, caller: Caller, query: Query) -> list[UUID]:
    """All at once, by the clause alone."""
    everything = QueryCompiler(service.catalog, caller, lambda *_: []).stream(query)
    return [row[0] for row in service.transaction.read(everything.statement)]


def walked(service: RecordService, caller: Caller, query: Query) -> tuple[list[UUID], list[UUID]]:
    """Page by page to the end, and from there back to the beginning."""
    pages = [service.retrieve_multiple(caller, query)]
    while pages[-1].next is not None:
        pages.append(service.retrieve_multiple(caller, replace(query, after=pages[-1].next)))
    assert {len(page.records) for page in pages[:-1]} <= {query.page_size}
    back = [pages[-1]]
    while (token := back[0].previous) is not None:
        back.insert(
            0, service.retrieve_multiple(caller, replace(query, after=token, backwards=True))
        )
    return ids_of(pages), ids_of(back)


def ids_of(pages: list[Page]) -> list[UUID]:
    return [record["id"] for page in pages for record in page.records]  # type: ignore[misc]


@settings(max_examples=30, suppress_health_check=EVERY_SHAPE)
@given(worlds(), lists(), st.lists(st.integers(0, LATER), min_size=1, max_size=6))
@example(OFFICE, NEWEST_FIRST, [0, 1, 1, 2])
def test_pages_end_to_end_are_what_the_clause_reaches(
    engine: RecordEngine, world: World, query: Query, moments: list[int]
) -> None:
    def ask(service: RecordService) -> list[object]:
        built = Built(service, world)
        moved_in_time(built, moments)
        wrong: list[object] = []
        for caller in readers(built):
            if caller.has(ENTITY, Privilege.READ):
                expected = in_plain_order(service, caller, query)
                there, back = walked(service, caller, query)
                wrong += [(caller, expected, there, back)] * (
                    expected != there or expected != back
                )
        return wrong

    assert result_of(engine, ask) == []


def a_reader(service: RecordService) -> Caller:
    caller = Built(service, OFFICE).caller(0)
    assert caller is not None
    return caller


def statement_of(service: RecordService, caller: Caller, query: Query) -> str:
    statement = QueryCompiler(service.catalog, caller, lambda *_: []).page(query).statement
    literal = {"literal_binds": True, "render_postcompile": True}
    return str(statement.compile(service.transaction.connection, compile_kwargs=literal))


BY_OWNER = Filter((Condition("ownerid", Operator.EQUAL, UUID(int=1)),))
BY_LOOKUP = Filter((Filter((Condition("tst_superior", Operator.NULL),), "or"),))
BY_NAME = Filter((Condition("tst_fullname", Operator.BEGINS_WITH, "世"),))


@pytest.mark.parametrize(
    ("changes", "is_walked"),
    [
        ({}, True),
        ({"order": (Order("createdon"), Order("statuscode"))}, True),
        ({"filter": BY_NAME}, True),
        ({"links": (Link("tst_superior"),)}, True),
        ({"links": (Link("tst_superior", inner=True),)}, False),
        ({"order": ()}, False),
        ({"order": (Order("statuscode"), Order("createdon"))}, False),
        ({"filter": BY_OWNER}, False),
        ({"filter": BY_LOOKUP}, False),
        ({"ids": (UUID(int=1),)}, False),
    ],
)
def test_a_list_is_walked_unless_something_else_finds_it_faster(
    engine: RecordEngine, changes: dict[str, Any], is_walked: bool
) -> None:
    def ask(service: RecordService) -> tuple[str, str]:
        query = replace(NEWEST_FIRST, **changes)
        return (
            statement_of(service, a_reader(service), query),
            statement_of(service, SYSTEM, query),
        )

    mine, of_everything = result_of(engine, ask)  # type: ignore[misc]
    assert ("UNION" in mine) is is_walked
    assert "UNION" not in of_everything


def test_more_ways_than_can_be_walked_are_one_clause(engine: RecordEngine) -> None:
    def ask(service: RecordService) -> list[bool]:
        caller = replace(a_reader(service), teams=frozenset(), shared_entities=frozenset())
        found = []
        for count in (nearest.MOST_WAYS - 1, nearest.MOST_WAYS):
            units = frozenset(UUID(int=n) for n in range(count))
            wide = replace(caller, business_unit=UUID(int=0), units_below=units)
            page = service.retrieve_multiple(wide, NEWEST_FIRST)
            assert len(page.records) == 1  # one's own
            found.append("UNION" in statement_of(service, wide, NEWEST_FIRST))
        return found

    assert result_of(engine, ask) == [True, False]


class Lying(visibility.Way):
    """A way that leads to everything."""

    def singly(self) -> list[ColumnElement[bool]]:
        return [true()]


def test_whatever_the_ways_lead_to_must_pass_the_clause(engine: RecordEngine) -> None:
    def ask(service: RecordService) -> tuple[set[UUID], set[UUID]]:
        caller, query = a_reader(service), replace(NEWEST_FIRST, page_size=9)
        entity = service.catalog.entity(ENTITY)
        table = service.unit.store.table(entity)
        visible = visibility.visible(service.catalog, caller, Privilege.READ, entity, table=table)
        ways = tuple(Lying(way.column, way.keys) for way in visible.ways)
        lying = visibility.Visible(ways, visible.besides)
        asked = nearest.Asked(true(), "")
        found = nearest.matching(table, lying, asked, walk=Walk.of(query, entity))
        listed = set(service.transaction.read(select(table.c.id).where(found)).scalars())
        return listed, set(in_plain_order(service, caller, query))

    listed, reached = result_of(engine, ask)  # type: ignore[misc]
    assert listed == reached
    assert len(listed) == 6


@pytest.mark.parametrize("filter", [Filter(), BY_STATUS_1])
def test_each_way_is_read_from_its_index_alone(engine: RecordEngine, filter: Filter) -> None:
    """On SQLite, which says so; PostgreSQL chooses by how many there are."""

    def ask(service: RecordService) -> list[str]:
        caller = replace(a_reader(service), shared_entities=frozenset())
        statement = statement_of(service, caller, replace(NEWEST_FIRST, filter=filter))
        plan = service.transaction.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        return [row[3] for row in plan if ENTITY in row[3]]

    if not engine.database.is_sqlite:
        return
    plan = result_of(engine, ask)
    one, *ways = plan  # type: ignore[misc]
    assert one == f"SEARCH {ENTITY} USING INDEX sqlite_autoindex_{ENTITY}_1 (id=?)"
    assert len(ways) == 4  # oneself, one's team, the business unit, the one below it
    assert all(f"SEARCH {ENTITY} USING COVERING INDEX ix_{ENTITY}_" in way for way in ways)
