"""System jobs: what is overdue or failed first, then what waits and what is done.

Payloads are sealed and stay so: this page never opens one.
"""

import re
from dataclasses import dataclass, fields
from datetime import datetime

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select

from admin_views.extraction.export_progress import KIND as EXPORT
from admin_views.guarding import GuardedView
from admin_views.language import language
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from extensions import engine
from jobs import retrying
from jobs.applicants.letters import LETTERS as TO_APPLICANTS
from jobs.applicants.sending_links import SEND_LINKS
from jobs.derived_values import RECALCULATE
from jobs.duplicates import REBUILD
from jobs.extracts import BUILD_EXTRACT
from jobs.letter_texts import LETTERS
from jobs.outbox import SEND_MAIL
from jobs.platform_recurrences import all_recurrences
from jobs.queue import is_overdue
from models.security.privileges import Miscellaneous
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
            can_retry=retrying.can_retry,
        )

    @expose("/retry/", methods=("POST",))
    def retry(self) -> ResponseReturnValue:
        caller, job_id = signed_in(), identifier(request.form.get("id", ""))
        if engine().run(lambda service: retrying.retry(service, caller, job_id)):
            flash(gettext("The job is waiting again; a worker does it next."), "success")
        else:
            flash(gettext("The job is no longer a failed one. Nothing was changed."), "info")
        return redirect(self.get_url("jobs.index"))


def statuses() -> dict[str, str]:
    return {
        "WAITING": gettext("Waiting"),
        "IN_PROGRESS": gettext("In progress"),
        "SUCCEEDED": gettext("Succeeded"),
        "FAILED": gettext("Failed"),
        "CANCELED": gettext("Canceled"),
    }


def title_of(job: Job) -> str:
    """What people call the job: its recurrence's name, or its kind and its mail template's."""
    recurrences = {one.name: one.display_name for one in all_recurrences(engine().catalog)}
    if job.name in recurrences:
        return recurrences[job.name].text(language())
    kind = kinds().get(job.kind, job.kind)
    return kind if job.name in {"", job.kind} else kind + gettext(": ") + _name_of(job)


def _name_of(job: Job) -> str:
    if job.kind != SEND_MAIL:
        return job.name
    template = engine().catalog.mail_templates.get(job.name)
    if template is not None:
        return template.display_name.text(language())
    letter = LETTERS.get(job.name) or TO_APPLICANTS.get(job.name)
    return job.name if letter is None else letter.title.text(language())


def kinds() -> dict[str, str]:
    return {
        SEND_MAIL: gettext("Mail"),
        EXPORT: gettext("Data export"),
        SEND_LINKS: gettext("Send an applicant a new link"),
        BUILD_EXTRACT: gettext("Make an extract’s file"),
        REBUILD: gettext("Make the codes of duplicate detection"),
        RECALCULATE: gettext("Calculate the values of existing records"),
    }


def said(job: Job) -> list[str]:
    """The job's message line by line; the platform's own sentences in the reader's language."""
    if job.kind == EXPORT:
        rows, total, *_ = job.message.split(" / ")
        return [gettext("%(rows)s of %(total)s records", rows=rows, total=total)]
    return [gettext(line) for line in job.message.split("\n") if line]


def _shelves(transaction: Transaction) -> list[Shelf]:
    open_, overdue = SystemJob.state != "COMPLETED", is_overdue(utc_now())
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
