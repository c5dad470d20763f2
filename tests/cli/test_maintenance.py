"""flask maintenance: what is of no use goes and is counted; what is too old is told."""

import os
import time
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, select, update

from jobs.retention.handlers import END_RETENTION
from models.security.principals import public_caller
from models.tables.base import utc_now
from models.tables.intake import RateLimit
from models.tables.record_data import AuditEntry, SystemJob
from models.tables.retention import LegalHold
from tests.cli.installation import ENTITY, READER, Installation
from tests.packager.folders import copy_of_kobe, edit

PROJECT = {
    "kobe_category": 927000005,
    "kobe_area": 927000103,
    "kobe_projectname": "花の会",
}


def test_what_is_of_no_use_is_put_away_and_counted(own_kobe: Installation) -> None:
    with own_kobe.engine() as engine:
        row = {"key": "somebody", "count": 1, "expires_on": time.time() - 60}
        engine.database.run(lambda t: t.write(insert(RateLimit), row))
    draft = own_kobe.instance / ".root.key.0123456789abcdef"
    draft.write_bytes(b"a key that came to nothing")
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(draft, (long_ago, long_ago))
    said = own_kobe.done("maintenance", "tidy")
    assert "1  counters of rate limits" in said
    assert "1  files that a broken command left" in said
    assert not draft.exists()
    assert (own_kobe.instance / "root.key").exists()
    assert "0  counters of rate limits" in own_kobe.done("maintenance", "tidy")


def test_what_cannot_be_put_away_does_not_hide_what_was(own_kobe: Installation) -> None:
    """Unsealed copies of the database go, and are told of and audited, although a record stays."""
    stricter = copy_of_kobe(own_kobe.folder / "stricter")
    edit(
        stricter,
        "relationships.yaml",
        lambda c: c["one_to_many"]["kobe_application_projects"].update(on_delete="restrict"),
    )
    own_kobe.done("solution", "import", str(stricter))
    long_ago = time.time() - 2 * 24 * 3600
    for name in (".backup-0123456789abcdef", ".restore-0123456789abcdef"):
        (own_kobe.instance / name).mkdir()
        (own_kobe.instance / name / "whole.db").write_bytes(b"an unsealed copy")
        os.utime(own_kobe.instance / name, (long_ago, long_ago))
    own_kobe.done("demo", "seed", "--count", "3")
    with own_kobe.engine() as engine:
        table = engine.catalog.tables.entities[ENTITY]
        with engine.database.reading() as connection:
            held, restricted, *others = connection.scalars(select(table.c.id)).all()
            public = public_caller(connection, engine.catalog.forms[ENTITY])
        maker = replace(READER, owner=public.owner, business_unit=public.business_unit)
        project = {**PROJECT, "kobe_application": restricted}
        engine.run(lambda s: s.create_multiple(maker, "kobe_project", [project]))
        old = {"statuscode": 1, "statecode": 0, "createdon": utc_now() - timedelta(days=9)}
        engine.database.run(lambda t: t.write(update(table).values(**old)))
        row = {"entity": ENTITY, "record_id": held, "reason": "訴訟", "placed_by_name": "法務"}
        engine.database.run(lambda t: t.write(insert(LegalHold), row))
    said = own_kobe.refused("maintenance", "tidy")
    assert "some records could not be erased: 1 records" in said, "what is held is no failure"
    assert f"{len(others)}  records that nobody confirmed" in said
    assert "2  copies of the database that a broken command left" in said
    assert not list(own_kobe.instance.glob(".*-0123456789abcdef"))
    with own_kobe.engine() as engine, engine.database.reading() as connection:
        tidied = select(AuditEntry.outcome).where(AuditEntry.action == "tidy")
        assert connection.scalars(tidied).all() == ["failed"]


def test_what_is_too_old_is_told(own_kobe: Installation) -> None:
    assert "Nothing is kept for longer than it may be." in own_kobe.done("maintenance", "check")
    with own_kobe.engine() as engine:
        missed = update(SystemJob).where(SystemJob.kind == END_RETENTION)
        told = missed.values(created_on=utc_now() - timedelta(days=2))
        engine.database.run(lambda t: t.write(told))
    assert "The nightly search for what is due did not run." in own_kobe.refused(
        "maintenance", "check"
    )
    own_kobe.done("demo", "seed", "--count", "2")
    with own_kobe.engine() as engine:
        table = engine.catalog.tables.entities[ENTITY]
        old = utc_now().replace(year=2015)
        closed = update(table).values(statuscode=5, statecode=1, kobe_closedon=old)
        engine.database.run(lambda t: t.write(closed))
    said = own_kobe.refused("maintenance", "check")
    assert "2 overdue" in said
    assert "no rule" not in said, "Kobe's rules leave out nothing personal"
    assert "something is kept for longer than it may be" in said
