"""The drill: backed up under load, lost, brought back. And what must not come back."""

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import select

from crypto.errors import DestroyedKey, WrongKeystore
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from exchange.backups import landing, sqlite
from exchange.backups.manifests import Kind
from exchange.backups.places import Backup, opened
from exchange.backups.refusing import BackupRefused
from exchange.backups.restoring import Restored, Steps, restore
from jobs.workflows import mail_step
from models.records.audit_verification import verify as verify_chain
from models.records.engine import RecordEngine
from models.records.erasing.replaying import replay_erasures
from models.records.rekeying import data_keys
from models.records.rekeying.belonging import require_belonging
from models.records.rekeying.patience import Patience
from models.records.rekeying.reindexing import rebuild_index
from models.records.steps import Steps as RecordSteps
from models.records.store import COMPANIONS
from models.security.caller import Caller
from models.tables.record_data import AuditEntry, AuditHead
from tests.exchange.backups.house import (
    THING,
    House,
    built,
    create,
    delete,
    restore_and_be_killed,
    stored,
    things,
    values,
    write_until,
)
from tests.jobs.post import settings
from tests.support.databases import sqlite_file

CALLER = Caller.system("flask backup restore by a test")
STEPS = Steps(
    replay_erasures=replay_erasures,
    rebuild_index=rebuild_index,
    operations=RecordSteps(post_operation=(mail_step(settings(25)),)),
)
SPAWN = multiprocessing.get_context("spawn")
WRITERS, PATIENCE = 2, 60


def bring_back(house: House, records: Backup, keystore: Backup | None = None) -> Restored:
    """As another machine would: from the folders alone."""
    again = [one and opened(one.folder, house.provider) for one in (records, keystore)]
    assert again[0] is not None
    return restore(house.place, again[0], again[1], steps=STEPS, caller=CALLER)


@contextmanager
def load(house: House) -> Iterator[None]:
    """Writers in processes of their own, all at work when the block begins."""
    started, stop = SPAWN.Semaphore(0), SPAWN.Event()
    writers = [
        SPAWN.Process(target=write_until, args=(house,), kwargs={"started": started, "stop": stop})
        for _ in range(WRITERS)
    ]
    for one in writers:
        one.start()
    try:
        for _ in writers:
            assert started.acquire(timeout=PATIENCE)
        yield
    finally:
        stop.set()
        for one in writers:
            one.join(PATIENCE)
    assert [one.exitcode for one in writers] == [0] * WRITERS


def last_entry(engine: RecordEngine) -> int:
    with engine.database.reading() as connection:
        return connection.scalar(select(AuditHead.sequence)) or 0


def wait_for_entries(engine: RecordEngine, number: int) -> None:
    """Until the writers have come so far: they were at work before, and are after."""
    end = monotonic() + PATIENCE
    while last_entry(engine) < number:
        assert monotonic() < end, "nobody writes"
        sleep(0.05)


def test_what_was_backed_up_under_load_comes_back_whole(own_house: House) -> None:
    with own_house.engine() as engine:
        create(engine, *(values(f"before-{number}") for number in range(20)))
        with load(own_house):
            wait_for_entries(engine, last_entry(engine) + 10)
            records = own_house.back_up(Kind.RECORDS)
            keystore = own_house.back_up(Kind.KEYSTORE)
            wait_for_entries(engine, records.manifest.facts["audit_sequence"] + 10)
    with own_house.engine() as engine:
        erased = things(engine, tst_email="before-7@example.jp")
        delete(engine, *(one["id"] for one in erased))
    own_house.lose_records()
    own_house.lose_keystore()
    restored = bring_back(own_house, records, keystore)
    with own_house.engine() as engine:
        require_consistent(engine, records, restored)
        [found] = things(engine, tst_email="before-3@example.jp")
        assert found["tst_name"] == "before-3"
        create(engine, values("afterwards"))


