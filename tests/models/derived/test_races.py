"""Many at once: whoever changes what points to one record, none of their parts is lost or counted
twice, and nobody waits for ever. Real threads, on both databases.
"""

import random
from uuid import UUID

import pytest

from models.metadata.errors import RecordNotFound
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.models.derived.plainly import wrong
from tests.models.test_concurrency import at_once

BILL, BUDGET = "val_bill", "val_budget"
THREADS, ACTS = 5, 12


@pytest.fixture
def budgets(engine: RecordEngine, maker: Caller) -> list[UUID]:
    return engine.run(lambda s: s.create_multiple(maker, BUDGET, [{}] * 3))


def test_what_many_change_at_once_is_rolled_up_whole(
    engine: RecordEngine, maker: Caller, budgets: list[UUID]
) -> None:
    """Create, change, give away, delete: each thread its own bills, all of the same budgets."""

    def works(seed: int) -> None:
        chance, mine = random.Random(seed), list[UUID]()
        for _ in range(ACTS):
            budget = chance.choice(budgets)
            values = {"val_budget": budget, "val_count": chance.randint(1, 9), "val_price": 7}
            act = chance.choice(["create", "create", "change", "delete"])
            if act == "create" or not mine:
                rows = [values, values | {"val_budget": chance.choice(budgets)}]
                mine += engine.run(lambda s, rows=rows: s.create_multiple(maker, BILL, rows))
            elif act == "change":
                change = Change(chance.choice(mine), values)
                engine.run(lambda s, c=change: s.update_multiple(maker, BILL, [c]))
            else:
                gone = Deletion(mine.pop())
                engine.run(lambda s, d=gone: s.delete_multiple(maker, BILL, [d]))

    done = at_once(*(lambda seed=seed: works(seed) for seed in range(THREADS)))
    assert done == ["done"] * THREADS
    assert not wrong(engine)


def test_one_who_edits_the_record_and_those_who_point_to_it_are_in_nobodys_way(
    engine: RecordEngine, maker: Caller, budgets: list[UUID]
) -> None:
    budget = budgets[0]

    def bills() -> None:
        for _ in range(ACTS):
            row = {"val_budget": budget, "val_count": 1, "val_price": 10}
            engine.run(lambda s, row=row: s.create_multiple(maker, BILL, [row]))

    def edits() -> None:
        for version in range(1, ACTS + 1):
            change = Change(budget, {"val_limit": version * 100}, version)
            engine.run(lambda s, c=change: s.update_multiple(maker, BUDGET, [c]))

    assert at_once(bills, edits, bills) == ["done"] * 3
    found = engine.run(lambda s: s.retrieve(maker, BUDGET, budget))
    assert (found["val_spent"], found["val_left"]) == (ACTS * 20, ACTS * 100 - ACTS * 20)
    assert found["versionnumber"] == ACTS + 1


def test_bills_that_come_while_their_budget_goes(
    engine: RecordEngine, maker: Caller, budgets: list[UUID]
) -> None:
    """Either the bill comes first and goes along, or the budget is not there any more."""

    def bill() -> None:
        row = {"val_budget": budgets[1], "val_count": 1}
        engine.run(lambda s: s.create_multiple(maker, BILL, [row]))

    def delete() -> None:
        engine.run(lambda s: s.delete_multiple(maker, BUDGET, [Deletion(budgets[1])]))

    outcomes = at_once(bill, bill, delete, bill, bill)
    assert outcomes[2] == "done"
    assert set(outcomes) <= {"done", "ValidationFailed"}
    assert not wrong(engine)
    with pytest.raises(RecordNotFound):
        engine.run(lambda s: s.retrieve(maker, BUDGET, budgets[1]))
