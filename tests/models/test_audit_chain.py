"""The law of the audit's chain: whatever is done to it, or left out of it, is found, and where."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from models.metadata.query import Query
from models.records import audit_verification
from models.records.audit_verification import ALTERED, COLUMNS, CUT, MISSING, Verification, verify
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.audit import AuditListed, AuditSubject
from models.tables.base import utc_now
from models.tables.record_data import AuditEntry, AuditHead
from models.tables.session import Transaction
from tests.models.office import member
from tests.support.auditing import last

ENTRY, LISTED, SUBJECT = AuditEntry.__table__, AuditListed.__table__, AuditSubject.__table__
END = 1_000_000
"""Stands for the entry after the last."""


class Interrupted(Exception):
    """Takes back what was done to the chain."""


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    """Whose doings make the log: entries 1 and 2 make a person each, entry 3 lists both, entry 4
    refuses something, and more follow."""
    person = member(engine)
    for _ in range(2):
        create(engine, person)
    query = Query(entity="tst_person", columns=("tst_tel",))
    assert len(engine.run(lambda s: s.retrieve_multiple(person, query)).records) == 2
    engine.run(lambda s: s.audit(person, "refusal", outcome="refused", what="a page"))
    for _ in range(4):
        create(engine, person)
    return person


def create(engine: RecordEngine, caller: Caller) -> None:
    batch = [{"tst_fullname": "神戸花子", "tst_tel": "078-331-4649"}]
    engine.run(lambda s: s.create_multiple(caller, "tst_person", batch))


def verified(engine: RecordEngine, connection: Connection) -> Verification:
    return verify(connection, engine.keyring.secret("audit"))


def body_of(connection: Connection, sequence: int) -> str:
    return connection.scalar(select(ENTRY.c.body).where(ENTRY.c.sequence == sequence)) or ""


def rewrite(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(ENTRY).where(ENTRY.c.sequence == number).values(**values))


def remove(connection: Connection, *numbers: int) -> None:
    connection.execute(delete(ENTRY).where(ENTRY.c.sequence.in_(numbers)))


def last_of(connection: Connection) -> int:
    return connection.scalar(select(func.max(ENTRY.c.sequence))) or 0


def swap(connection: Connection) -> None:
    """Two entries change places, their links with them."""
    for old, new in ((1, -1), (2, 1), (-1, 2)):
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
    number = last_of(connection)
    remove(connection, number)
    before = connection.scalar(select(ENTRY.c.mac).where(ENTRY.c.sequence == number - 1))
    connection.execute(update(AuditHead).values(sequence=number - 1, mac=before))


def list_another(connection: Connection, sequence: int, record_id: UUID) -> None:
    connection.execute(insert(LISTED), {"sequence": sequence, "record_id": record_id})


def time_of(connection: Connection, sequence: int) -> object:
    return connection.scalar(select(ENTRY.c.created_on).where(ENTRY.c.sequence == sequence))


Tampering = Callable[[Connection], object]
IN_THE_CHAIN: dict[str, tuple[Tampering, list[tuple[int, str]]]] = {
    "a changed entry": (
        lambda c: rewrite(c, 2, body=body_of(c, 2).replace('"outcome":"ok"', '"outcome":"no"')),
        [(2, ALTERED)],
    ),
    "no JSON any more": (lambda c: rewrite(c, 2, body="{"), [(2, ALTERED)]),
    "a changed link": (lambda c: rewrite(c, 2, mac=bytes(32)), [(2, ALTERED), (3, ALTERED)]),
    "two changed entries": (
        lambda c: [rewrite(c, one, body=body_of(c, one) + " ") for one in (2, 5)],
        [(2, ALTERED), (5, ALTERED)],
    ),
    "a removed entry": (lambda c: remove(c, 2), [(2, MISSING)]),
    "two gaps": (lambda c: remove(c, 2, 5, 6), [(2, MISSING), (5, MISSING)]),
    "the first entry removed": (lambda c: remove(c, 1), [(1, MISSING)]),
    "two entries in each other's place": (swap, [(1, ALTERED), (2, ALTERED), (3, ALTERED)]),
    "the last entry removed": (lambda c: remove(c, last_of(c)), [(END - 1, CUT)]),
    "the last entry removed and the head moved": (cut_off, [(END - 1, CUT)]),
    "all entries removed": (lambda c: c.execute(delete(ENTRY)), [(1, CUT)]),
    "a forged entry": (forge, [(END, ALTERED), (END + 1, CUT)]),
}
BESIDE_IT: dict[str, tuple[Tampering, int]] = {
    "another act": (lambda c: rewrite(c, 2, action="read"), 2),
    "another outcome": (lambda c: rewrite(c, 4, outcome="ok"), 4),
    "another record": (lambda c: rewrite(c, 2, record_id=uuid4()), 2),
    "another caller": (lambda c: rewrite(c, 2, caller_id=uuid4()), 2),
    "a supporter": (lambda c: rewrite(c, 2, supporter_id=uuid4()), 2),
    "another entity": (lambda c: rewrite(c, 2, entity="tst_note"), 2),
    "another time": (lambda c: rewrite(c, 2, created_on=time_of(c, 1)), 2),
    "other attributes": (lambda c: rewrite(c, 3, subject_id=1), 3),
    "no attributes": (lambda c: rewrite(c, 3, subject_id=None), 3),
    "attributes renamed": (
        lambda c: c.execute(
            update(SUBJECT).where(SUBJECT.c.attributes == ",tst_tel,").values(attributes=",")
        ),
        3,
    ),
    "a record taken off a list": (
        lambda c: c.execute(
            delete(LISTED).where(
                LISTED.c.record_id == c.scalar(select(func.max(LISTED.c.record_id)))
                if c.dialect.name == "sqlite"
                else LISTED.c.record_id == c.scalar(select(LISTED.c.record_id).limit(1))
            )
        ),
        3,
    ),
    "a list taken away": (lambda c: c.execute(delete(LISTED)), 3),
    "a record put on a list": (lambda c: list_another(c, 3, uuid4()), 3),
    "a list where there was none": (lambda c: list_another(c, 2, uuid4()), 2),
}


def found_after(engine: RecordEngine, tampering: Tampering) -> tuple[Verification, int]:
    """What verification finds, and how many entries there were; all is taken back."""
    found: list[Verification] = []

    def work(transaction: Transaction) -> None:
        connection = transaction.lock()
        assert verified(engine, connection).holds
        tampering(connection)
        found.append(verified(engine, connection))
        raise Interrupted

    count = last(engine)
    with pytest.raises(Interrupted):
        engine.database.run(work)
    return found[0], count


@pytest.mark.usefixtures("caller")
@pytest.mark.parametrize("name", IN_THE_CHAIN)
def test_what_was_done_to_the_chain_is_found_where_it_was_done(
    engine: RecordEngine, name: str
) -> None:
    tampering, places = IN_THE_CHAIN[name]
    found, count = found_after(engine, tampering)
    end = count + 1 - END
    expected = [(place + end if place > count else place, reason) for place, reason in places]
    assert [(fault.sequence, fault.reason) for fault in found.faults] == expected
    assert found.held == expected[0][0] - 1


@pytest.mark.usefixtures("caller")
@pytest.mark.parametrize("name", BESIDE_IT)
def test_nothing_is_hidden_from_who_looks_for_it(engine: RecordEngine, name: str) -> None:
    """Columns and tables that entries are found by say what the entries say."""
    tampering, place = BESIDE_IT[name]
    found, _ = found_after(engine, tampering)
    assert (found.faults[0].sequence, found.faults[0].reason) == (place, COLUMNS)


@pytest.mark.usefixtures("caller")
def test_a_list_of_an_entry_that_is_not_there_is_found(engine: RecordEngine) -> None:
    found, count = found_after(engine, lambda c: list_another(c, 10_000, uuid4()))
    assert [(one.sequence, one.reason) for one in found.faults] == [(count + 1, COLUMNS)]


def test_it_is_said_between_which_times(engine: RecordEngine, caller: Caller) -> None:
    before = utc_now()
    create(engine, caller)
    between = utc_now()
    create(engine, caller)
    create(engine, caller)
    number = last(engine) - 1
    found, _ = found_after(engine, lambda c: remove(c, number))
    [gap] = found.faults
    assert (gap.sequence, gap.last) == (number, number)
    assert before < gap.after < between < gap.before
    found, _ = found_after(engine, lambda c: remove(c, number, number + 1))
    [cut] = found.faults
    assert (cut.sequence, cut.last, cut.before) == (number, number + 1, None)
    assert before < cut.after < between


@pytest.mark.usefixtures("caller")
def test_it_holds_where_nothing_was_done(engine: RecordEngine) -> None:
    with engine.database.snapshot() as connection:
        found = verify(connection, engine.keyring.secret("audit"), wanted=(2, 10_000))
        assert (found.entries, found.faults, found.held) == (last(engine), (), last(engine))
        assert found.newest_on == time_of(connection, last(engine))
        mac = connection.scalar(select(ENTRY.c.mac).where(ENTRY.c.sequence == 2))
        assert found.macs == {2: mac}


@pytest.mark.usefixtures("caller")
def test_with_another_secret_every_entry_fails_and_some_are_told(
    engine: RecordEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_verification, "MOST_FAULTS", 3)
    with engine.database.snapshot() as connection:
        found = verify(connection, b"another secret")
    assert [fault.sequence for fault in found.faults] == [1, 2, 3]
    assert found.untold == last(engine) - 3 + 1  # the head's seal, too


def test_many_writers_make_one_chain(engine: RecordEngine, caller: Caller) -> None:
    before = last(engine)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: create(engine, caller), range(24)))
    assert last(engine) == before + 24
    with engine.database.snapshot() as connection:
        assert verified(engine, connection).holds
