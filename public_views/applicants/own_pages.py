"""An applicant's own application: where it stands, what they gave, and the ways out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from extensions import engine
from forms.applicants import addresses, links, register, sessions, told
from forms.applicants.told import Event, Given, Record, holds
from jobs.applicants.posting import spoken_day
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import RecordNotFound
from models.metadata.self_service import ToldState
from models.records.person_requests import open_of
from models.records.service import RecordService
from models.security.applicants import stated
from models.tables.base import utc_now
from public_views.applicants.opened import (
    Closed,
    Opened,
    forget,
    opened,
    sent_from_us,
    tell_nobody,
)
from public_views.language import language
from public_views.limits import PAGES, POSTS, limit

own = Blueprint("own", __name__, url_prefix="/own")
own.after_request(tell_nobody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An application as its page shows it."""

    reference: str
    state: ToldState | None
    history: tuple[tuple[str, str], ...]
    """Day and what happened, the newest last."""
    given: tuple[Given, ...]
    may_correct: bool
    may_withdraw: bool
    may_ask_erasure: bool
    may_request: bool
    requested_due: date | None
    erasure_due: date | None
    address_waits: bool


@own.errorhandler(Closed)
@own.errorhandler(RecordNotFound)
def closed(_error: Exception) -> ResponseReturnValue:
    """Whatever was open here is no more: the link opens it again, if anything does."""
    return forget(make_response(render_template("public/own/closed.html"), 403))


@own.get("")
@limit(PAGES, "pages")
def index() -> ResponseReturnValue:
    now, speaks = opened(), language()
    shown = engine().run(lambda service: _shown(service, now, speaks))
    return render_template(
        "public/own/index.html",
        form=now.form,
        shown=shown,
        form_token=now.form_token,
        said=request.args.get("said", ""),
        spoken_day=spoken_day,
    )


@own.post("/end")
@limit(POSTS, "posts")
@sent_from_us
def end() -> ResponseReturnValue:
    """Close it in this browser; on a shared computer, which remembers the link's address, the
    link too."""
    visit = opened().visit
    is_shared = bool(request.form.get("revoke_link"))

    def work(service: RecordService) -> None:
        sessions.end(service.transaction, visit)
        if is_shared:
            links.revoke(service.transaction, visit.link_hash)

    engine().run(work)
    return forget(make_response(redirect(url_for(".ended"), 303)))


@own.get("/ended")
@limit(PAGES, "pages")
def ended() -> ResponseReturnValue:
    return render_template("public/own/ended.html")


def _shown(service: RecordService, now: Opened, speaks: str) -> Shown:
    record, form, stated_of = now.own.read(service), now.form, now.service
    _, confirmation = stated(form)
    connection = service.transaction.connection
    asked = register.of_record(connection, now.visit.record_id)
    open_one = register.open_of(connection, now.visit.record_id)
    entity = service.catalog.entity(form.entity)
    events = told.history(service, form, record, requests=asked)
    return Shown(
        reference=str(record[confirmation.receipt_number] or ""),
        state=told.state_of(stated_of, record),
        history=tuple(_event(one, speaks) for one in events),
        given=tuple(told.given(form, entity, record, language=speaks)),
        may_correct=may_correct(now, record),
        may_withdraw=may_withdraw(now, record),
        may_ask_erasure=stated_of.erasure_days is not None and open_one is None,
        erasure_due=_due(open_one),
        may_request=bool(stated_of.requests),
        requested_due=max(open_of(service, now.visit.record_id).values(), default=None),
        address_waits=addresses.waits(connection, now.visit.record_id, on=utc_now()),
    )


def may_correct(now: Opened, record: Record) -> bool:
    """Whether to offer it; what is not allowed the engine refuses besides."""
    correction = now.service.correction
    return correction is not None and holds(correction.when, record)


def may_withdraw(now: Opened, record: Record) -> bool:
    withdrawal = now.service.withdrawal
    return withdrawal is not None and holds(withdrawal.when, record)


def _event(event: Event, speaks: str) -> tuple[str, str]:
    day = event.on.astimezone(LOCAL_ZONE).date()
    return spoken_day(day, speaks), event.label.text(speaks)


def _due(open_one: Any) -> date | None:
    return None if open_one is None else open_one.due_on
