"""Where a month's records share their key: once its last one was erased, and the night's jobs have
run, a copy of the database of before opens nothing with the keystore of after.
"""

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

import tests.admin_views.office as offices
from jobs.purging import purge_intake
from models.records.rekeying.month_keys import end_month_keys
from models.records.rekeying.places import all_places
from models.records.rekeying.verifying import verify
from models.tables.base import utc_now
from tests.admin_views.office import build_office, open_engine
from tests.enquiries.asking import ENQUIRY, ask, change
from tests.packager.folders import copy_of_kobe, edit
from tests.retention.ending import ANSWERED, COMPLETED, LONG_AGO, MAILER, aged, job, night, there

ENTITY_FILE = "entities/kobe_enquiry.yaml"


def copied(name: str, source: Path, target: Path) -> None:
    with sqlite3.connect(source / name) as old, sqlite3.connect(target / name) as new:
        old.backup(new)


def test_an_old_copy_opens_nothing_of_an_ended_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solution = copy_of_kobe(tmp_path / "solution")
    edit(solution, ENTITY_FILE, lambda stated: stated["kobe_enquiry"].update(key_bucket="month"))
    rule = {"action": "erase"}
    edit(solution, "retention.yaml", lambda stated: stated["kobe_enquiries_kept"].update(rule))
    monkeypatch.setattr(offices, "SOLUTION", solution)
    instance, old = tmp_path / "instance", tmp_path / "old"
    for folder in (instance, old):
        folder.mkdir()
    office = build_office(instance)
    record = ask(office, kobe_email="saigo.no.hito@example.jp")
    for status in (ANSWERED, COMPLETED):
        change(office, ENQUIRY, record, statuscode=status)
    aged(office, ENQUIRY, record, LONG_AGO)
    copied("uketsuke.db", instance, old)
    night(office)
    assert record not in there(office, ENQUIRY)
    purge_intake(office.engine, MAILER, job("purge_intake"))
    end_month_keys(office.engine, now=utc_now() + timedelta(days=62))
    office.engine.database.dispose()
    shutil.copy(instance / "root.key", old)
    copied("keystore.db", instance, old)
    copy = open_engine(old)
    found = verify(copy, all_places(copy.catalog))
    copy.database.dispose()
    assert (found.opened, found.failed) == (0, 0)
    assert found.shredded > 0
