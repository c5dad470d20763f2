"""Each way by which records go, on either database: nothing that they, or what hangs on them, said
is left in any table or file, and no copy of before opens or brings them back.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from admin_views.retention import deciding
from crypto.errors import DestroyedKey
from crypto.providers import FileKeyProvider
from exchange.backups import belonging, making
from exchange.backups.making import Source
from exchange.backups.manifests import Kind
from exchange.backups.places import Backup
from exchange.backups.restoring import Place, Steps, restore
from exchange.extracts import deciding as extracts
from exchange.extracts import requesting
from exchange.extracts.building import build
from exchange.orders import Door, ExportOrder
from jobs.erasing import erase_unconfirmed
from jobs.extracts import expire_extracts
from jobs.purging import purge_intake
from models.metadata.query import Query
from models.records.changes import Deletion
from models.records.erasing.replaying import replay_erasures
from models.records.rekeying.reindexing import rebuild_index
from models.records.steps import Steps as RecordSteps
from models.security.contracts import today
from models.tables.base import utc_now
from models.tables.retention import PROPOSED
from tests.admin_views.office import ENTITY, Office, build_office, open_engine
from tests.enquiries.asking import ENQUIRY, ask, change
from tests.laws.leaving import Copies, Person, copied, left_of
from tests.laws.traces import files_below, tables_of
from tests.retention.ending import (
    ANSWERED,
    COMPLETED,
    LONG_AGO,
    MAILER,
    SEEING,
    WITHDRAWN,
    aged,
    erasures,
    job,
    night,
)
from tests.support.databases import NewDatabase

PLACE = "backups"


def by_the_office(person: Person) -> UUID:
    return person.apply(person.office.apply)


def by_retention(person: Person) -> UUID:
    record = person.apply(person.office.apply)
    change(person.office, ENTITY, record, statuscode=WITHDRAWN)
    aged(person.office, ENTITY, record, LONG_AGO)
    return record


def unconfirmed(person: Person) -> UUID:
    record = person.apply(person.office.apply, statuscode=1)
    table = person.office.engine.catalog.tables.entities[ENTITY]
    earlier = update(table).where(table.c.id == record)
    long_ago = earlier.values(createdon=utc_now() - timedelta(hours=100))
    person.office.engine.database.run(lambda transaction: transaction.write(long_ago))
    return record


def anonymised(person: Person) -> UUID:
    office = person.office
    given = person.personal() | person.texts("kobe_name", "kobe_enquirytext")
    record = person.keep(ENQUIRY, ask(office, **given))
    person.tell(ENQUIRY, record)
    for status in (ANSWERED, COMPLETED):
        change(office, ENQUIRY, record, statuscode=status)
    aged(office, ENQUIRY, record, LONG_AGO)
    return record


WAYS: dict[str, Callable[[Person], UUID]] = {
    "kesutantou": by_the_office,
    "hozonkikan": by_retention,
    "mikakunin": unconfirmed,
    "tokumei": anonymised,
}
"""By the name of the person who goes that way."""


def opening(office: Office, copies: Copies) -> set[str]:
    """What of it anybody could still open with the keystore as it is now."""
    answers = office.engine.keyring.keystore.fetch({key_id for _, key_id in copies})
    return {of for of, key_id in copies if not isinstance(answers[key_id], DestroyedKey)}


def erase_all(office: Office, deleted: UUID) -> None:
    """By each way what it is for."""
    batch = [Deletion(deleted)]
    official = office.caller("kobe_official")
    office.engine.run(lambda service: service.delete_multiple(official, ENTITY, batch))
    erase_unconfirmed(office.engine, MAILER, job("erase_unconfirmed"))
    night(office)
    manager = office.caller("kobe_manager")
    for row in erasures(office, state=PROPOSED):
        office.engine.run(lambda service, row=row: deciding.approve(service, manager, row.id))
    night(office)
    expire_extracts(office.engine, MAILER, job("expire_extracts"))
    purge_intake(office.engine, MAILER, job("purge_intake"))


def extract(office: Office, entity: str, *columns: str) -> None:
    """A file with all of it that lies ready to be fetched."""
    order = ExportOrder(
        query=Query(entity=entity, columns=columns),
        purpose="確認",
        recipient="担当者",
        keep_until=today() + timedelta(days=1),
        door=Door.REQUEST,
    )
    official, manager = office.caller("kobe_official"), office.caller("kobe_manager")
    asked = requesting.request(office.engine, official, order)
    office.engine.run(lambda service: extracts.approve(service, manager, asked))
    build(office.engine, asked)


def bytes_of(folder: Path, url: str) -> dict[str, bytes]:
    """Every file there is; of PostgreSQL every column of every table besides."""
    return files_below(folder) | ({} if url.startswith("sqlite") else tables_of(url))


@pytest.mark.slow
def test_nothing_is_left_and_nothing_comes_back(new_database: NewDatabase, tmp_path: Path) -> None:
    url = new_database()
    url = f"sqlite:///{tmp_path}/uketsuke.db" if url.startswith("sqlite") else url
    office = build_office(tmp_path, url)
    people = [Person(office, name) for name in WAYS]
    records = {person.name: WAYS[person.name](person) for person in people}
    kept = office.apply()
    extract(office, ENTITY, "kobe_email", "kobe_body")
    extract(office, ENQUIRY, "kobe_name", "kobe_enquirytext")
    copies = [one for person in people for one in copied(person)]
    assert opening(office, copies) >= {"kobe_hearing.kobe_details", f"{ENQUIRY}.kobe_name", "file"}
    assert any(left_of(person, bytes_of(tmp_path, url)) for person in people)
    backup = back_up(office, tmp_path) if office.engine.database.is_sqlite else None
    erase_all(office, records["kesutantou"])
    after = bytes_of(tmp_path, url)
    assert {one.name: left_of(one, after) for one in people} == dict.fromkeys(WAYS, [])
    assert opening(office, copies) == set()
    office.engine.database.dispose()
    if backup is not None:
        nothing_comes_back(tmp_path, backup, people=people, kept=kept)


def back_up(office: Office, folder: Path) -> Backup:
    source = Source(
        kind=Kind.RECORDS,
        url=f"sqlite:///{folder}/uketsuke.db",
        keystore=belonging.name_of(office.engine.keyring),
        provider=FileKeyProvider(folder / "root.key"),
        keys=office.engine.keyring.keystore,
        workplace=folder,
    )
    backup = making.make(source, folder / PLACE)
    assert any(PLACE in name for name in files_below(folder))
    return backup


def nothing_comes_back(folder: Path, backup: Backup, *, people: list[Person], kept: UUID) -> None:
    """Put back with the keystore as it is now."""
    operations = RecordSteps()
    for path in folder.glob("uketsuke.db*"):
        path.unlink()
    place = Place(
        database_url=f"sqlite:///{folder}/uketsuke.db",
        keystore_url=f"sqlite:///{folder}/keystore.db",
        provider=FileKeyProvider(folder / "root.key"),
    )
    steps = Steps(
        replay_erasures=replay_erasures, rebuild_index=rebuild_index, operations=operations
    )
    restore(place, backup, None, steps=steps, caller=SEEING)
    restored = open_engine(folder)
    for person in people:
        for entity, record in person.records:
            query = Query(entity=entity, columns=("versionnumber",), ids=(record,))
            page = restored.run(lambda s, query=query: s.retrieve_multiple(SEEING, query))
            assert bool(page.records) is (entity == ENQUIRY), (person.name, entity)
    found = restored.run(lambda service: service.retrieve(SEEING, ENTITY, kept))
    assert found["kobe_nickname"] == "神戸 花子"
    restored.database.dispose()
    assert [left_of(person, files_below(folder)) for person in people] == [[]] * len(people)