def require_consistent(engine: Any, records: Backup, restored: Restored) -> None:
    """Every record complete with its companions, the log whole, the counts those of the manifest
    but for what was erased again."""
    told = records.manifest
    found = things(engine)
    assert restored.unreadable == 0
    assert len(found) + restored.erased == told.rows[THING] == restored.indexed + restored.erased
    for one in found:
        assert one["tst_email"] == f"{one['tst_name']}@example.jp"
        assert one["tst_phone"] == "078-331-1234"
    with engine.database.snapshot() as connection:
        chain = verify_chain(connection, engine.keyring.secret("audit"))
    assert chain.faults == ()
    *_, restoring = stored(engine, AuditEntry)
    assert (restoring.action, restoring.sequence) == ("restore_backup", chain.newest)
    assert f'"backup":"{told.id.hex}"' in restoring.body
    ids = {one["id"] for one in found}
    for column in COMPANIONS:
        rows = stored(engine, column.class_)
        assert {getattr(row, column.key) for row in rows} <= ids, column
    assert len(stored(engine, COMPANIONS[0].class_)) == 2 * len(found)


def test_what_was_erased_since_is_unreadable_and_then_gone(own_house: House) -> None:
    """With today's keystore, whatever the backup holds of it."""
    with own_house.engine() as engine:
        kept, gone = create(engine, values("kept"), values("gone"))
    records = own_house.back_up(Kind.RECORDS)
    with own_house.engine() as engine:
        delete(engine, gone)
    own_house.lose_records()
    store = Keystore(own_house.keystore_url, own_house.provider)
    answers = store.fetch([records.manifest.facts["highest_key"]])
    store.dispose()
    assert [type(one) for one in answers.values()] == [DestroyedKey]
    restored = bring_back(own_house, records)
    assert restored.erased == 1
    with own_house.engine() as engine:
        assert [one["id"] for one in things(engine)] == [kept]
        assert things(engine, tst_email="gone@example.jp") == []
        assert len(things(engine, tst_email="kept@example.jp")) == 1


def test_a_lost_keystore_comes_back_and_remembers_what_it_knew(own_house: House) -> None:
    """Erased between the two backups: done again. Nothing else is."""
    with own_house.engine() as engine:
        kept, gone = create(engine, values("kept"), values("gone"))
    records = own_house.back_up(Kind.RECORDS)
    with own_house.engine() as engine:
        delete(engine, gone)
    keystore = own_house.back_up(Kind.KEYSTORE)
    own_house.lose_records()
    own_house.lose_keystore()
    assert bring_back(own_house, records, keystore).erased == 1
    with own_house.engine() as engine:
        assert [one["id"] for one in things(engine)] == [kept]


def is_untouched(house: House) -> bool:
    """Nothing there, and nothing beside it."""
    beside = [one.name for one in house.folder.iterdir() if one.name.startswith(".")]
    return landing.is_free(house.database_url) and beside == []


def test_what_does_not_fit_is_refused_and_changes_nothing(own_house: House) -> None:
    """One house for all refusals: each leaves it as it was."""
    with own_house.engine() as engine:
        create(engine, values("before"))
    old_keystore = own_house.back_up(Kind.KEYSTORE)
    with own_house.engine() as engine:
        create(engine, *(values(f"later-{number}") for number in range(100)))
    records = own_house.back_up(Kind.RECORDS)
    keystore = own_house.back_up(Kind.KEYSTORE)
    refused(own_house, records, None, "there is a database already")
    own_house.lose_records()
    refused(own_house, records, keystore, "there is a keystore already, and it stays")
    own_house.lose_keystore()
    refused(own_house, records, None, "no keystore and no backup of one")
    refused(own_house, records, old_keystore, "the keystore is older than the records")
    stranger = replace(keystore.manifest, keystore="of another house")
    refused(own_house, records, replace(keystore, manifest=stranger), "another installation's")
    refused(own_house, keystore, keystore, "named for the records is one of the keystore")
    refused(own_house, records, records, "named for the keystore is one of the records")
    other = replace(records.manifest, database="oracle")
    refused(own_house, replace(records, manifest=other), keystore, "the backup is of oracle")
    spoilt = records.folder / "content.sealed"
    good = spoilt.read_bytes()
    spoilt.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    refused(own_house, records, keystore, "altered, or cut short")
    spoilt.write_bytes(good)
    assert landing.is_free(own_house.keystore_url)
    bring_back(own_house, records, keystore)


def refused(house: House, records: Backup, keystore: Backup | None, why: str) -> None:
    was_free = landing.is_free(house.database_url)
    with pytest.raises(BackupRefused, match=why):
        restore(house.place, records, keystore, steps=STEPS, caller=CALLER)
    assert landing.is_free(house.database_url) == was_free
    assert not was_free or is_untouched(house)


