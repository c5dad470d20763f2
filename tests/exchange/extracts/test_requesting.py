"""What a request states, and what is refused before it is made."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from exchange.extracts import requesting
from exchange.extracts.states import State
from exchange.orders import LONGEST_KEPT, Door
from models.metadata.errors import AccessDenied, DefinitionError, ValidationFailed
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.engine import RecordEngine
from models.security.contracts import today
from models.security.privileges import AccessLevel, Miscellaneous, Unmasked
from models.tables.extracts import Extract, ExtractRecords
from tests.exchange.extracts.office import THING, asked, kept_ids, order, things
from tests.exchange.extracts.people import MAY_DECIDE, hire

EVERYTHING_ELSE = tuple(set(Miscellaneous) - {Miscellaneous.EXPORT})


def entries(engine: RecordEngine) -> int:
    with engine.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(Extract)) or 0


def test_it_says_who_asked_for_what_and_for_how_long(engine: RecordEngine) -> None:
    extraction = asked(engine, things(engine, "い", "ろ"), format="xlsx", view="tst_some_view")
    row = extraction.row
    assert (row.door, row.state, row.entity) == (Door.REQUEST, State.REQUESTED, THING)
    assert (row.view, row.format, row.count) == ("tst_some_view", "xlsx", 2)
    assert row.keep_until == today() + timedelta(days=30)
    assert (row.requested_by, row.organization) == (extraction.requester.id, "東区")
    assert row.requested_by_name == extraction.requester.caller.name
    assert (row.columns, row.personal) == (
        '["tst_name", "tst_email", "tst_phone"]',
        '["tst_email", "tst_phone"]',
    )


@pytest.mark.parametrize(
    ("stated", "codes"),
    [
        ({"purpose": " \t"}, [("purpose", "required")]),
        ({"recipient": ""}, [("recipient", "required")]),
        ({"purpose": "あ" * 201}, [("purpose", "too_long")]),
        ({"keep_until": None}, [("keep_until", "required")]),
        ({"keep_until": today() - timedelta(days=1)}, [("keep_until", "day_past")]),
        (
            {"keep_until": today() + timedelta(days=LONGEST_KEPT + 1)},
            [("keep_until", "day_too_far")],
        ),
        (
            {"purpose": "", "recipient": "", "keep_until": None},
            [("purpose", "required"), ("recipient", "required"), ("keep_until", "required")],
        ),
    ],
)
def test_what_must_be_stated(
    engine: RecordEngine, stated: dict[str, Any], codes: Sequence[tuple[str, str]]
) -> None:
    caller, ids, before = hire(engine).caller, things(engine, "い"), entries(engine)
    with pytest.raises(ValidationFailed) as refusal:
        requesting.request(engine, caller, order(ids, **stated))
    assert [(p.attribute, p.code) for p in refusal.value.problems] == codes
    assert entries(engine) == before


@pytest.mark.parametrize("day", [0, 1, LONGEST_KEPT])
def test_today_is_not_past_and_a_year_is_not_too_long(engine: RecordEngine, day: int) -> None:
    keep_until = today() + timedelta(days=day)
    assert asked(engine, things(engine, "い"), keep_until=keep_until).state == State.REQUESTED


@pytest.mark.parametrize("privileges", [(), EVERYTHING_ELSE, MAY_DECIDE])
def test_the_right_to_export_is_the_right_to_ask(
    engine: RecordEngine, privileges: tuple[Miscellaneous, ...]
) -> None:
    caller, ids, before = hire(engine, privileges).caller, things(engine, "い"), entries(engine)
    with pytest.raises(AccessDenied):
        requesting.request(engine, caller, order(ids))
    assert entries(engine) == before


def test_columns_out_of_sight_cannot_be_asked_for(engine: RecordEngine) -> None:
    person = hire(engine)
    person.see(read=False, unmasked=Unmasked.NO)
    with pytest.raises(AccessDenied):
        requesting.request(engine, person.caller, order(things(engine, "い")))


@pytest.mark.parametrize("changes", [{"format": "ods"}, {"columns": ("tst_nothing",)}])
def test_what_is_unknown_is_refused(engine: RecordEngine, changes: dict[str, Any]) -> None:
    with pytest.raises(DefinitionError):
        requesting.request(engine, hire(engine).caller, order(things(engine, "い"), **changes))


def test_of_nothing_there_is_no_request(engine: RecordEngine) -> None:
    before = entries(engine)
    with pytest.raises(ValidationFailed) as refusal:
        requesting.request(engine, hire(engine).caller, order([]))
    assert [problem.code for problem in refusal.value.problems] == ["no_records"]
    assert entries(engine) == before


def test_it_is_of_the_records_of_its_moment_that_the_requester_sees(engine: RecordEngine) -> None:
    """By the view's filter; not of what comes later, nor of another unit's."""
    name = "この瞬間の記録"
    things(engine, name, name, "別の記録")
    wanted = Filter((Condition("tst_name", Operator.EQUAL, name),))
    query = Query(entity=THING, columns=("tst_name", "tst_email"), filter=wanted)
    extraction = asked(engine, [], query=query)
    things(engine, name)
    assert extraction.row.count == kept_ids(engine, extraction.id) == 2
    west = hire(engine, unit="西区")
    west.reach(AccessLevel.LOCAL)
    with pytest.raises(ValidationFailed):
        requesting.request(engine, west.caller, order([], query=query))


def test_ids_of_a_request_that_failed_belong_to_nothing(engine: RecordEngine) -> None:
    """They are tidied away within the hour (see test_expiring)."""
    caller, ids = hire(engine).caller, things(engine, "い")
    with pytest.raises(DefinitionError):
        requesting.request(engine, caller, order(ids, format=""))
    left = select(ExtractRecords.extract_id).where(
        ExtractRecords.extract_id.not_in(select(Extract.id))
    )
    with engine.database.reading() as connection:
        assert connection.scalars(left).all() == [], "refused before the first id was kept"
