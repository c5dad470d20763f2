"""What the links in mails open: a button, behind which is the application, or the new address.

Mail scanners follow links: a GET shows nothing of anybody and changes nothing.
"""

from contextlib import suppress

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from extensions import engine, request_id, settings
from forms.applicants import addresses, links, sessions
from jobs.applicants import acts
from jobs.applicants.acts import Own
from models.metadata.components import FormDefinition
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    RecordNotFound,
    ValidationFailed,
)
from models.records.service import RecordService
from models.security import applicants
from models.tables.base import utc_now
from public_views.applicants.opened import keep, served, tell_nobody
from public_views.limits import PAGES, POSTS, limit

own_links = Blueprint("own_links", __name__)
own_links.after_request(tell_nobody)
MOST_TRIES = 3


@own_links.get("/status/<link>")
@limit(PAGES, "pages")
def ask(link: str) -> ResponseReturnValue:
    form = _form_of_link(link)
    if form is None:
        return _refused()
    return render_template("public/own/open.html", form=form)


@own_links.post("/status/<link>")
@limit(POSTS, "posts")
def open_own(link: str) -> ResponseReturnValue:
    """Begin a session for this browser; what was open in it before is no more."""
    form = _form_of_link(link)
    token = engine().run(lambda service: _begin(service, form, link)) if form else None
    if token is None:
        return _refused()
    return keep(make_response(redirect(url_for("own.index"), 303)), token)


@own_links.get("/address/<change>")
@limit(PAGES, "pages")
def ask_address(change: str) -> ResponseReturnValue:
    with engine().database.reading() as connection:
        waiting = addresses.look_up(connection, change, on=utc_now())
    form = served(waiting.form) if waiting else None
    if form is None:
        return _refused()
    return render_template("public/own/address.html", form=form, done=False)


@own_links.post("/address/<change>")
@limit(POSTS, "posts")
def change_address(change: str) -> ResponseReturnValue:
    try:
        form = _changed(change)
    except (AccessDenied, RecordNotFound, ValidationFailed):
        form = None  # gone, or too far on for a correction by now
    if form is None:
        return _refused()
    return render_template("public/own/address.html", form=form, done=True)


def _form_of_link(token: str) -> FormDefinition | None:
    with engine().database.reading() as connection:
        link = links.look_up(connection, token, on=utc_now())
    return served(link.form) if link else None


def _begin(service: RecordService, form: FormDefinition, token: str) -> str | None:
    now = utc_now()
    link = links.look_up(service.transaction.lock(), token, on=now)
    if link is None:
        return None
    own, entity = Own(form, link.record_id, request_id()), service.catalog.entity(form.entity)
    caller = own.as_caller(applicants.reading(form, entity, link.record_id))
    service.audit(caller, "open_own", entity=form.entity, record_id=link.record_id)
    return sessions.begin(service.transaction, link, on=now)


def _changed(token: str) -> FormDefinition | None:
    """Again where the office changed the record at this very moment."""
    for _ in range(MOST_TRIES):
        with suppress(ConcurrencyConflict):
            return engine().run(lambda service: _change(service, token))
    raise ServiceUnavailable


def _change(service: RecordService, token: str) -> FormDefinition | None:
    now = utc_now()
    waiting = addresses.look_up(service.transaction.connection, token, on=now)
    form = served(waiting.form) if waiting else None
    address = addresses.claim(service, token, on=now) if form else None
    if waiting is None or form is None or address is None:
        return None
    own = Own(form, waiting.record_id, request_id())
    acts.change_address(service, own, address, base_url=settings().base_url)
    return form


def _refused() -> ResponseReturnValue:
    """Never ours, ended or revoked: not told apart, and nothing about whose it was."""
    return render_template("public/own/refused.html"), 404
