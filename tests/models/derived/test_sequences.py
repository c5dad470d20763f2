"""Numbers in sequence: never one twice, whoever asks at the same moment; padded, and longer when
they must be. Real processes and threads, on both databases.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from models.metadata.errors import ValidationFailed
from models.records.autonumber import make_number
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import utc_now
from models.tables.derived import NumberSequence
from packager.installing import install
from tests.models.derived.crowd import BATCHES, SIZES, THREADS
from tests.models.office import SOLUTIONS, office, system
from tests.packager.folders import edit
from tests.support.service import ROOT

BILL, BUDGET = "val_bill", "val_budget"
PROCESSES = 2


def numbers_of(engine: RecordEngine, entity: str, name: str) -> list[str]:
    column = engine.catalog.tables.entities[entity].c[name]
    with engine.database.reading() as connection:
        return [str(one) for one in connection.scalars(select(column).order_by(column))]


def place(number: str) -> int:
    return int(number.rpartition("-")[2])


def made(engine: RecordEngine, maker: Caller, count: int, entity: str = BUDGET) -> list[str]:
    """The numbers of a batch, in its order."""
    name = "val_place" if entity == BUDGET else "val_number"

    def work(service: RecordService) -> list[str]:
        ids: list[UUID] = service.create_multiple(maker, entity, [{}] * count)
        return [str(service.retrieve(maker, entity, one)[name]) for one in ids]

    return engine.run(work)


@pytest.mark.parametrize(
    ("number_format", "number", "text"),
    [
        ("{SEQNUM:4}", 7, "0007"),
        ("{SEQNUM:1}", 123, "123"),
        ("{SEQNUM:3}", 12345, "12345"),
        ("受-{SEQNUM:18}号", 1, "受-000000000000000001号"),
    ],
)
def test_a_number_is_padded_and_longer_when_it_must(
    number_format: str, number: int, text: str
) -> None:
    assert make_number(number_format, on=utc_now(), place=number) == text


def test_a_number_tells_the_time_beside_its_place() -> None:
    made_now = make_number("{DATETIMEUTC:%Y%m}-{SEQNUM:2}-{RANDSTRING:4}", on=utc_now(), place=5)
    assert re.fullmatch(r"20\d{4}-05-[2-9A-HJ-NP-Z]{4}", made_now)


def test_batches_are_numbered_in_order_from_the_seed(database_url: str, tmp_path: Path) -> None:
    with office(database_url, tmp_path, "values_of_tests") as engine:
        maker = system(engine)
        assert made(engine, maker, 3) == ["B-001", "B-002", "B-003"]
        assert made(engine, maker, 1) == ["B-004"]
        assert [place(one) for one in made(engine, maker, 2, BILL)] == [100, 101]


def test_what_is_refused_takes_no_number_and_what_breaks_off_repeats_none(
    engine: RecordEngine, maker: Caller
) -> None:
    before = place(made(engine, maker, 1)[0])
    with pytest.raises(ValidationFailed):
        engine.run(lambda s: s.create_multiple(maker, BUDGET, [{}, {"val_limit": "多い"}]))

    def broken_off(service: RecordService) -> None:
        service.create_multiple(maker, BUDGET, [{}] * 5)
        raise LookupError

    with pytest.raises(LookupError):
        engine.run(broken_off)
    assert place(made(engine, maker, 1)[0]) > before
    assert max(Counter(numbers_of(engine, BUDGET, "val_place")).values()) == 1


def test_a_transaction_that_writes_already_gets_numbers_too(
    engine: RecordEngine, maker: Caller
) -> None:
    """An import's second batch: on SQLite there is no writer beside it."""

    def work(service: RecordService) -> list[UUID]:
        service.transaction.lock()
        return [one for _ in range(3) for one in service.create_multiple(maker, BUDGET, [{}] * 2)]

    before = len(numbers_of(engine, BUDGET, "val_place"))
    engine.run(work)
    found = numbers_of(engine, BUDGET, "val_place")
    assert (len(found), len(set(found))) == (before + 6, before + 6)


def test_many_processes_never_get_the_same_number(database_url: str, tmp_path: Path) -> None:
    with office(database_url, tmp_path, "values_of_tests") as engine:
        [keystore] = tmp_path.glob("keystore-*.db")
        url = engine.database.engine.url.render_as_string(hide_password=False)
        command: list[Any] = [sys.executable, "-m", "tests.models.derived.crowd", url]
        command += [f"sqlite:///{keystore}", tmp_path / "root.key"]
        crowd = [
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(PROCESSES)
        ]
        for one in crowd:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        told = [one.communicate(timeout=120)[0] for one in crowd]
        assert [one.returncode for one in crowd] == [0] * PROCESSES, told
        found = numbers_of(engine, BILL, "val_number")
        wanted = PROCESSES * THREADS * sum(SIZES[n % len(SIZES)] for n in range(BATCHES))
        assert sum(map(int, told)) == wanted
        assert len(found) == len(set(found)) == wanted
        assert min(map(place, found)) == 100


def test_a_seed_that_is_raised_lets_numbers_go_on_from_there(
    database_url: str, tmp_path: Path
) -> None:
    with office(database_url, tmp_path, "values_of_tests") as engine:
        maker = system(engine)
        assert [place(one) for one in made(engine, maker, 2, BILL)] == [100, 101]
        for seed, first in ((5, 102), (5000, 5000), (100, 5001)):
            install(engine.database, seeded(tmp_path / str(seed), seed))
            assert place(made(engine, maker, 1, BILL)[0]) == first


def test_numbers_have_room(engine: RecordEngine, maker: Caller) -> None:
    """Beyond what the padding has places for, and beyond 32 bits."""
    number = engine.catalog.entity(BUDGET).attributes["val_place"].number
    of_it = NumberSequence.attribute_number == number
    made(engine, maker, 1)
    engine.database.run(
        lambda t: t.write(update(NumberSequence).where(of_it).values(next_number=2**40))
    )
    assert made(engine, maker, 1) == [f"B-{2**40}"]


def seeded(folder: Path, seed: int) -> Path:
    """The solution, its bills numbered from `seed`."""
    copy = Path(shutil.copytree(SOLUTIONS / "values_of_tests", folder))
    edit(
        copy,
        "entities/values.yaml",
        lambda c: c[BILL]["attributes"]["val_number"].update(seed=seed),
    )
    return copy
