"""The job kind erase_unconfirmed: applications nobody confirmed in time leave, keys first.

There is no purpose to keep them for. Their mails and links leave with them (see workflows). What
they wrote lies in clear in the database: its log is emptied at the end.
"""

from datetime import datetime, timedelta
from uuid import UUID

from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.metadata.components import Confirmation, FormDefinition
from models.metadata.errors import ConcurrencyConflict, RecordNotFound, ValidationFailed
from models.metadata.query import Condition, Filter, Operator, Page, Query
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.erasing import holds
from models.security.caller import Caller
from models.tables.base import utc_now

BATCH = 200
ERASER = Caller.system("erasing applications that were not confirmed in time")


class NotErased(Exception):
    """Some records could not be deleted; the others were."""


def erase_unconfirmed(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    kept = 0
    for form in engine.catalog.forms.values():
        if form.confirmation is not None:
            kept += _erase(engine, form, form.confirmation)
    engine.database.empty_log()
    if kept:
        raise NotErased(f"{kept} records")


def _erase(engine: RecordEngine, form: FormDefinition, confirmation: Confirmation) -> int:
    """Erase the form's overdue records, batch by batch; how many could not be."""
    before, after, kept = utc_now() - timedelta(hours=confirmation.hours), None, 0
    while True:
        page = _page(engine, form, confirmation.pending_status, before=before, after=after)
        kept += _erase_all(engine, form.entity, [_deletion(one) for one in page.records])
        after = page.next
        if after is None:
            return kept


def _page(
    engine: RecordEngine,
    form: FormDefinition,
    status: int,
    *,
    before: datetime,
    after: str | None,
) -> Page:
    query = Query(
        entity=form.entity,
        columns=("versionnumber",),
        filter=Filter(
            (
                Condition("statuscode", Operator.EQUAL, status),
                Condition("createdon", Operator.LESS, before),
            )
        ),
        page_size=BATCH,
        after=after,
    )
    return engine.run(lambda service: service.retrieve_multiple(ERASER, query))


def _deletion(record: dict[str, object]) -> Deletion:
    """Of this version only: one that is confirmed at this very moment stays."""
    record_id, version = record["id"], record["versionnumber"]
    if not isinstance(record_id, UUID) or not isinstance(version, int):
        raise TypeError("a record without an id or a version")
    return Deletion(record_id, version)


def _erase_all(engine: RecordEngine, entity: str, batch: list[Deletion]) -> int:
    """Erase a batch; where one record is in its way, each by itself."""
    if not batch:
        return 0
    try:
        engine.run(lambda service: service.delete_multiple(ERASER, entity, batch))
    except (ConcurrencyConflict, RecordNotFound):
        if len(batch) == 1:
            return 0  # confirmed or deleted meanwhile
    except ValidationFailed as error:
        if len(batch) == 1:  # what is held stays because somebody said so
            return int({problem.code for problem in error.problems} != {holds.CODE})
    else:
        return 0
    return sum(_erase_all(engine, entity, [one]) for one in batch)
