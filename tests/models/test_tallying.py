"""Tallies are what plain Python reckons from the records that the caller can retrieve, for every
caller, question and span of time, on either database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.dashboards import Span
from models.metadata.errors import AccessDenied, DefinitionError
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.spans import Spans, after, begin_of, last_spans
from models.records.tallying import Tally, Totals, may_tally
from models.security.caller import Caller
from models.security.privileges import AccessLevel, FieldRights, Unmasked
from tests.models.office import member, office, system

LIMIT, PERSON = "tst_limit", "tst_person"
OPTIONS = ["tst_color", "tst_agreed", "statuscode", "statecode"]
TIMES = ["tst_day", "tst_hour", "tst_moment"]
SUMS = ["", "tst_age", "tst_share", "tst_price"]
LARGEST = 2**63 - 1
MOMENTS = [
    datetime(2026, 3, 29, 14, 59, 59, 999999, tzinfo=UTC),  # the last of a Sunday in Japan
    datetime(2026, 3, 29, 15, 0, tzinfo=UTC),  # and the first of Monday
    datetime(2025, 12, 31, 14, 59, 59, tzinfo=UTC),  # the last second of a year there
    datetime(2025, 12, 31, 15, 0, tzinfo=UTC),
    datetime(2024, 2, 29, 3, 0, tzinfo=UTC),
    datetime(1948, 5, 1, 15, 30, tzinfo=UTC),  # clocks in Japan were an hour ahead that summer
]
TODAYS = [
    date(2026, 3, 29), date(2026, 3, 30), date(2026, 4, 6), date(2026, 1, 1),
    date(2025, 12, 31), date(2024, 3, 1), date(1948, 5, 10),
]  # fmt: skip
LIMITS = st.fixed_dictionaries(
    {
        "tst_short": st.just("一"),
        "tst_agreed": st.booleans(),
        "tst_color": st.sampled_from([None, 1, 2, 3]),
        "tst_hour": st.sampled_from([None, *MOMENTS]),
        "tst_moment": st.sampled_from([None, *MOMENTS]),
        "tst_day": st.sampled_from([None, *(moment.date() for moment in MOMENTS)]),
        "tst_age": st.sampled_from([None, 0, 1, 150]),
        "tst_share": st.sampled_from([None, Decimal("0.5"), Decimal("99.5")]),
        "tst_price": st.sampled_from([None, -LARGEST, -1, 0, 7, LARGEST]),
        "statuscode": st.sampled_from([1, 2]),
    }
)
SPANS = st.builds(
    last_spans,
    st.sampled_from(TIMES),
    st.sampled_from(list(Span)),
    last=st.integers(1, 120),
    today=st.sampled_from(TODAYS),
)
QUESTIONS = st.builds(
    Tally,
    query=st.sampled_from(
        [
            Query(entity=LIMIT),
            Query(entity=LIMIT, filter=Filter((Condition("tst_agreed", Operator.EQUAL, True),))),
            Query(entity=LIMIT, filter=Filter((Condition("statuscode", Operator.IN, (1, 2)),))),
        ]
    ),
    by=st.tuples()
    | st.tuples(st.sampled_from(OPTIONS))
    | st.tuples(SPANS)
    | st.tuples(SPANS, st.sampled_from(OPTIONS)),
    total_of=st.sampled_from(SUMS),
) | st.builds(
    Tally,
    query=st.just(Query(entity=LIMIT)),
    by=st.tuples() | st.tuples(st.sampled_from(OPTIONS)) | st.tuples(SPANS),
    average_of=st.sampled_from([one for one in SUMS if one]),
)


@pytest.fixture(scope="module")
def running(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("tallying")) as engine:
        yield engine


@pytest.fixture(scope="module")
def callers(running: RecordEngine) -> list[Caller]:
    levels = [AccessLevel.GLOBAL, AccessLevel.DEEP, AccessLevel.LOCAL, AccessLevel.BASIC]
    return [member(running, "東区", level=level) for level in levels]


def told(engine: RecordEngine, caller: Caller, asked: Tally) -> Totals:
    return engine.run(lambda service: service.tally(caller, asked))


def reckoned(engine: RecordEngine, caller: Caller, asked: Tally) -> Totals:
    """From the records one by one."""
    if asked.average_of:
        return averaged(engine, caller, asked)
    names = [one.attribute if isinstance(one, Spans) else one for one in asked.by]
    columns = tuple(dict.fromkeys([*names, *([asked.total_of] if asked.total_of else [])]))
    query = replace(asked.query, columns=columns, page_size=5000)
    page = engine.run(lambda service: service.retrieve_multiple(caller, query))
    found: dict[tuple[object, ...], int | Decimal] = {} if asked.by else {(): 0}
    for record in page.records:
        group = tuple(
            span_of(one, record[one.attribute]) if isinstance(one, Spans) else record[one]
            for one in asked.by
        )
        if "outside" in group:
            continue
        value = record[asked.total_of] if asked.total_of else 1
        assert value is None or isinstance(value, int | Decimal)
        found[group] = found.get(group, 0) + (value or 0)
    return found


def averaged(engine: RecordEngine, caller: Caller, asked: Tally) -> Totals:
    """By the sum of the values and their count, to a place more than they have."""
    places = {"tst_age": "0.1", "tst_share": "0.01", "tst_price": "0.1"}
    there = Condition(asked.average_of, Operator.NOT_NULL)
    query = replace(asked.query, filter=Filter((asked.query.filter, there)))
    counts = reckoned(engine, caller, replace(asked, query=query, average_of=""))
    sums = reckoned(
        engine, caller, replace(asked, query=query, average_of="", total_of=asked.average_of)
    )
    return {
        group: (Decimal(sums[group]) / count).quantize(
            Decimal(places[asked.average_of]), ROUND_HALF_UP
        )
        for group, count in counts.items()
        if count
    }


def span_of(spans: Spans, value: object) -> object:
    """The first day of the span, found by counting days; not as the service finds it."""
    zone = UTC if spans.attribute == "tst_moment" else LOCAL_ZONE
    day = value.astimezone(zone).date() if isinstance(value, datetime) else value
    if not isinstance(day, date) or not spans.edges[0] <= day < spans.edges[-1]:
        return "outside"
    return max(edge for edge in spans.edges if edge <= day)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    east=st.lists(LIMITS, max_size=25),
    west=st.lists(LIMITS, max_size=15),
    questions=st.lists(QUESTIONS, min_size=1, max_size=12),
)
def test_as_reckoned_by_hand(
    running: RecordEngine,
    callers: list[Caller],
    east: list[dict[str, object]],
    west: list[dict[str, object]],
    questions: list[Tally],
) -> None:
    """And whoever reaches a unit's records only has that unit's numbers."""
    made = [*fill(running, "東区", east), *fill(running, "西区", west)]
    try:
        for caller in callers:
            for asked in questions:
                assert told(running, caller, asked) == reckoned(running, caller, asked)
    finally:
        gone = [Deletion(one) for one in made]
        running.run(lambda s: s.delete_multiple(system(running), LIMIT, gone))


def fill(engine: RecordEngine, unit: str, batch: list[dict[str, object]]) -> list[UUID]:
    caller = system(engine, unit)
    return engine.run(lambda service: service.create_multiple(caller, LIMIT, batch))


@given(
    day=st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    each=st.sampled_from(list(Span)),
    last=st.integers(1, 120),
)
def test_spans_follow_one_another(day: date, each: Span, last: int) -> None:
    spans = last_spans("tst_day", each, last=last, today=day)
    assert len(spans.first_days) == last
    assert spans.edges[-2] <= day < spans.edges[-1]
    for begin, end in zip(spans.edges, spans.edges[1:], strict=False):
        assert begin_of(begin, each) == begin
        assert begin_of(end - timedelta(days=1), each) == begin
        assert after(begin, each) == end
        assert begin.weekday() == 0 or each is not Span.WEEK
        assert begin.day == 1 or each is not Span.MONTH


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (MOMENTS[0], date(2026, 3, 23)),
        (MOMENTS[1], date(2026, 3, 30)),
        (MOMENTS[3], date(2025, 12, 29)),  # the week in which the year changes, whole
    ],
)
def test_a_week_begins_on_monday_in_japan(
    running: RecordEngine, moment: datetime, week: date
) -> None:
    [made] = fill(running, "東区", [{"tst_short": "週", "tst_agreed": True, "tst_hour": moment}])
    spans = last_spans("tst_hour", Span.WEEK, last=30, today=date(2026, 4, 2))
    asked = Tally(query=Query(entity=LIMIT, ids=(made,)), by=(spans,))
    assert told(running, system(running), asked) == {(week,): 1}


@pytest.mark.parametrize(
    "asked",
    [
        Tally(query=Query(entity=LIMIT), by=("tst_short",)),
        Tally(query=Query(entity=LIMIT), by=("tst_hour",)),
        Tally(query=Query(entity=LIMIT), by=("tst_nothing",)),
        Tally(query=Query(entity=LIMIT), by=("ownerid",)),
        Tally(query=Query(entity=LIMIT), by=(Spans("tst_color", (date.min, date.max)),)),
        Tally(query=Query(entity=LIMIT), total_of="tst_short"),
        Tally(query=Query(entity=LIMIT), average_of="tst_short"),
        Tally(query=Query(entity="tst_thing"), average_of="tst_secret_decimal"),
        Tally(query=Query(entity="tst_thing"), total_of="tst_secret_decimal"),
        Tally(query=Query(entity="tst_thing"), by=("tst_secret_boolean",)),
    ],
)
def test_only_options_times_and_numbers(running: RecordEngine, asked: Tally) -> None:
    """Texts and people would make a list of a chart; sealed values are not there."""
    with pytest.raises(DefinitionError):
        told(running, system(running), asked)


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        (FieldRights(), False),
        (FieldRights(read=True), False),
        (FieldRights(read=True, unmasked=Unmasked.ONE_RECORD), False),
        (FieldRights(read=True, unmasked=Unmasked.ALL_RECORDS), True),
    ],
)
def test_what_is_secured_is_added_up_for_whom_sees_it_in_every_record(
    running: RecordEngine, rights: FieldRights, may: bool
) -> None:
    """A sum over a filter of one record is that record's value."""
    caller = member(running, fields=rights)
    asked = Tally(query=Query(entity=PERSON), total_of="tst_grade")
    average = Tally(query=Query(entity=PERSON), average_of="tst_grade")
    assert may_tally(running.catalog, caller, asked) is may
    assert may_tally(running.catalog, caller, average) is may
    if may:
        assert told(running, caller, asked) == {(): 0}
        assert told(running, caller, average) == {}, "nothing has no average"
        return
    for one in (asked, average):
        with pytest.raises(AccessDenied):
            told(running, caller, one)


def test_who_may_not_read_the_entity_is_told_nothing(running: RecordEngine) -> None:
    caller, asked = member(running, privileges={}), Tally(query=Query(entity=LIMIT))
    assert not may_tally(running.catalog, caller, asked)
    with pytest.raises(AccessDenied):
        told(running, caller, asked)
