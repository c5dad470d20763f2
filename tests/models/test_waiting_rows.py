"""Rows that are only added wait without the write lock: nobody is kept out meanwhile, and nothing
else can tell the difference. On either database.
"""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from models.records.engine import RecordEngine
from models.tables.base import new_id, table_of, utc_now
from models.tables.intake import ConfirmationToken
from models.tables.session import Database, Transaction

TOKENS = table_of(ConfirmationToken)


def row(token: bytes, record_id: UUID) -> dict[str, object]:
    return {
        "token_hash": token,
        "form": "tst_form",
        "entity": "tst_folder",
        "record_id": record_id,
        "language": "ja",
        "expires_on": utc_now() + timedelta(hours=1),
    }


@pytest.fixture(scope="module")
def database(engine: RecordEngine) -> Iterator[Database]:
    return engine.database


@pytest.fixture
def record_id() -> UUID:
    return new_id()


def count(transaction: Transaction, record_id: UUID) -> int:
    of_record = ConfirmationToken.record_id == record_id
    statement = select(func.count()).select_from(ConfirmationToken).where(of_record)
    return int(transaction.read(statement).scalar_one())


def kept(database: Database, record_id: UUID) -> int:
    return database.run(lambda transaction: count(transaction, record_id))


def test_others_write_while_rows_wait(database: Database, record_id: UUID) -> None:
    other = new_id()

    def work(transaction: Transaction) -> None:
        transaction.insert(TOKENS, [row(record_id.bytes, record_id)])
        writing = threading.Thread(
            target=lambda: database.run(
                lambda others: others.insert(TOKENS, [row(other.bytes, other)])
            )
        )
        writing.start()
        writing.join(10)
        assert kept(database, other) == 1
        assert kept(database, record_id) == 0

    database.run(work)
    assert kept(database, record_id) == 1


def test_what_waits_is_there_for_whoever_asks_within(database: Database, record_id: UUID) -> None:
    def work(transaction: Transaction) -> list[int]:
        seen = [count(transaction, record_id)]
        for number in range(3):
            rows = [row(record_id.bytes + bytes([number, n]), record_id) for n in range(2)]
            transaction.insert(TOKENS, rows)
            seen.append(count(transaction, record_id))
        return seen

    assert database.run(work) == [0, 2, 4, 6]
    assert kept(database, record_id) == 6


def test_what_waits_comes_before_what_is_written_next(database: Database, record_id: UUID) -> None:
    of_record = ConfirmationToken.record_id == record_id
    statement = update(ConfirmationToken).where(of_record).values(language="en")

    def work(transaction: Transaction) -> int:
        transaction.insert(TOKENS, [row(record_id.bytes, record_id)])
        return transaction.write(statement).rowcount

    assert database.run(work) == 1


def test_an_error_takes_back_what_waits(database: Database, record_id: UUID) -> None:
    def work(transaction: Transaction) -> None:
        transaction.insert(TOKENS, [row(record_id.bytes, record_id)])
        raise LookupError

    with pytest.raises(LookupError):
        database.run(work)
    assert kept(database, record_id) == 0


def test_a_refusal_at_the_very_end_is_raised_and_takes_all_of_it_back(
    database: Database, record_id: UUID
) -> None:
    def work(transaction: Transaction) -> None:
        transaction.insert(TOKENS, [row(record_id.bytes + b"1", record_id)])
        transaction.insert(TOKENS, [row(record_id.bytes + b"2", record_id)] * 2)

    with pytest.raises(IntegrityError):
        database.run(work)
    assert kept(database, record_id) == 0
    database.run(lambda transaction: transaction.insert(TOKENS, [row(b"after", record_id)]))
    assert kept(database, record_id) == 1


def test_a_reader_becomes_the_writer_and_sees_the_newest(
    database: Database, record_id: UUID
) -> None:
    """It held no moment of its own: what others committed meanwhile is not overwritten."""

    def work(transaction: Transaction) -> list[int]:
        seen = [count(transaction, record_id)]
        database.run(lambda others: others.insert(TOKENS, [row(record_id.bytes, record_id)]))
        seen.append(count(transaction, record_id))
        transaction.lock()
        seen.append(count(transaction, record_id))
        return seen

    assert database.run(work) == [0, 1, 1]