def test_where_a_step_fails_nothing_stays(own_house: House) -> None:
    with own_house.engine() as engine:
        create(engine, values("one"))
    records, keystore = own_house.back_up(Kind.RECORDS), own_house.back_up(Kind.KEYSTORE)
    own_house.lose_records()
    own_house.lose_keystore()

    def broken(_engine: Any) -> int:
        raise RuntimeError("the power is gone")

    steps = replace(STEPS, rebuild_index=broken)
    with pytest.raises(RuntimeError, match="the power is gone"):
        restore(own_house.place, records, keystore, steps=steps, caller=CALLER)
    assert is_untouched(own_house)
    assert landing.is_free(own_house.keystore_url)
    bring_back(own_house, records, keystore)


def test_no_process_starts_before_all_is_done(own_house: House) -> None:
    """Whoever ends the restore by force leaves nothing that would be served."""
    with own_house.engine() as engine:
        create(engine, values("one"))
        require_belonging(engine)  # as every start does
    records = own_house.back_up(Kind.RECORDS)
    own_house.lose_records()
    seen = []

    def look(engine: RecordEngine) -> int:
        with pytest.raises(WrongKeystore):
            require_belonging(engine)
        seen.append(engine)
        return rebuild_index(engine)

    steps = replace(STEPS, rebuild_index=look)
    restore(own_house.place, records, None, steps=steps, caller=CALLER)
    assert len(seen) == 1
    with own_house.engine() as engine:
        require_belonging(engine)


def test_one_that_is_ended_by_force_leaves_nothing_that_is_served(own_house: House) -> None:
    with own_house.engine() as engine:
        create(engine, values("one"))
        require_belonging(engine)
    records = own_house.back_up(Kind.RECORDS)
    own_house.lose_records()
    killed = SPAWN.Process(target=restore_and_be_killed, args=(own_house, records.folder))
    killed.start()
    killed.join(PATIENCE)
    assert killed.exitcode == -signal.SIGKILL
    if not landing.is_free(own_house.database_url):
        with own_house.engine() as engine, pytest.raises(WrongKeystore):
            require_belonging(engine)
        own_house.lose_records()
    assert bring_back(own_house, records).unreadable == 0


def test_of_before_a_rotation_nothing_comes_back(own_house: House) -> None:
    """A backup of before holds values under keys that are no more."""
    with own_house.engine() as engine:
        create(engine, values("one"))
    before = own_house.back_up(Kind.RECORDS)
    with own_house.engine() as engine:
        data_keys.rotate(engine, CALLER, [THING], patience=Patience(0.0))
    after = own_house.back_up(Kind.RECORDS)
    own_house.lose_records()
    with pytest.raises(WrongKeystore, match="a rotation has replaced the keys"):
        bring_back(own_house, before)
    assert is_untouched(own_house)
    assert bring_back(own_house, after).unreadable == 0
    with own_house.engine() as engine:
        assert len(things(engine, tst_email="one@example.jp")) == 1


def test_what_opens_no_more_is_counted(own_house: House) -> None:
    """As of a record that was anonymised since: it is there, and what was sealed is not."""
    with own_house.engine() as engine:
        create(engine, values("one"), values("two"))
    records = own_house.back_up(Kind.RECORDS)
    own_house.lose_records()
    store = Keystore(own_house.keystore_url, own_house.provider)
    store.destroy([records.manifest.facts["highest_key"]])
    store.dispose()
    assert bring_back(own_house, records).unreadable == 2
    with own_house.engine() as engine:
        assert len(things(engine)) == 2


def test_a_keystore_under_another_root_key_is_refused(own_house: House) -> None:
    with own_house.engine() as engine:
        create(engine, values("one"))
    records = own_house.back_up(Kind.RECORDS)
    own_house.lose_records()
    another = own_house.folder / "another.key"
    store = Keystore(own_house.keystore_url, own_house.provider)
    store.change_provider(FileKeyProvider.create(another))
    store.dispose()
    refused(own_house, records, None, "the keystore that is there cannot be used")


def test_what_was_lost_is_its_owners_alone_again(tmp_path: Path) -> None:
    house = built(tmp_path, sqlite_file(tmp_path), sqlite_file(tmp_path))
    records, keystore = house.back_up(Kind.RECORDS), house.back_up(Kind.KEYSTORE)
    house.lose_records()
    house.lose_keystore()
    bring_back(house, records, keystore)
    for url in (house.database_url, house.keystore_url):
        file = sqlite.file_of(url)
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.stat().st_nlink == 1
