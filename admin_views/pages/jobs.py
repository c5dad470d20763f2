"""System jobs: what is overdue or failed first, then what waits and what is done.

Payloads are sealed and stay so: this page never opens one.
"""

import re
from dataclasses import dataclass, fields
from datetime import datetime

from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select

from admin_views.guarding import GuardedView
from admin_views.language import language
from admin_views.pages.export_progress import KIND as EXPORT
from extensions import engine
from jobs.outbox import SEND_MAIL
from jobs.queue import OVERDUE_AFTER
from models.security.caller import Miscellaneous
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from models.tables.session import Transaction

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Job:
    """A job without its payload."""

    id: object
    kind: str
    name: str
    state: str
    status: str
    due_on: datetime
    recurrence: str | None
    attempts: int
    message: str
    completed_on: datetime | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One part of the page: the newest jobs of a sort, and how many there are."""

    key: str
    title: str
    count: int
    jobs: tuple[Job, ...]


ADDRESS = re.compile(r"[^\s<>\"']+@[^\s<>\"']+")


def without_addresses(message: str) -> str:
    """A mail server's own words may quote the address it refused."""
    return ADDRESS.sub("•••", message)


class JobsPage(GuardedView):
    privilege = Miscellaneous.READ_JOBS

    @expose("/")
    def index(self) -> ResponseReturnValue:
        shelves = engine().run(lambda service: _shelves(service.transaction))
        return self.render(
            "admin/pages/jobs.html",
            shelves=shelves,
            statuses=statuses(),
            title_of=title_of,
            said=said,
        )


def statuses() -> dict[str, str]:
    return {
        "WAITING": gettext("Waiting"),
        "IN_PROGRESS": gettext("In progress"),
        "SUCCEEDED": gettext("Succeeded"),
        "FAILED": gettext("Failed"),
        "CANCELED": gettext("Canceled"),
    }


def title_of(job: Job) -> str:
    """What people call the job: its recurrence's name, or its kind."""
    recurrences = {one.name: one.display_name for one in engine().catalog.recurrences}
    if job.name in recurrences:
        return recurrences[job.name].text(language())
    kind = kinds().get(job.kind, job.kind)
    return kind if job.name in {"", job.kind} else f"{kind} ({job.name})"


def kinds() -> dict[str, str]:
    return {SEND_MAIL: gettext("Mail"), EXPORT: gettext("CSV export")}


def said(job: Job) -> str:
    """The job's message in the reader's language, where it is one of the platform's own."""
    if job.kind == EXPORT:
        rows, total, *_ = job.message.split(" / ")
        return gettext("%(rows)s of %(total)s records", rows=rows, total=total)
    return gettext(job.message) if job.message else ""


def _shelves(transaction: Transaction) -> list[Shelf]:
    late = utc_now() - OVERDUE_AFTER
    open_ = SystemJob.state != "COMPLETED"
    overdue = (SystemJob.state == "READY") & (SystemJob.due_on < late)
    parts = (
        ("overdue", gettext("Not run when due"), overdue),
        ("failed", gettext("Failed"), SystemJob.status == "FAILED"),
        ("open", gettext("Waiting or in progress"), open_ & ~overdue),
        ("done", gettext("Completed"), SystemJob.status.in_(("SUCCEEDED", "CANCELED"))),
    )
    return [_shelf(transaction, key, title=title, which=which) for key, title, which in parts]


def _shelf(transaction: Transaction, key: str, *, title: str, which: ColumnElement[bool]) -> Shelf:
    columns = [getattr(SystemJob, column.name) for column in fields(Job)]
    statement = select(*columns).where(which).order_by(SystemJob.due_on.desc()).limit(PAGE_SIZE)
    count = transaction.read(select(func.count()).select_from(SystemJob).where(which))
    rows = transaction.read(statement).mappings()
    jobs = tuple(Job(**{**row, "message": without_addresses(row["message"])}) for row in rows)
    return Shelf(key, title, int(count.scalar_one()), jobs)
