"""Rights that change between request, approval, build and download hold at once; a file that holds
what its requester may not have any more is built anew, or not handed over."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from exchange.extracts.downloading import Outdated
from exchange.extracts.states import State
from jobs import extracts
from models.metadata.errors import AccessDenied, ConcurrencyConflict
from models.records.engine import RecordEngine
from models.security.contracts import today
from models.security.privileges import AccessLevel, Miscellaneous, Unmasked
from models.tables.organization import Organization
from tests.exchange.extracts.office import (
    THING,
    Extraction,
    asked,
    erase,
    kept_ids,
    pieces,
    ready,
    rows,
    things,
)
from tests.exchange.extracts.people import Person, contract
from tests.models.office import system, team

EXPORT = Miscellaneous.EXPORT

LOST: dict[str, tuple[Callable[[Person], object], str]] = {
    "the account is closed": (lambda person: person.change(active=False), "no_right"),
    "the contract is over": (
        lambda person: person.change(
            contractor_id=contract(person.engine, THING, ends_on=today().replace(day=1))
        ),
        "no_right",
    ),
    "the right to export": (lambda person: person.lose(EXPORT), "no_right"),
    "the right to read the entity": (lambda person: person.reach(AccessLevel.NONE), "no_right"),
    "the right to read a column": (
        lambda person: person.see(read=False, unmasked=Unmasked.NO),
        "no_right",
    ),
    "the contract's scope": (
        lambda person: person.change(contractor_id=contract(person.engine, "tst_folder")),
        "no_right",
    ),
}


@pytest.mark.parametrize("what", LOST)
@pytest.mark.parametrize("when", ["before the approval", "before the build"])
def test_what_is_lost_before_the_build_fails_it(
    engine: RecordEngine, what: str, when: str
) -> None:
    lose, reason = LOST[what]
    if what == "the contract is over" and today().day == 1:
        pytest.skip("on the first of a month this contract still runs")
    extraction = asked(engine, things(engine, "い"))
    if when == "before the approval":
        lose(extraction.requester)
        extraction.approve()
    else:
        extraction.approve()
        lose(extraction.requester)
    extraction.build()
    row = extraction.row
    assert (row.state, row.failure, row.key_id) == (State.FAILED, reason, None)
    assert kept_ids(engine, extraction.id) == 0
    assert extraction.acts()[-1] == ("build_extract", "failed")


@pytest.mark.parametrize(
    "lose",
    [
        lambda person: person.lose(EXPORT),
        lambda person: person.reach(AccessLevel.NONE),
        lambda person: person.see(read=False, unmasked=Unmasked.NO),
    ],
)
def test_what_is_lost_before_the_download_keeps_the_file_back(
    engine: RecordEngine, lose: Callable[[Person], object]
) -> None:
    extraction = ready(engine, things(engine, "い"))
    lose(extraction.requester)
    with pytest.raises(AccessDenied):
        extraction.fetch()
    assert extraction.state == State.READY, "it ends within the day"
    assert len(pieces(engine, extraction.row.key_id)) == 1


def test_training_out_of_date_closes_personal_columns(engine: RecordEngine) -> None:
    def must(months: int) -> None:
        statement = update(Organization).values(training_months=months)
        engine.database.run(lambda transaction: transaction.write(statement))

    ids = things(engine, "い")
    built, plain = ready(engine, ids), ready(engine, ids, columns=("tst_name",))
    waiting = asked(engine, ids).approve()
    must(12)
    try:
        assert waiting.build().row.failure == "no_right"
        with pytest.raises(AccessDenied):
            built.fetch()
        assert rows(plain.fetch()) == [["い"]]
    finally:
        must(0)


def test_masked_is_what_is_masked_when_it_is_built(engine: RecordEngine) -> None:
    extraction = asked(engine, things(engine, "い")).approve()
    extraction.requester.see(unmasked=Unmasked.ONE_RECORD)
    assert rows(extraction.build().fetch()) == [["い", "a•••@example.jp", "•••-••••-0000"]]


def test_masked_since_then_it_is_built_anew(engine: RecordEngine) -> None:
    extraction = ready(engine, things(engine, "い"))
    extraction.requester.see(unmasked=Unmasked.NO)
    built_anew(extraction)
    assert rows(extraction.fetch()) == [["い", "a•••@example.jp", "•••-••••-0000"]]


def test_unmasked_since_then_it_is_handed_over_as_it_is(engine: RecordEngine) -> None:
    extraction = asked(engine, things(engine, "い"))
    extraction.requester.see(unmasked=Unmasked.NO)
    extraction.approve().build()
    extraction.requester.see(unmasked=Unmasked.ALL_RECORDS)
    assert rows(extraction.fetch()) == [["い", "a•••@example.jp", "•••-••••-0000"]]


def test_records_out_of_sight_are_not_in_the_file(engine: RecordEngine) -> None:
    """Seen at the request, not at the build."""
    ids = things(engine, "い", "ろ")
    extraction = asked(engine, ids)
    give_away(engine, ids[0])
    extraction.requester.reach(AccessLevel.LOCAL)
    assert [row[0] for row in rows(extraction.approve().build().fetch())] == ["ろ"]
    assert (extraction.row.count, extraction.row.built) == (2, 1)


def test_records_out_of_sight_since_the_build_are_taken_out(engine: RecordEngine) -> None:
    ids = things(engine, "い", "ろ")
    extraction = ready(engine, ids)
    give_away(engine, ids[0])
    extraction.requester.reach(AccessLevel.LOCAL)
    built_anew(extraction)
    assert [row[0] for row in rows(extraction.fetch())] == ["ろ"]


def give_away(engine: RecordEngine, record: object) -> None:
    caller, owner = system(engine), team(engine, "西区")
    engine.run(lambda s: s.assign_multiple(caller, THING, [record], owner=owner))


def test_erased_before_the_build_it_is_not_in_the_file(engine: RecordEngine) -> None:
    ids = things(engine, "い", "ろ", "は")
    extraction = asked(engine, ids).approve()
    erase(engine, ids[1])
    assert [row[0] for row in rows(extraction.build().fetch())] == ["い", "は"]


def test_erased_since_the_build_it_is_built_anew(engine: RecordEngine) -> None:
    ids = things(engine, "い", "ろ", "は")
    extraction = ready(engine, ids)
    erase(engine, ids[1])
    first = built_anew(extraction)
    content = extraction.fetch()
    assert [row[0] for row in rows(content)] == ["い", "は"]
    assert b"a1@example.jp" not in content
    assert not extraction.is_open(first)


def test_a_key_destroyed_counts_as_erased(engine: RecordEngine) -> None:
    """Without a deleted row: what was sealed cannot be read any more, and must not leave."""
    ids = things(engine, "い", "ろ")
    extraction, waiting = ready(engine, ids), asked(engine, ids).approve()
    destroy_key(engine, ids[0])
    built_anew(extraction)
    assert rows(extraction.fetch()) == [["ろ", "a1@example.jp", "090-1234-0001"]]
    assert rows(waiting.build().fetch()) == [["ろ", "a1@example.jp", "090-1234-0001"]]


def destroy_key(engine: RecordEngine, record: object) -> None:
    table = engine.catalog.tables.entities[THING]
    with engine.database.reading() as connection:
        row = connection.execute(table.select().where(table.c.id == record)).one()
    engine.keyring.destroy({row.data_key_id})


def test_what_is_erased_again_and_again_is_built_again_and_again(engine: RecordEngine) -> None:
    ids = things(engine, "い", "ろ", "は")
    extraction = ready(engine, ids)
    for erased, left in ((ids[0], 2), (ids[1], 1), (ids[2], 0)):
        erase(engine, erased)
        built_anew(extraction)
        assert extraction.row.built == left
    assert rows(extraction.fetch()) == []


def test_what_changed_and_was_not_erased_is_no_reason(engine: RecordEngine) -> None:
    """The file is of the moment it was built."""
    ids = things(engine, "い")
    extraction = ready(engine, ids)
    things(engine, "あとから")
    assert rows(extraction.fetch()) == [["い", "a0@example.jp", "090-1234-0000"]]


def built_anew(extraction: Extraction) -> int:
    """It was out of date and is ready again; the key of the file there was."""
    before = extraction.row.key_id
    with pytest.raises(Outdated):
        extraction.fetch()
    caller = extraction.requester.caller
    engine = extraction.engine
    assert engine.run(lambda s: extracts.build_anew(s, caller, extraction.id))
    assert (extraction.state, extraction.row.key_id) == (State.APPROVED, None)
    with pytest.raises(ConcurrencyConflict):
        extraction.fetch()
    assert extraction.build().state == State.READY
    assert not extraction.is_open(before)
    return int(before)
