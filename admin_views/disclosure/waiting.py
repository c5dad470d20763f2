"""What waits because of requests of persons, for the start page."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select

from admin_views.extraction.waiting import Waits
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Miscellaneous
from models.tables.requests import RECEIVED, PersonRequest


def what_waits(service: RecordService, caller: Caller) -> Iterator[Waits]:
    if not caller.may(Miscellaneous.ANSWER_REQUESTS):
        return
    is_open = PersonRequest.state == RECEIVED
    count = _count(service, is_open)
    late = _count(service, is_open & (PersonRequest.due_on < today())) if count else 0
    url = url_for("disclosure.index")
    if count:
        yield Waits(gettext("Requests of persons to decide on") + gettext(": ") + str(count), url)
    if late:
        yield Waits(
            gettext("Of these, past their day") + gettext(": ") + str(late), url, is_urgent=True
        )


def _count(service: RecordService, which: ColumnElement[bool]) -> int:
    return int(service.transaction.read(select(func.count()).where(which)).scalar_one())
