"""Grouped counts are what counting by hand gives, for every caller, on either database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import AccessDenied, DefinitionError
from models.metadata.query import Condition, Filter, Link, Operator, Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.privileges import AccessLevel, FieldRights, Unmasked
from tests.models.office import member, office, system

LIMIT, PERSON, NOTE = "tst_limit", "tst_person", "tst_note"
MOMENTS = [
    datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC),  # March in Japan, by a second
    datetime(2026, 3, 31, 15, 0, tzinfo=UTC),  # and April
    datetime(2026, 12, 31, 15, 0, tzinfo=UTC),  # the first of January there
    datetime(2024, 2, 29, 0, 0, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 30, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def filled(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("counting")) as engine:
        for unit, count in (("東区", 30), ("西区", 12)):
            caller = system(engine, unit)
            batch = [limit(number) for number in range(count)]
            engine.run(lambda s, c=caller, b=batch: s.create_multiple(c, LIMIT, b))
        yield engine


def limit(number: int) -> dict[str, object]:
    moment = MOMENTS[number % len(MOMENTS)]
    return {
        "tst_short": f"{number}",
        "tst_agreed": number % 3 == 0,
        "tst_color": number % 4 or None,
        "tst_hour": moment,
        "tst_moment": moment,
        "tst_day": date(2026, 1 + number % 12, 28) if number % 5 else None,
    }


def counted(
    engine: RecordEngine, caller: Caller, *by: str, **changes: object
) -> dict[object, int]:
    query = replace(Query(entity=LIMIT), **changes)  # type: ignore[arg-type]
    return dict(engine.run(lambda service: service.count_by(caller, query, by=by)))


def by_hand(engine: RecordEngine, caller: Caller, *by: str) -> dict[object, int]:
    query = Query(entity=LIMIT, columns=by, page_size=5000)
    page = engine.run(lambda service: service.retrieve_multiple(caller, query))
    return dict(Counter(tuple(told(n, one[n]) for n in by) for one in page.records))


def told(name: str, value: object) -> object:
    if isinstance(value, datetime):
        zone = UTC if name == "tst_moment" else LOCAL_ZONE
        return value.astimezone(zone).date().replace(day=1)
    return value.replace(day=1) if isinstance(value, date) else value


GROUPS = [
    ("tst_color",),
    ("tst_agreed",),
    ("statuscode",),
    ("statecode",),
    ("tst_day",),
    ("tst_hour",),
    ("tst_moment",),
    ("createdon",),
    ("tst_color", "tst_agreed"),
    ("tst_hour", "tst_color"),
    ("tst_day", "tst_moment", "statuscode"),
]


@pytest.mark.parametrize("by", GROUPS, ids=" × ".join)
@pytest.mark.parametrize("level", [AccessLevel.GLOBAL, AccessLevel.LOCAL])
def test_as_counted_by_hand(filled: RecordEngine, by: tuple[str, ...], level: AccessLevel) -> None:
    caller = member(filled, "東区", level=level)
    found = counted(filled, caller, *by)
    assert found == by_hand(filled, caller, *by)
    assert sum(found.values()) == (42 if level is AccessLevel.GLOBAL else 30)


def test_a_month_is_the_readers_own(filled: RecordEngine) -> None:
    """Except where the attribute is of UTC itself."""
    caller = system(filled)
    local = {group for (group,) in counted(filled, caller, "tst_hour")}
    assert local == {
        date(2026, 3, 1),
        date(2026, 4, 1),
        date(2027, 1, 1),
        date(2024, 2, 1),
        date(2000, 1, 1),
    }
    utc = {group for (group,) in counted(filled, caller, "tst_moment")}
    assert utc == {date(2026, 3, 1), date(2026, 12, 1), date(2024, 2, 1), date(1999, 12, 1)}


def test_the_querys_filter_counts(filled: RecordEngine) -> None:
    agreed = Filter((Condition("tst_agreed", Operator.EQUAL, True),))
    found = counted(filled, system(filled), "tst_agreed", filter=agreed)
    assert found == {(True,): 14}


def test_who_may_not_read_the_entity_counts_nothing(filled: RecordEngine) -> None:
    with pytest.raises(AccessDenied):
        counted(filled, member(filled, privileges={}), "tst_color")


def test_columns_and_order_of_the_query_do_not_matter(filled: RecordEngine) -> None:
    """A view's columns may be secret; who counts sees none of them."""
    found = counted(filled, system(filled), "tst_agreed", columns=("tst_short", "tst_long"))
    assert sum(found.values()) == 42


@pytest.mark.parametrize(
    "name",
    ["tst_short", "tst_age", "tst_price", "tst_colors", "tst_ident", "tst_address", "ownerid"],
)
def test_only_options_and_dates_are_counted_by(filled: RecordEngine, name: str) -> None:
    """Texts, numbers and people would make a list of a table; sealed values are not there."""
    with pytest.raises(DefinitionError):
        counted(filled, system(filled), name)


@pytest.mark.parametrize("by", [(), ("tst_nothing",)])
def test_something_known_is_counted_by(filled: RecordEngine, by: tuple[str, ...]) -> None:
    with pytest.raises(DefinitionError):
        counted(filled, system(filled), *by)


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        (FieldRights(), False),
        (FieldRights(read=True), False),
        (FieldRights(read=True, unmasked=Unmasked.ONE_RECORD), False),
        (FieldRights(read=True, unmasked=Unmasked.ALL_RECORDS), True),
    ],
)
def test_a_secured_attribute_is_counted_by_whom_sees_it_in_every_record(
    filled: RecordEngine, rights: FieldRights, may: bool
) -> None:
    """A count by value tells the value."""
    catalog = filled.catalog
    entity = catalog.entity(LIMIT)
    secured = replace(entity.attributes["tst_color"], secured=True)
    entities = {
        **catalog.entities,
        LIMIT: replace(entity, attributes={**entity.attributes, "tst_color": secured}),
    }

    class Secured:
        def current(self) -> object:
            return replace(catalog, entities=entities)

    engine = replace(filled, catalogs=Secured())  # type: ignore[arg-type]
    caller = member(engine, fields=rights)
    if may:
        assert sum(counted(engine, caller, "tst_color").values()) == 42
        return
    with pytest.raises(AccessDenied):
        counted(engine, caller, "tst_color")


def test_an_inner_link_counts_as_in_a_list(filled: RecordEngine) -> None:
    """Notes about people of that name, and no others."""
    caller = system(filled)

    def make(entity: str, **values: object) -> object:
        return filled.run(lambda s: s.create_multiple(caller, entity, [values]))[0]

    hana = make(PERSON, tst_fullname="花子")
    make(NOTE, tst_heading="一", tst_about=hana)
    make(NOTE, tst_heading="二")
    is_hana = Filter((Condition("tst_fullname", Operator.EQUAL, "花子"),))
    query = Query(entity=NOTE, links=(Link("tst_about", filter=is_hana, inner=True),))
    found = filled.run(lambda s: s.count_by(caller, query, by=["statuscode"]))
    assert dict(found) == {(1,): 1}
