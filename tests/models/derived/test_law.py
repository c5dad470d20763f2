"""The law of derived values: after whatever was done, by whichever door, each is what plain Python
makes of all records. Hypothesis chooses what is done.
"""

import contextlib
import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from exchange.importing import CsvFile, import_csv
from models.metadata.errors import RecordNotFound, ValidationFailed
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.matching.merging import Merging, merge
from models.security.caller import Caller
from tests.models.derived.plainly import wrong

BILL, BUDGET = "val_bill", "val_budget"
EXAMPLES, STEPS = 12, 14
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "val_subject": st.sampled_from(["机", "椅子", ""]),
        "val_count": st.one_of(st.none(), st.integers(-2, 4)),
        "val_price": st.one_of(st.none(), st.integers(-5, 900)),
        "val_weight": st.one_of(
            st.none(), st.decimals(Decimal(-9), Decimal(9), places=2, allow_nan=False)
        ),
        "val_kind": st.sampled_from([None, 1, 2, 3]),
        "val_day": st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31))),
        "statuscode": st.sampled_from([1, 2]),
    },
)


class Office(RuleBasedStateMachine):
    """What is done to budgets and bills; those that are gone may be asked for all the same."""

    engine: RecordEngine
    maker: Caller
    folder: Path
    budgets = Bundle("budgets")
    bills = Bundle("bills")

    @initialize(target=budgets)
    def begin(self) -> UUID:
        self.clear()
        return self.open_budget(100, None)

    @rule(target=budgets, limit=st.one_of(st.none(), st.integers(0, 999)), above=budgets)
    def open_budget(self, limit: int | None, above: UUID | None) -> UUID:
        row = {"val_title": "予算", "val_limit": limit}
        made = self.engine.run(lambda s: s.create_multiple(self.maker, BUDGET, [row]))[0]
        self.change(BUDGET, made, {"val_above": above})
        return made

    @rule(target=bills, budget=budgets, batch=st.lists(VALUES, min_size=1, max_size=3))
    def bill(self, budget: UUID, batch: list[dict[str, object]]) -> object:
        rows = [{**values, "val_budget": budget} for values in batch]
        made: list[UUID] = []
        self.try_to(
            lambda: made.extend(
                self.engine.run(lambda s: s.create_multiple(self.maker, BILL, rows))
            )
        )
        return multiple(*made)

    @rule(bill=bills, values=VALUES)
    def change_bill(self, bill: UUID, values: dict[str, object]) -> None:
        self.change(BILL, bill, values)

    @rule(bill=bills, budget=st.one_of(st.none(), budgets), values=VALUES)
    def give_bill(self, bill: UUID, budget: UUID | None, values: dict[str, object]) -> None:
        self.change(BILL, bill, values | {"val_budget": budget})

    @rule(budget=budgets, above=st.one_of(st.none(), budgets))
    def put_below(self, budget: UUID, above: UUID | None) -> None:
        self.change(BUDGET, budget, {"val_above": above})

    @rule(bill=consumes(bills))
    def delete_bill(self, bill: UUID) -> None:
        self.try_to(
            lambda: self.engine.run(
                lambda s: s.delete_multiple(self.maker, BILL, [Deletion(bill)])
            )
        )

    @rule(budget=budgets)
    def delete_budget(self, budget: UUID) -> None:
        """Its bills go along; budgets below it stay."""
        self.try_to(
            lambda: self.engine.run(
                lambda s: s.delete_multiple(self.maker, BUDGET, [Deletion(budget)])
            )
        )

    @rule(master=budgets, other=budgets)
    def merge_budgets(self, master: UUID, other: UUID) -> None:
        taken = frozenset({"val_limit"})
        wanted = Merging(master=master, other=other, taken=taken)
        self.try_to(lambda: self.engine.run(lambda s: merge(s, self.maker, BUDGET, wanted)))

    @rule(master=bills, other=bills, taken=st.sets(st.sampled_from(["val_budget", "val_count"])))
    def merge_bills(self, master: UUID, other: UUID, taken: set[str]) -> None:
        wanted = Merging(master=master, other=other, taken=frozenset(taken))
        self.try_to(lambda: self.engine.run(lambda s: merge(s, self.maker, BILL, wanted)))

    @rule(budget=budgets, batch=st.lists(VALUES, min_size=1, max_size=3))
    def import_bills(self, budget: UUID, batch: list[dict[str, object]]) -> None:
        path = self.folder / "bills.csv"
        names = ["val_budget", *sorted({name for values in batch for name in values})]
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(names)
            rows.writerows(
                [{**values, "val_budget": budget}.get(name) for name in names] for values in batch
            )
        file_of = CsvFile(path, "utf-8")
        self.try_to(lambda: import_csv(self.engine, self.maker, BILL, file_of))

    @invariant()
    def every_value_follows(self) -> None:
        found = wrong(self.engine)
        assert not found, "\n".join(found)

    def change(self, entity: str, record_id: UUID, values: dict[str, object]) -> None:
        change = Change(record_id, values)
        self.try_to(
            lambda: self.engine.run(lambda s: s.update_multiple(self.maker, entity, [change]))
        )

    def clear(self) -> None:
        for name in (BILL, BUDGET):
            table = self.engine.catalog.tables.entities[name]
            self.engine.database.run(lambda t, table=table: t.write(table.delete()))

    @staticmethod
    def try_to(act: Callable[[], object]) -> None:
        """What is refused (gone, merged already) must have changed nothing."""
        with contextlib.suppress(RecordNotFound, ValidationFailed):
            act()


def test_after_whatever_was_done_every_value_follows(
    engine: RecordEngine, maker: Caller, tmp_path: Path
) -> None:
    class Here(Office):
        pass

    Here.engine, Here.maker, Here.folder = engine, maker, tmp_path
    run_state_machine_as_test(
        Here, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
    )
