"""The state machine: every step there is, and none besides; in the database, too."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from exchange.extracts.states import State, Step, found, was_taken
from exchange.orders import Door
from models.metadata.errors import ConcurrencyConflict, RecordNotFound
from models.records.engine import RecordEngine
from models.security.contracts import today
from models.tables.base import new_id, utc_now
from models.tables.extracts import Extract
from tests.exchange.extracts.office import Extraction, asked, ready, things
from tests.exchange.extracts.people import MAY_ASK, MAY_DECIDE, Person, hire

ALLOWED = {
    Door.REQUEST: {
        (State.REQUESTED, State.APPROVED),
        (State.REQUESTED, State.REJECTED),
        (State.REQUESTED, State.WITHDRAWN),
        (State.REQUESTED, State.EXPIRED),
        (State.APPROVED, State.BUILDING),
        (State.APPROVED, State.FAILED),
        (State.BUILDING, State.BUILDING),
        (State.BUILDING, State.READY),
        (State.BUILDING, State.FAILED),
        (State.READY, State.APPROVED),
        (State.READY, State.DOWNLOADED),
        (State.READY, State.EXPIRED),
        (State.DOWNLOADED, State.DELETED),
    },
    Door.PAGE: {
        (State.BUILDING, State.DOWNLOADED),
        (State.BUILDING, State.FAILED),
        (State.DOWNLOADED, State.DELETED),
    },
}
ALLOWED[Door.SHELL] = ALLOWED[Door.PERSON] = ALLOWED[Door.PAGE]
FINAL = {State.REJECTED, State.WITHDRAWN, State.EXPIRED, State.FAILED, State.DELETED}


@pytest.fixture(scope="module")
def pair(engine: RecordEngine) -> tuple[Person, Person]:
    return hire(engine, MAY_ASK), hire(engine, MAY_DECIDE)


def row_of(pair: tuple[Person, Person], **values: object) -> dict[str, object]:
    requester, approver = pair
    return {
        "id": new_id(),
        "door": Door.REQUEST,
        "state": State.REQUESTED,
        "entity": "tst_thing",
        "columns": "[]",
        "personal": "[]",
        "purpose": "試験",
        "recipient": "試験",
        "keep_until": today() + timedelta(days=9),
        "format": "csv",
        "requested_by": requester.id,
        "requested_by_name": "requester",
        "requested_on": utc_now(),
        "decided_by": approver.id,
        **values,
    }


def enter(engine: RecordEngine, row: dict[str, object]) -> UUID:
    engine.database.run(lambda transaction: transaction.write(insert(Extract), row))
    return UUID(str(row["id"]))


def state_of(engine: RecordEngine, extract_id: UUID) -> str:
    with engine.database.reading() as connection:
        return str(connection.scalar(select(Extract.state).where(Extract.id == extract_id)))


def take(engine: RecordEngine, extract_id: UUID, step: Step) -> bool:
    return engine.database.run(lambda transaction: was_taken(transaction, extract_id, step))


def test_the_steps_are_those_of_the_design() -> None:
    found_steps = {
        (door, before, step.after)
        for step in Step
        for door in step.doors
        for before in step.before
    }
    assert found_steps == {(door, *pair) for door, pairs in ALLOWED.items() for pair in pairs}
    assert not [step for step in Step if FINAL & set(step.before)], "what is over stays over"


@pytest.mark.parametrize("door", list(Door))
def test_from_every_state_every_step_and_no_other(
    engine: RecordEngine, pair: tuple[Person, Person], door: Door
) -> None:
    for state, step in product(State, Step):
        extract_id = enter(engine, row_of(pair, state=state, door=door))
        may = door in step.doors and state in step.before
        assert take(engine, extract_id, step) is may, (door, state, step)
        assert state_of(engine, extract_id) == (step.after if may else state)


def test_of_no_extract_there_is_no_step(engine: RecordEngine) -> None:
    assert [step for step in Step if take(engine, new_id(), step)] == []
    with pytest.raises(RecordNotFound):
        engine.database.run(lambda transaction: found(transaction, new_id()))


UNTHINKABLE: dict[str, Callable[[Any, Any], dict[str, object]]] = {
    "decided by who asked": lambda requester, _: {"decided_by": requester.id},
    "approved by nobody": lambda *_: {"state": State.APPROVED, "decided_by": None},
    "built without approval": lambda *_: {"state": State.BUILDING, "decided_by": None},
    "ready without approval": lambda *_: {"state": State.READY, "decided_by": None},
    "fetched without approval": lambda *_: {"state": State.DOWNLOADED, "decided_by": None},
    "rejected by nobody": lambda *_: {"state": State.REJECTED, "decided_by": None},
    "a state that is none": lambda *_: {"state": "DONE"},
}


@pytest.mark.parametrize("what", UNTHINKABLE)
def test_the_database_refuses_it_whoever_writes(
    engine: RecordEngine, pair: tuple[Person, Person], what: str
) -> None:
    with pytest.raises(IntegrityError):
        enter(engine, row_of(pair, **UNTHINKABLE[what](*pair)))


ACTS: dict[str, Callable[[Extraction], object]] = {
    "approve": Extraction.approve,
    "withdraw": Extraction.withdraw,
    "fetch": Extraction.fetch,
    "confirm": Extraction.confirm,
}
OPEN_TO = {
    "approve": {State.REQUESTED},
    "withdraw": {State.REQUESTED},
    "fetch": {State.READY},
    "confirm": {State.DOWNLOADED},
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_comes_at_the_wrong_time_changes_nothing(
    engine: RecordEngine, act: str
) -> None:
    ids = things(engine, "い")
    for state in set(State) - OPEN_TO[act]:
        extraction = asked(engine, ids)
        extraction.change(
            state=state,
            decided_by=extraction.approver.id,
            ready_on=utc_now(),
            downloaded_on=utc_now(),
        )
        before = extraction.row
        with pytest.raises(ConcurrencyConflict):
            ACTS[act](extraction)
        assert extraction.row == before, (act, state)


def test_building_begins_only_where_something_waits_to_be_built(engine: RecordEngine) -> None:
    ids = things(engine, "い")
    for state in set(State) - {State.APPROVED, State.BUILDING}:
        extraction = asked(engine, ids)
        extraction.change(state=state, decided_by=extraction.approver.id)
        before = extraction.row
        assert extraction.build().row == before
        assert extraction.acts() == [("request_extract", "ok")]


def test_building_twice_is_building_once(engine: RecordEngine) -> None:
    """A job that is done again finds nothing to do."""
    extraction = ready(engine, things(engine, "い"))
    before = extraction.row
    assert extraction.build().row == before
