"""The page the mail's link opens: a button, then the receipt number. A GET completes nothing."""

from contextlib import suppress
from typing import cast

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from extensions import engine, of_this_request
from forms.confirmations import Link, claim, look_up
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.errors import ConcurrencyConflict, RecordNotFound
from models.records.changes import Change
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import utc_now
from public_views.limits import PAGES, POSTS, limit

confirmation_pages = Blueprint("confirmation", __name__, url_prefix="/confirm")
MOST_TRIES = 3
# nosemgrep: system-behind-a-door - the link is the right, to one record
CONFIRMER = Caller.system("the applicant opened the confirmation link")


@confirmation_pages.get("/<token>")
@limit(PAGES, "pages")
def ask(token: str) -> ResponseReturnValue:
    """Mail scanners open links: nothing happens here but a question."""
    with engine().database.reading() as connection:
        link = look_up(connection, token, on=utc_now())
    form = _form(engine().catalog, link)
    if link is None or form is None or link.state != "open":
        return _refused(link, form)
    return _private(render_template("public/confirm.html", form=form))


@confirmation_pages.post("/<token>")
@limit(POSTS, "posts")
def complete(token: str) -> ResponseReturnValue:
    try:
        done = _done(token)
    except RecordNotFound:  # erased meanwhile
        done = None
    if done is None:
        with engine().database.reading() as connection:
            link = look_up(connection, token, on=utc_now())
        return _refused(link, _form(engine().catalog, link))
    form, number = done
    return _private(render_template("public/received.html", form=form, receipt_number=number))


def _done(token: str) -> tuple[FormDefinition, str] | None:
    """Again where the office changed the record at this very moment."""
    for _ in range(MOST_TRIES):
        with suppress(ConcurrencyConflict):
            return engine().run(lambda service: _complete(service, token))
    raise ServiceUnavailable


def _complete(service: RecordService, token: str) -> tuple[FormDefinition, str] | None:
    """Use the link up, move the record on, and give its receipt number; None if it is no use.

    A link to a form that is not published now is kept: it will be good again.
    """
    now = utc_now()
    link = look_up(service.transaction.connection, token, on=now)
    form = _form(service.catalog, link)
    if link is None or form is None or form.confirmation is None:
        return None
    if not claim(service.transaction, token, on=now):
        return None
    caller = of_this_request(CONFIRMER)
    columns = ("statuscode", "versionnumber", form.confirmation.receipt_number)
    record = service.retrieve(caller, link.entity, link.record_id, columns=columns)
    if record["statuscode"] == form.confirmation.pending_status:
        confirmed = {"statuscode": form.confirmation.confirmed_status}
        version = cast("int", record["versionnumber"])
        change = Change(link.record_id, confirmed, version=version)
        service.update_multiple(caller, link.entity, [change])
    return form, str(record[form.confirmation.receipt_number])


def _form(catalog: Catalog, link: Link | None) -> FormDefinition | None:
    return None if link is None else catalog.public_form(link.form)


def _refused(link: Link | None, form: FormDefinition | None) -> ResponseReturnValue:
    """Used, expired, or never ours: what to do now, and nothing about who it was for."""
    state = "unknown" if link is None or form is None else link.state
    page = render_template("public/link_refused.html", state=state, form=form)
    return _private(page, 410 if link is not None else 404)


def _private(page: str, status: int = 200) -> ResponseReturnValue:
    """The address holds the token: it goes to nobody."""
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
