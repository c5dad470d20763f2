"""An export of twenty thousand records needs as much memory as one of three thousand."""

import tracemalloc
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from exchange.exporting import Export
from exchange.orders import ExportOrder
from exchange.samples import sample_values
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.exchange.desk import THING
from tests.models.office import office, system

FEW, MANY, BATCH = 3_000, 20_000, 2_000
COLUMNS = ("tst_name", "tst_memo", "tst_email", "tst_phone", "tst_integer")
MEGABYTE = 1024 * 1024
REMEMBERED_KEYS = 3 * MEGABYTE
"""What the key ring may hold on to, of however many records."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordEngine]:
    """MANY records with a key each; the first FEW of them are numbered 1."""
    directory: Path = tmp_path_factory.mktemp("many")
    with office(f"sqlite:///{directory}/many.db", directory) as engine:
        caller = system(engine)
        values = sample_values(engine.catalog.entity(THING), MANY, seed=7)
        for start in range(0, MANY, BATCH):
            batch = [
                {name: one[name] for name in COLUMNS} | {"tst_integer": int(start + n < FEW)}
                for n, one in enumerate(islice(values, BATCH))
            ]
            engine.run(partial(create, caller=caller, batch=batch))
        yield engine


def create(service: object, *, caller: Caller, batch: list[dict[str, object]]) -> None:
    service.create_multiple(caller, THING, batch)  # type: ignore[attr-defined]


def peak(engine: RecordEngine, query: Query) -> tuple[int, int, int]:
    """The bytes in use at most while the file streams by; its rows, and its length."""
    export = Export(
        engine, Caller.system("tests"), ExportOrder(query=query, purpose="試験", recipient="試験")
    )
    tracemalloc.start()
    try:
        length = sum(len(piece) for piece in export)
        return tracemalloc.get_traced_memory()[1], export.rows, length
    finally:
        tracemalloc.stop()


def test_memory_is_flat(filled: RecordEngine) -> None:
    first = Filter((Condition("tst_integer", Operator.EQUAL, 1),))
    few = Query(entity=THING, columns=COLUMNS, filter=first)
    peak(filled, few)  # what is made once, is made
    of_few, rows, _ = peak(filled, few)
    assert rows == FEW
    of_many, rows, length = peak(filled, Query(entity=THING, columns=COLUMNS))
    assert rows == MANY
    assert of_few > MEGABYTE, "it was measured"
    assert of_many < of_few + REMEMBERED_KEYS
    assert of_many < length / 3, "the file was never whole in memory"
