"""Asking for, building and fetching a hundred thousand records takes ten megabytes of memory.

And no transaction holds more than a piece of the file, about a megabyte.
"""

import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from exchange.extracts import requesting
from exchange.extracts.downloading import fetch
from exchange.extracts.pieces import PIECE
from exchange.samples import sample_values
from models.metadata.query import Query
from models.records.engine import RecordEngine
from tests.exchange.extracts.office import Extraction, order, pieces
from tests.exchange.extracts.people import MAY_DECIDE, Person, hire
from tests.models.office import office, system

pytestmark = pytest.mark.slow
MANY, BATCH = 100_000, 5_000
ENTITY, COLUMNS = "tst_month", ("tst_label", "tst_mail")
LABEL = "神戸市内で活動する団体の名称と活動の概要" * 4
MOST = 10 * 1024 * 1024


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordEngine]:
    directory: Path = tmp_path_factory.mktemp("many")
    with office(f"sqlite:///{directory}/many.db", directory) as engine:
        caller = system(engine)
        values = sample_values(engine.catalog.entity(ENTITY), MANY, seed=7)
        for start in range(0, MANY, BATCH):
            batch = [one | {"tst_label": LABEL} for one in islice(values, BATCH)]
            engine.run(lambda s, batch=batch: s.create_multiple(caller, ENTITY, batch))
            assert start < MANY
        yield engine


@pytest.fixture(scope="module")
def people(filled: RecordEngine) -> tuple[Person, Person]:
    return hire(filled), hire(filled, MAY_DECIDE)


def peak_of(act: Callable[[], Any]) -> tuple[int, Any]:
    """The bytes in use at most meanwhile, beyond those in use before."""
    tracemalloc.start()
    try:
        found = act()
        return tracemalloc.get_traced_memory()[1], found
    finally:
        tracemalloc.stop()


def requested(engine: RecordEngine, people: tuple[Person, Person], format: str) -> Extraction:
    query = Query(entity=ENTITY, columns=COLUMNS)
    stated = order(None, query=query, format=format)
    extract_id = requesting.request(engine, people[0].caller, stated)
    return Extraction(engine, *people, extract_id)


def test_memory_is_flat(filled: RecordEngine, people: tuple[Person, Person]) -> None:
    """The file is three times as long as all that is ever in memory."""
    asking, found = peak_of(lambda: requested(filled, people, "csv"))
    extraction = found.approve()
    building, _ = peak_of(extraction.build)
    row = extraction.row
    assert (row.state, row.built) == ("READY", MANY)
    assert max(map(len, pieces(filled, row.key_id))) < 1.5 * PIECE
    download = fetch(filled, people[0].caller, extraction.id)
    fetching, length = peak_of(lambda: sum(len(piece) for piece in download))
    assert length == row.size > 2.5 * MOST
    assert max(asking, building, fetching) < MOST, (asking, building, fetching)


def test_a_sheet_is_built_in_as_little(
    filled: RecordEngine, people: tuple[Person, Person]
) -> None:
    extraction = requested(filled, people, "xlsx").approve()
    building, _ = peak_of(extraction.build)
    assert (extraction.state, extraction.row.built) == ("READY", MANY)
    assert building < MOST
