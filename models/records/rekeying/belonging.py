"""Do this database and this keystore belong together? Asked at every start, by a few short looks.

Another keystore, one put back to an older state, one that never made the keys that records name:
all are refused, since some values could not be read and others would be sealed under keys that
nobody keeps. A database older than its keystore is none of these: what was erased since stays
erased.
"""

from typing import Any

from sqlalchemy import delete, select

from crypto.errors import WrongKeystore
from crypto.key_rotation import HighWater, high_water, replaced_among
from models.metadata.tables import DATA_KEY
from models.records.engine import RecordEngine
from models.tables.base import table_of
from models.tables.keys import KeystoreMark
from models.tables.session import Transaction
from models.tables.upserts import insert_for

NEWEST = 20
"""So many records of each entity are looked at: the newest have the newest keys."""
THE_ONE = 1
MARK = table_of(KeystoreMark)
BEHIND = "the keystore is older than the records: "
REMEDY = (
    "Nothing is served, and nothing was written. Restore a keystore and a database that belong "
    "together; of two copies of the keystore the newer one"
)


def require_belonging(engine: RecordEngine) -> None:
    """WrongKeystore unless they belong together; remembers how far the keystore has come."""
    with engine.database.reading() as connection:
        mark = connection.execute(select(MARK)).first()
    identity, reached = _identity(engine), high_water(engine.keyring.keystore)
    if mark is not None and mark.identity != identity:
        raise WrongKeystore(
            f"this keystore is not the one these records were sealed with. {REMEDY}"
        )
    if mark is not None and _is_behind(reached, mark):
        raise WrongKeystore(
            f"{BEHIND}it was seen with key {mark.next_key_id} to come, and has key "
            f"{reached.next_key_id}; destroyed keys would be back. {REMEDY}"
        )
    named = _newest_keys(engine)
    highest = max(named, default=0)
    if replaced_among(engine.keyring.keystore, named):
        raise WrongKeystore(
            "the records are older than the keystore: a rotation has replaced the keys that they "
            f"name, so none of them opens. {REMEDY}"
        )
    if highest >= reached.next_key_id:
        raise WrongKeystore(f"{BEHIND}a record names key {highest}, which it never made. {REMEDY}")
    if mark is None or (mark.next_key_id, mark.generation) != reached:
        remember(engine, reached)


def remember(engine: RecordEngine, reached: HighWater | None = None) -> None:
    """Keep how far the keystore has come by now."""
    now, identity = reached or high_water(engine.keyring.keystore), _identity(engine)

    def work(transaction: Transaction) -> None:
        values = {"next_key_id": now.next_key_id, "generation": now.generation}
        behind = (MARK.c.next_key_id <= now.next_key_id) & (MARK.c.generation <= now.generation)
        inserted = insert_for(transaction.lock())(MARK).values(
            id=THE_ONE, identity=identity, **values
        )
        # many processes of one server begin at once
        transaction.write(
            inserted.on_conflict_do_update(index_elements=["id"], set_=values, where=behind)
        )

    engine.database.run(work)


def forget(transaction: Transaction) -> None:
    """For a set-up that begins anew, with nothing sealed yet."""
    transaction.write(delete(KeystoreMark))


def _identity(engine: RecordEngine) -> bytes:
    """Of the keystore's lasting key: tells another keystore, and nothing of the key."""
    return engine.keyring.secret("identity")


def _is_behind(reached: HighWater, mark: Any) -> bool:
    seen = HighWater(mark.next_key_id, mark.generation)
    return any(now < then for now, then in zip(reached, seen, strict=True))


def _newest_keys(engine: RecordEngine) -> set[int]:
    named: set[int | None] = set()
    catalog = engine.catalog
    with engine.database.reading() as connection:
        for entity in catalog.entities.values():
            if entity.sealed_attributes:
                table = catalog.tables.entities[entity.logical_name]
                newest = select(table.c[DATA_KEY]).order_by(table.c.id.desc()).limit(NEWEST)
                named.update(connection.scalars(newest))
    return {key_id for key_id in named if key_id is not None}
