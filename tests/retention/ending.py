"""Records that were closed long ago, and what ends them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from jobs.retention.carrying_out import carry_out
from jobs.retention.proposing import propose
from models.metadata.query import Query
from models.security.caller import Caller
from models.tables.base import new_id, utc_now
from models.tables.retention import Erasure, ErasureRecord
from tests.admin_views.office import ENTITY, TESTING, Office
from tests.enquiries.asking import change

WITHDRAWN, ANSWERED, COMPLETED = 5, 4, 5
LONG_AGO = datetime(2019, 6, 1, tzinfo=UTC)
SEEING = Caller.system("tests")
MAILER = Mailer(TESTING)


def job(kind: str) -> ClaimedJob:
    return ClaimedJob(
        id=new_id(),
        kind=kind,
        name=kind,
        recurrence=None,
        due_on=utc_now(),
        record_id=None,
        payload=None,
        attempts=1,
        message="",
    )


def closed(office: Office, *, on: datetime | None = LONG_AGO, **values: object) -> UUID:
    """An application that was withdrawn on that day."""
    record = office.apply(**values)
    change(office, ENTITY, record, statuscode=WITHDRAWN)
    aged(office, ENTITY, record, on)
    return record


def aged(office: Office, entity: str, record: UUID, on: datetime | None) -> None:
    table = office.engine.catalog.tables.entities[entity]
    statement = update(table).where(table.c.id == record).values(kobe_closedon=on)
    office.engine.database.run(lambda transaction: transaction.write(statement))


def erasures(office: Office, **of: object) -> list[Any]:
    statement = select(Erasure.__table__).filter_by(**of).order_by(Erasure.proposed_on)
    with office.engine.database.reading() as connection:
        return list(connection.execute(statement))


def outcomes(office: Office, erasure: UUID) -> dict[UUID, str]:
    statement = select(ErasureRecord.record_id, ErasureRecord.outcome).where(
        ErasureRecord.erasure_id == erasure
    )
    with office.engine.database.reading() as connection:
        return {row.record_id: row.outcome for row in connection.execute(statement)}


def there(office: Office, entity: str = ENTITY) -> set[object]:
    query = Query(entity=entity, columns=("statuscode",), page_size=1000)
    page = office.engine.run(lambda service: service.retrieve_multiple(SEEING, query))
    return {record["id"] for record in page.records}


def night(office: Office) -> int:
    """What the nightly job does, but for files that were exported."""
    propose(office.engine)
    return carry_out(office.engine)
