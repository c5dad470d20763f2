"""What waits because of retention, for the start page: erasures to decide on, what is overdue or
could not be proved, and the nightly job that did not run."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select

from admin_views.extraction.waiting import Waits
from jobs.retention.lateness import is_late, unsettled
from models.records.erasing.due import all_standing
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.retention import PROPOSED, Erasure


def what_waits(service: RecordService, caller: Caller) -> Iterator[Waits]:
    if not caller.may(Miscellaneous.ERASE) or not service.catalog.retention_rules:
        return
    url = url_for("retention.index")
    proposed = select(func.count()).where(Erasure.state == PROPOSED)
    count = service.transaction.read(proposed).scalar_one()
    if count:
        yield Waits(gettext("Erasures to decide on") + gettext(": ") + str(count), url)
    unproved = service.transaction.read(unsettled()).scalar_one()
    if unproved:
        said = gettext("Erasures that could not be proved") + gettext(": ") + str(unproved)
        yield Waits(said, url, is_urgent=True)
    overdue = sum(one.overdue for one in all_standing(service))
    if overdue:
        said = gettext("Records that should have been erased by now") + gettext(": ")
        yield Waits(f"{said}{overdue:,}", url, is_urgent=True)
    if is_late(service):
        yield Waits(gettext("The nightly search for what is due did not run"), url, is_urgent=True)
