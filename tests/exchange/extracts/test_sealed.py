"""The file at rest: sealed pieces that fit nowhere but at their place, and open to nobody else."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, update

from crypto.errors import BadTag
from exchange.extracts import pieces as stored
from exchange.extracts.downloading import Outdated
from exchange.extracts.states import State
from models.records.engine import RecordEngine
from models.tables.extracts import ExtractPiece
from tests.exchange.extracts.office import Extraction, asked, pieces, ready, rows, things


@pytest.fixture
def several(engine: RecordEngine, monkeypatch: pytest.MonkeyPatch) -> Extraction:
    """A file of five pieces or more."""
    monkeypatch.setattr(stored, "PIECE", 1000)
    extraction = ready(engine, things(engine, *[f"{n:04} 神戸市の団体" for n in range(100)]))
    assert len(pieces(engine, extraction.row.key_id)) >= 5
    return extraction


def write(extraction: Extraction, number: int, sealed: bytes) -> None:
    place = (ExtractPiece.key_id == extraction.row.key_id, ExtractPiece.number == number)
    statement = update(ExtractPiece).where(*place).values(sealed=sealed)
    extraction.engine.database.run(lambda transaction: transaction.write(statement))


def drop(extraction: Extraction, number: int) -> None:
    place = (ExtractPiece.key_id == extraction.row.key_id, ExtractPiece.number == number)
    statement = delete(ExtractPiece).where(*place)
    extraction.engine.database.run(lambda transaction: transaction.write(statement))


def swapped(extraction: Extraction) -> None:
    kept = pieces(extraction.engine, extraction.row.key_id)
    write(extraction, 1, kept[2])
    write(extraction, 2, kept[1])


def cut(extraction: Extraction) -> None:
    drop(extraction, len(pieces(extraction.engine, extraction.row.key_id)) - 1)


def spoilt(extraction: Extraction) -> None:
    kept = bytearray(pieces(extraction.engine, extraction.row.key_id)[1])
    kept[-1] ^= 1
    write(extraction, 1, bytes(kept))


def of_another(extraction: Extraction) -> None:
    """The piece at the same place of an extract of the same records, built the same moment."""
    other = ready(extraction.engine, things(extraction.engine, *map(str, range(100))))
    write(extraction, 1, pieces(extraction.engine, other.row.key_id)[1])


WRONGS: dict[str, Callable[[Extraction], None]] = {
    "swapped": swapped,
    "the end cut off": cut,
    "one dropped": lambda extraction: drop(extraction, 1),
    "all dropped": lambda e: [drop(e, n) for n in range(20)] and None,
    "a bit changed": spoilt,
    "another extract's": of_another,
}


def test_untouched_it_opens(several: Extraction) -> None:
    assert len(rows(several.fetch())) == 100


@pytest.mark.parametrize("what", WRONGS)
def test_what_is_not_what_was_sealed_breaks_the_download_off(
    several: Extraction, what: str
) -> None:
    WRONGS[what](several)
    with pytest.raises(BadTag):
        several.fetch()
    assert several.state == State.DOWNLOADED, "once is once"
    assert several.acts()[-1] == ("download_extract", "failed")


def test_a_key_that_vanished_has_the_file_built_anew(engine: RecordEngine) -> None:
    """A commit that failed right after the key was destroyed."""
    extraction = ready(engine, things(engine, "い"))
    engine.keyring.destroy({extraction.row.key_id})
    with pytest.raises(Outdated):
        extraction.fetch()
    assert extraction.state == State.READY


def test_every_attempt_has_a_key_of_its_own(engine: RecordEngine) -> None:
    keys = set()
    for _ in range(3):
        extraction = asked(engine, things(engine, "い")).approve().build()
        keys.add(extraction.row.key_id)
    assert len(keys) == 3


def test_what_does_not_open_ends_the_build(engine: RecordEngine) -> None:
    """Never a blank in a value's place."""
    ids = things(engine, "い", "ろ")
    extraction = asked(engine, ids).approve()
    table = engine.catalog.tables.entities["tst_thing"]
    with engine.database.reading() as connection:
        sealed = connection.execute(table.select().where(table.c.id == ids[1])).one().tst_email
    wrong = update(table).where(table.c.id == ids[1]).values(tst_email=sealed[:-2] + sealed[:2])
    engine.database.run(lambda transaction: transaction.write(wrong))
    row = extraction.build().row
    assert (row.state, row.failure) == (State.FAILED, "unopened")
    assert extraction.acts()[-1] == ("build_extract", "failed")
