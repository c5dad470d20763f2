"""What other processes do while keys are changed: one changes them, others write and read.

Every record says in `tst_name` what its sealed address is, so a wrong value is known by itself.
"""

import random
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from crypto.errors import ReplacedKey, SealingError
from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from models.metadata.errors import ConcurrencyConflict, RecordNotFound
from models.metadata.loading import CatalogSource
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.rekeying import data_keys, reindexing
from models.records.rekeying.patience import Patience
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.session import Database
from tests.models.office import SYSTEM, system

SEALED = {"tst_thing": ("tst_name", "tst_email"), "tst_month": ("tst_label", "tst_mail")}
"""Of entities with a key for each record, and with a month's key: what tells the address, and the
address."""
SOON = Patience(0.3)
LONGEST_PAUSE = 0.8
"""Seconds between sealing and writing: longer than keys are waited for here."""


def opened(urls: tuple[str, str], root: Path) -> RecordEngine:
    """An engine of this process's own."""
    database = Database(urls[0])
    keystore = Keystore(urls[1], FileKeyProvider(root))
    return RecordEngine(database, Keyring(keystore), CatalogSource(database))


def change_keys(urls: tuple[str, str], root: Path) -> None:
    """Both kinds of rotation, to the end."""
    engine = opened(urls, root)
    data_keys.rotate(engine, SYSTEM, data_keys.rotatable(engine), patience=SOON)
    reindexing.reindex(engine, SYSTEM, list(SEALED), patience=SOON)


def values(entity: str, text: str) -> dict[str, Any]:
    told, address = SEALED[entity]
    return {told: text, address: f"{text}@example.jp"}


def write(urls: tuple[str, str], root: Path, *, seed: int, stop: Any, told: Any) -> None:
    """Create, change and delete until told to stop; then tell how many acts it were."""
    engine, chance, done = opened(urls, root), random.Random(seed), 0
    writer = system(engine)
    own: list[tuple[str, UUID]] = []
    while not stop.is_set():
        entity, text = chance.choice(list(SEALED)), f"w{seed}-{done}"
        work = _act(writer, own, chance, entity=entity, new=values(entity, text))
        try:
            made = engine.run(work)
        except (ConcurrencyConflict, RecordNotFound):
            continue
        own.extend((entity, one) for one in made)
        done += 1
        time.sleep(0.02)
    told.put(done)


def _act(
    writer: Caller, own: list[tuple[str, UUID]], chance: random.Random, *, entity: str, new: Any
) -> Any:
    mine = [one for name, one in own if name == entity]
    act = chance.random()
    if len(mine) < 5 or act < 0.4:
        pause = chance.choice((0, 0, 0, chance.uniform(0, LONGEST_PAUSE)))
        return lambda service: _create(service, writer, entity, new=new, pause=pause)
    chosen = chance.choice(mine)
    if act < 0.9:
        return lambda service: service.update_multiple(writer, entity, [Change(chosen, new)]) or []
    own.remove((entity, chosen))
    return lambda service: service.delete_multiple(writer, entity, [Deletion(chosen)]) or []


def _create(
    service: RecordService, writer: Caller, entity: str, *, new: Any, pause: float
) -> list[UUID]:
    """Sometimes sealed long before it is written, as a large import is."""
    made = service.create_multiple(writer, entity, [new] * 2)
    time.sleep(pause)
    return made


def read(urls: tuple[str, str], root: Path, *, stop: Any, told: Any) -> None:
    """Read everything again and again, and search for some of it; tell what was wrong."""
    engine, wrong, rounds = opened(urls, root), [], 0
    reader = system(engine)
    while not stop.is_set():
        for entity in SEALED:
            wrong += wrong_values(engine, reader, entity)
        rounds += 1
        time.sleep(0.1)
    told.put((rounds, wrong))


def wrong_values(engine: RecordEngine, reader: Caller, entity: str) -> list[str]:
    """The records whose address is not what they tell, or does not open."""
    told, address = SEALED[entity]
    query = Query(entity=entity, columns=(told, address), page_size=5000)
    try:
        page = engine.run(lambda service: service.retrieve_multiple(reader, query))
    except ReplacedKey:  # it was read before a rotation's end and opened after it
        return wrong_values(engine, reader, entity)
    except SealingError as error:
        return [f"{entity}: {error}"]
    return [
        f"{entity} {one[told]}: {one[address]}"
        for one in page.records
        if str(one[address]) not in {f"{one[told]}@example.jp", "#SHREDDED"}
        or (str(one[address]) == "#SHREDDED" and _is_there(engine, reader, entity, one["id"]))
    ]


def _is_there(engine: RecordEngine, reader: Caller, entity: str, record_id: UUID) -> bool:
    """Whose key is gone is about to be deleted: the key goes right before the row does."""
    time.sleep(0.5)
    query = Query(entity=entity, columns=(SEALED[entity][0],), ids=(record_id,))
    page = engine.run(lambda service: service.retrieve_multiple(reader, query))
    return bool(page.records)


def found_by_address(engine: RecordEngine, entity: str, text: str) -> int:
    """How many records the blind index leads to."""
    part = Filter((Condition(SEALED[entity][1], Operator.EQUAL, f"{text}@example.jp"),))
    query = Query(entity=entity, columns=(SEALED[entity][0],), filter=part)
    return len(engine.run(lambda s: _page(s, system(engine), query)).records)


def _page(service: RecordService, reader: Caller, query: Query) -> Any:
    return service.retrieve_multiple(reader, query)
