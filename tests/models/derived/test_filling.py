"""Records that were there before: filled when an attribute is new or is reckoned otherwise, by a
job that may be broken off; and put right at night, whatever went wrong.
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from jobs.derived_values import RECALCULATE, recalculate_values
from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from jobs.worker import Worker
from models.metadata.errors import DefinitionError
from models.records.derived import filling, rolling_up
from models.records.engine import RecordEngine
from models.tables.base import new_id, utc_now
from models.tables.record_data import SystemJob
from packager.installing import install
from tests.jobs.post import settings
from tests.models.derived.plainly import records, wrong
from tests.models.office import SOLUTIONS, office, system
from tests.models.test_concurrency import at_once
from tests.packager.folders import edit

BILL, BUDGET = "val_bill", "val_budget"
ENTITIES = "entities/values.yaml"
WHOLE = SOLUTIONS / "values_of_tests"
Change = Callable[[Any], object]


def changed(folder: Path, change: Change) -> Path:
    """The solution with its entities changed."""
    copy = Path(shutil.copytree(WHOLE, folder))
    edit(copy, ENTITIES, change)
    return copy


def as_before(content: Any) -> None:
    """What was stated before anybody thought of derived values; a primary name there must be."""
    for entity in content.values():
        stated = entity["attributes"]
        derived = [name for name, one in stated.items() if {"calculated", "rollup"} & one.keys()]
        for name in derived:
            if name != "val_name":
                del stated[name]


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[RecordEngine]:
    """An office without derived values, in which some budgets have bills."""
    before = changed(tmp_path / "before", as_before)
    with office(database_url, tmp_path, str(before)) as running:
        bill(running, count=5)
        yield running


def bill(engine: RecordEngine, count: int) -> None:
    maker = system(engine)
    [budget] = engine.run(lambda s: s.create_multiple(maker, BUDGET, [{"val_limit": 10}]))
    rows = [{"val_budget": budget, "val_count": number, "val_price": 4} for number in range(count)]
    engine.run(lambda s: s.create_multiple(maker, BILL, rows))


def work(engine: RecordEngine) -> int:
    return Worker(engine, Mailer(settings(25))).run(Event(), drain=True)


def asked_for(engine: RecordEngine) -> list[str]:
    mine = select(SystemJob.status).where(
        SystemJob.kind == RECALCULATE, SystemJob.recurrence.is_(None)
    )
    with engine.database.reading() as connection:
        return list(connection.scalars(mine))


def test_records_from_before_are_filled_by_a_job_and_not_touched_otherwise(
    engine: RecordEngine,
) -> None:
    before = {one["val_billid"]: one for one in records(engine, BILL)}
    install(engine.database, WHOLE)
    assert {one["val_total"] for one in records(engine, BILL)} == {None}
    assert work(engine) == 1
    assert asked_for(engine) == ["SUCCEEDED"]
    assert not wrong(engine)
    for one in records(engine, BILL):
        kept = before[one["val_billid"]]
        assert kept.items() <= one.items(), "neither a version nor a date is another"
    assert work(engine) == 0


def test_what_is_written_meanwhile_is_right_at_once(engine: RecordEngine) -> None:
    install(engine.database, WHOLE)
    bill(engine, count=2)
    assert len(wrong(engine)) > 0
    at_once(lambda: filling.fill(engine), *[lambda: bill(engine, count=3)] * 3)
    assert not wrong(engine)


def test_what_was_broken_off_goes_on(
    engine: RecordEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(engine.database, WHOLE)

    def broken(*_: object, **__: object) -> None:
        raise LookupError

    with monkeypatch.context() as patched:
        patched.setattr(rolling_up, "rolled_up", broken)
        with pytest.raises(LookupError):
            filling.fill(engine)
    filled = [one["val_total"] for one in records(engine, BILL)]
    assert None not in filled, "bills come before what is rolled up of them"
    assert filling.fill(engine) == 1, "only the budget was left"
    assert not wrong(engine)


def test_a_formula_that_became_another_is_reckoned_anew_and_what_follows_from_it(
    engine: RecordEngine, tmp_path: Path
) -> None:
    install(engine.database, WHOLE)
    filling.fill(engine)

    def dearer(content: Any) -> None:
        content[BILL]["attributes"]["val_total"]["calculated"] = "val_count * val_price * 3"

    install(engine.database, changed(tmp_path / "dearer", dearer))
    assert engine.run(lambda s: filling.unfilled(s.catalog, s.transaction)) == {BILL, BUDGET}
    assert work(engine) == 1
    [budget] = records(engine, BUDGET)
    assert (budget["val_spent"], budget["val_left"], budget["val_over"]) == (120, -110, True)


def test_an_office_without_records_has_nothing_to_fill(database_url: str, tmp_path: Path) -> None:
    with office(database_url, tmp_path, "values_of_tests") as fresh:
        assert fresh.run(lambda s: filling.unfilled(s.catalog, s.transaction)) == set()
        bill(fresh, count=2)
        assert not wrong(fresh)
        work(fresh)
        assert asked_for(fresh) == []


def test_at_night_whatever_is_wrong_is_put_right_and_told(
    engine: RecordEngine, caplog: pytest.LogCaptureFixture
) -> None:
    install(engine.database, WHOLE)
    filling.fill(engine)
    tables = engine.catalog.tables.entities
    engine.database.run(lambda t: t.write(tables[BUDGET].update().values(val_spent=Decimal(1))))
    engine.database.run(
        lambda t: t.write(tables[BILL].update().values(val_due=None, val_tax=Decimal(9)))
    )
    assert filling.fill(engine) == 0, "by day only what is new is looked at"
    night = _claimed(recurrence="FREQ=DAILY")
    with caplog.at_level(logging.WARNING):
        recalculate_values(engine, Mailer(settings(25)), night)
    assert "6 records" in caplog.text
    assert not wrong(engine)
    caplog.clear()
    recalculate_values(engine, Mailer(settings(25)), night)
    assert not caplog.text


def test_what_people_entered_never_becomes_calculated(
    engine: RecordEngine, tmp_path: Path
) -> None:
    install(engine.database, WHOLE)

    def taken_over(content: Any) -> None:
        content[BILL]["attributes"]["val_price"]["calculated"] = "val_count * 2"

    with pytest.raises(DefinitionError, match="val_price.*entered"):
        install(engine.database, changed(tmp_path / "over", taken_over))


def test_what_is_calculated_may_begin_and_cease_to_hang_on_the_day(
    engine: RecordEngine, tmp_path: Path
) -> None:
    """Its column comes when it is needed; what stood in it from before is reckoned anew."""
    install(engine.database, WHOLE)

    def stated(formula: str) -> Change:
        def change(content: Any) -> None:
            content[BILL]["attributes"]["val_age"]["calculated"] = formula

        return change

    install(engine.database, changed(tmp_path / "stored", stated("val_count + 1")))
    filling.fill(engine)
    assert {one["val_age"] for one in records(engine, BILL)} == {1, 2, 3, 4, 5}
    install(engine.database, WHOLE)
    assert {one["val_age"] for one in records(engine, BILL)} == {None}
    install(engine.database, changed(tmp_path / "again", stated("val_count + 2")))
    filling.fill(engine)
    assert {one["val_age"] for one in records(engine, BILL)} == {2, 3, 4, 5, 6}


def _claimed(recurrence: str) -> Any:
    return ClaimedJob(
        id=new_id(),
        kind=RECALCULATE,
        name=RECALCULATE,
        recurrence=recurrence,
        due_on=utc_now(),
        record_id=None,
        payload=None,
        attempts=1,
        message="",
    )
