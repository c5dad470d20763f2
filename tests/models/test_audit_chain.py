"""The law of the audit's chain: whatever is done to it, or left out of it, is found."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from models.records.audit_verification import Verification, verify
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.record_data import AuditEntry, AuditHead
from models.tables.session import Transaction
from tests.models.office import member

ENTRY = AuditEntry.__table__


class Interrupted(Exception):
    """Takes back what was done to the chain."""


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    return member(engine)


def create(engine: RecordEngine, caller: Caller) -> None:
    batch = [{"tst_fullname": "神戸花子"}]
    engine.run(lambda s: s.create_multiple(caller, "tst_person", batch))


def last(engine: RecordEngine) -> int:
    with engine.database.reading() as connection:
        return connection.scalar(select(func.max(ENTRY.c.sequence))) or 0


def verified(engine: RecordEngine, connection: Connection) -> Verification:
    return verify(connection, engine.keyring.secret("audit"))


def body_of(connection: Connection, sequence: int) -> str:
    return connection.scalar(select(ENTRY.c.body).where(ENTRY.c.sequence == sequence)) or ""


def rewrite(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(ENTRY).where(ENTRY.c.sequence == number).values(**values))


def swap(connection: Connection) -> None:
    """Two entries change places, their links with them."""
    for old, new in ((2, -1), (3, 2), (-1, 3)):
        rewrite(connection, old, sequence=new)


def forge(connection: Connection) -> None:
    """An entry more at the end, and the head moved to it."""
    row = dict(
        connection.execute(select(ENTRY).order_by(ENTRY.c.sequence.desc())).first()._mapping
    )
    row["sequence"] += 1
    connection.execute(insert(ENTRY), row)
    connection.execute(update(AuditHead).values(sequence=row["sequence"]))


def cut_off(connection: Connection) -> None:
    """The last entry goes, and the head says that the one before it is the last."""
    number = connection.scalar(select(func.max(ENTRY.c.sequence))) or 0
    connection.execute(delete(ENTRY).where(ENTRY.c.sequence == number))
    before = connection.scalar(select(ENTRY.c.mac).where(ENTRY.c.sequence == number - 1))
    connection.execute(update(AuditHead).values(sequence=number - 1, mac=before))


TAMPERED: dict[str, Callable[[Connection], object]] = {
    "a changed entry": lambda c: rewrite(
        c, 2, body=body_of(c, 2).replace('"outcome":"ok"', '"outcome":"no"')
    ),
    "a changed link": lambda c: rewrite(c, 2, mac=bytes(32)),
    "another act in its column": lambda c: rewrite(c, 2, action="read"),
    "another record in its column": lambda c: rewrite(c, 2, record_id=uuid4()),
    "another caller in its column": lambda c: rewrite(c, 2, caller_id=uuid4()),
    "another entity in its column": lambda c: rewrite(c, 2, entity="tst_note"),
    "another time in its column": lambda c: rewrite(
        c, 2, created_on=c.scalar(select(ENTRY.c.created_on).where(ENTRY.c.sequence == 1))
    ),
    "a removed entry": lambda c: c.execute(delete(ENTRY).where(ENTRY.c.sequence == 2)),
    "the first entry removed": lambda c: c.execute(delete(ENTRY).where(ENTRY.c.sequence == 1)),
    "the last entry removed": lambda c: c.execute(
        delete(ENTRY).where(
            ENTRY.c.sequence == select(func.max(ENTRY.c.sequence)).scalar_subquery()
        )
    ),
    "the last entry removed and the head moved": cut_off,
    "all entries removed": lambda c: c.execute(delete(ENTRY)),
    "two entries in each other's place": swap,
    "a forged entry": forge,
}


@pytest.mark.parametrize("tampering", TAMPERED)
def test_the_chain_finds_what_was_done_to_it(
    engine: RecordEngine, caller: Caller, tampering: str
) -> None:
    for _ in range(3):
        create(engine, caller)

    def work(transaction: Transaction) -> None:
        connection = transaction.lock()
        assert verified(engine, connection).holds
        TAMPERED[tampering](connection)
        found = verified(engine, connection)
        assert not found.holds
        assert found.reason
        raise Interrupted

    with pytest.raises(Interrupted):
        engine.database.run(work)
    with engine.database.snapshot() as connection:
        assert verified(engine, connection) == Verification(last(engine))
        assert not verify(connection, b"another secret").holds


def test_many_writers_make_one_chain(engine: RecordEngine, caller: Caller) -> None:
    before = last(engine)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: create(engine, caller), range(24)))
    assert last(engine) == before + 24
    with engine.database.snapshot() as connection:
        assert verified(engine, connection).holds
