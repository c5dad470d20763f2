"""A town with a public view, its things and its people: a real application, on either database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import update

from admin_views.publication import deciding
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.security import publications
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.publications import WITHDRAWN, Publication
from packager.installing import install
from tests.models.office import SOLUTIONS, member, system
from tests.public_views.intake import Intake, build_intake

VIEW, ENTITY = "tst_things", "tst_thing"
OFFICE = SOLUTIONS / "office_of_tests"
LIST = f"/public/{VIEW}"
OPEN = {"statuscode": 2, "tst_boolean": True}
NUMBERS = count(1)


@contextmanager
def town(folder: Path, url: str) -> Iterator[Intake]:
    running = build_intake(folder, url)
    install(running.engine.database, OFFICE)
    yield running
    running.close()


def requester(engine: RecordEngine, **changes: Any) -> Caller:
    may = frozenset({Miscellaneous.REQUEST_PUBLICATION})
    return replace(member(engine, miscellaneous=may), **changes)


def approver(engine: RecordEngine, **changes: Any) -> Caller:
    may = frozenset({Miscellaneous.APPROVE_PUBLICATION})
    return replace(member(engine, miscellaneous=may), **changes)


def fingerprint(engine: RecordEngine, view: str = VIEW) -> str:
    return publications.fingerprint(engine.catalog, engine.catalog.public_views[view])


def requested(engine: RecordEngine, caller: Caller | None = None, view: str = VIEW) -> UUID:
    who, known = caller or requester(engine), fingerprint(engine, view)
    return engine.run(lambda service: deciding.request(service, who, view, fingerprint=known))


def approve(engine: RecordEngine, publication: UUID, caller: Caller | None = None) -> None:
    who = caller or approver(engine)
    engine.run(lambda service: deciding.approve(service, who, publication))


def withdraw(engine: RecordEngine, publication: UUID, caller: Caller | None = None) -> None:
    who = caller or approver(engine)
    engine.run(lambda service: deciding.withdraw(service, who, publication))


def publish(engine: RecordEngine, view: str = VIEW) -> UUID:
    publication = requested(engine, view=view)
    approve(engine, publication)
    return publication


def end_all(engine: RecordEngine) -> None:
    """Nothing is public, or asked for."""
    ended = update(Publication).values(state=WITHDRAWN)
    engine.database.run(lambda t: t.write(ended))


def new(engine: RecordEngine, **values: object) -> UUID:
    number = next(NUMBERS)
    given = {"tst_name": f"もの{number}", "tst_code": f"code-{number}", **OPEN, **values}
    return engine.run(lambda s: s.create_multiple(system(engine), ENTITY, [given]))[0]


def give(engine: RecordEngine, record: UUID, **values: object) -> None:
    engine.run(lambda s: s.update_multiple(system(engine), ENTITY, [Change(record, values)]))


def visitor(town: Intake, language: str = "ja") -> FlaskClient:
    client = town.app.test_client()
    client.set_cookie("lang", language)
    return client
