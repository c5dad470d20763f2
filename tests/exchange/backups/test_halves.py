"""The days of a records' backup: when they are over no copy of it can be read, wherever it lies;
and until then the two folders and the root key are enough.
"""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from crypto.keystore_tables import data_key
from exchange.backups import halves
from exchange.backups.manifests import Kind
from exchange.backups.places import opened
from exchange.backups.refusing import BackupRefused
from exchange.backups.restoring import restore
from jobs.backup_keys import end_backup_keys
from jobs.mail import Mailer
from models.tables.base import utc_now
from models.tables.record_data import AuditEntry
from tests.exchange.backups.house import House, create, things, values
from tests.exchange.backups.test_restoring import CALLER, STEPS
from tests.jobs.post import settings
from tests.retention.ending import job

MAILER = Mailer(settings(25, UKETSUKE_BACKUP_DAYS="10"))


def age(house: House, key_id: int, *, days: int) -> None:
    aged = update(data_key).where(data_key.c.id == key_id)
    with house.keystore() as keystore, keystore.writing() as connection:
        connection.execute(aged.values(created_on=utc_now() - timedelta(days=days)))


def at_night(house: House) -> None:
    with house.engine() as engine:
        end_backup_keys(engine, MAILER, job("end_backup_keys"))


def told(house: House) -> list[dict[str, int]]:
    statement = select(AuditEntry.body).where(AuditEntry.action == "end_backup_keys")
    with house.engine() as engine, engine.database.reading() as connection:
        return [json.loads(body)["details"] for body in connection.scalars(statement)]


def test_when_its_days_are_over_no_copy_can_be_read(own_house: House, tmp_path: Path) -> None:
    with own_house.engine() as engine:
        create(engine, values("kept"))
    old = own_house.back_up(Kind.RECORDS)
    keystore_of_then = own_house.back_up(Kind.KEYSTORE)
    copy = tmp_path / "somewhere else" / old.folder.name
    shutil.copytree(old.folder, copy)
    age(own_house, old.manifest.half, days=11)
    at_night(own_house)
    assert own_house.complete(opened(copy, own_house.provider)).is_complete, "it is the newest"
    new = own_house.back_up(Kind.RECORDS)
    at_night(own_house)
    own_house.back_up(Kind.KEYSTORE)
    assert told(own_house) == [{"ended": 1}]
    ended = own_house.complete(opened(copy, own_house.provider))
    with pytest.raises(BackupRefused, match="the keystore does not have its key"):
        list(ended.content())
    own_house.lose_records()
    with pytest.raises(BackupRefused, match="the keystore does not have its key"):
        restore(own_house.place, ended, None, steps=STEPS, caller=CALLER)
    known_then = halves.in_backup(opened(keystore_of_then.folder, own_house.provider))
    assert halves.completed(ended, known_then).is_complete, "the horizon is longer by its days"
    own_house.lose_keystore()
    [newest, *_] = sorted((own_house.folder / "backups of keystore").iterdir(), reverse=True)
    keystore = opened(newest, own_house.provider)
    assert halves.in_backup(keystore).keys() == {new.manifest.half}
    with pytest.raises(BackupRefused, match="the keystore does not have its key"):
        restore(own_house.place, ended, keystore, steps=STEPS, caller=CALLER)
    again = opened(new.folder, own_house.provider)
    restore(own_house.place, again, keystore, steps=STEPS, caller=CALLER)
    with own_house.engine() as engine:
        assert [one["tst_name"] for one in things(engine)] == ["kept"]
