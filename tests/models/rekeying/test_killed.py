"""The law of rotation: killed at any moment, again and again, with writers and readers at work, it
loses no value, mistakes none, and in the end nothing names an old key, and none is left."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select

from crypto.key_rotation import key_counts, only_opening
from crypto.keystore_tables import KeyState
from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.records.rekeying import journal
from models.records.rekeying.places import all_places
from models.records.rekeying.standing import rows_under_retired
from models.records.rekeying.verifying import verify
from models.tables.base import table_of
from models.tables.keys import KeyRotation
from tests.models.office import office, system
from tests.models.rekeying import companions
from tests.models.rekeying.companions import SEALED, change_keys, read, values, write

pytestmark = pytest.mark.slow
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([companions.__name__])
WRITERS = 2
KILLS = {"sqlite": 20, "postgresql": 5}
RECORDS = 150
LONGEST = 0.6
"""Seconds until a rotation is killed; it needs about one."""


class Place(NamedTuple):
    engine: RecordEngine
    urls: tuple[str, str]
    root: Path


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    with office(database_url, tmp_path) as engine:
        maker = system(engine)
        for entity in SEALED:
            rows = [values(entity, f"first-{number}") for number in range(RECORDS)]
            engine.run(lambda s, e=entity, r=rows: s.create_multiple(maker, e, r))
        [keystore] = tmp_path.glob("keystore-*.db")
        yield Place(engine, (database_url, f"sqlite:///{keystore}"), tmp_path / "root.key")


def test_rotation_killed_again_and_again_loses_nothing(place: Place) -> None:
    kind = "sqlite" if place.engine.database.is_sqlite else "postgresql"
    with busy(place) as told:
        struck = kill(place, times=KILLS[kind])
        last = start(place)
        last.join(120)
        assert last.exitcode == 0
    assert struck == KILLS[kind]
    acts = [told.get(timeout=10) for _ in range(WRITERS + 1)]
    rounds, wrong = next(one for one in acts if isinstance(one, tuple))
    assert wrong == []
    assert rounds > 0
    assert min(one for one in acts if isinstance(one, int)) > 0
    assert_whole(place.engine)


@contextmanager
def busy(place: Place) -> Iterator[Any]:
    """Writers and a reader at work meanwhile; what they tell at the end."""
    stop, told = PROCESSES.Event(), PROCESSES.Queue()
    crowd = [
        PROCESSES.Process(
            target=write, args=place[1:], kwargs={"seed": seed, "stop": stop, "told": told}
        )
        for seed in range(WRITERS)
    ]
    crowd.append(
        PROCESSES.Process(target=read, args=place[1:], kwargs={"stop": stop, "told": told})
    )
    for one in crowd:
        one.start()
    try:
        yield told
    finally:
        stop.set()
        for one in crowd:
            one.join(60)
    assert [one.exitcode for one in crowd] == [0] * len(crowd)


def start(place: Place) -> Any:
    process = PROCESSES.Process(target=change_keys, args=place[1:])
    process.start()
    return process


def kill(place: Place, *, times: int) -> int:
    """Rotations begun and killed; how many were hit before their end."""
    chance, struck = random.Random(), 0
    while struck < times:
        process = start(place)
        time.sleep(chance.uniform(0.02, LONGEST))
        process.kill()
        process.join(30)
        struck += process.exitcode == -9
    return struck


def assert_whole(engine: RecordEngine) -> None:
    reader = system(engine)
    for entity, (told, _) in SEALED.items():
        assert companions.wrong_values(engine, reader, entity) == []
        query = Query(entity=entity, columns=(told,), page_size=5000)
        page = engine.run(lambda s, q=query: s.retrieve_multiple(reader, q))
        texts = [str(one[told]) for one in page.records]
        for text in random.sample(texts, 20):
            assert companions.found_by_address(engine, entity, text) == texts.count(text)
    found = verify(engine, all_places(engine.catalog))
    assert (found.failed, found.shredded) == (0, 0)
    assert rows_under_retired(engine) == 0
    assert only_opening(engine.keyring.keystore) == set()
    counted = key_counts(engine.keyring.keystore)
    assert sum(one.count for one in counted if one.state is KeyState.REPLACED) > RECORDS
    with engine.database.reading() as connection:
        assert journal.going_on(connection) == []
        assert connection.scalar(select(func.count()).select_from(table_of(KeyRotation))) > 0
