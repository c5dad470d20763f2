"""Who lost their link gives the mail address, and it is sent a new one if there is anything.

The page never looks: it answers alike, and with the same statements, for every address. A worker
does the search, and nobody is written to who has not applied.
"""

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from crypto.normalisers import normalise_email
from extensions import engine, settings
from forms.applicants.asking import ADDRESS, asking_form, visit_name
from forms.building import CAPTCHA, TRAP, PlainForm
from forms.sessions import Visit
from jobs.applicants import sending_links
from models.metadata.components import FormDefinition
from public_views import captcha_answers
from public_views.applicants.often import A_DAY, often
from public_views.applicants.opened import served, tell_nobody
from public_views.language import language
from public_views.limits import PAGES, POSTS, limit
from public_views.visits import (
    came_from_us,
    forget,
    form_sessions,
    image_version,
    keep,
    token_for,
    visit_of,
)

lost_links = Blueprint("lost_links", __name__, url_prefix="/forms/<name>/status")
lost_links.after_request(tell_nobody)
LOST_LINKS = "30 per hour"
MOST_A_DAY = 3
"""Mails to one address."""


@lost_links.get("")
@limit(PAGES, "pages")
def show(name: str) -> ResponseReturnValue:
    form = _form(name)
    if "sent" in request.args:
        return render_template("public/own/link_sent.html", form=form)
    visit = visit_of(visit_name(form)) or form_sessions().start(visit_name(form))
    if visit.captcha_is_stale or visit.captcha_is_spent:
        visit = captcha_answers.renewed(visit)
    return _page(form, asking_form(engine().catalog, form, language())(), visit)


@lost_links.post("")
@limit(POSTS, "posts")
@limit(LOST_LINKS, "lost links")
def ask(name: str) -> ResponseReturnValue:
    form = _form(name)
    visit = visit_of(visit_name(form))
    entered = asking_form(engine().catalog, form, language())(request.form)
    if visit is None or not came_from_us(visit):
        fresh = form_sessions().start(visit_name(form))
        return _page(form, entered, fresh, notice="expired"), 422
    if "renew_captcha" in request.form:
        return _page(form, entered, captcha_answers.renewed(visit))
    if captcha_answers.is_robot(form, visit, request.form.get(TRAP, "")):
        return _page(form, entered, visit, notice="too_fast"), 422
    is_valid = entered.validate()
    visit, is_person = captcha_answers.examine(form, visit, entered, language=language())
    if not (is_valid and is_person):
        return _page(form, entered, visit), 422
    # The code was good for this once.
    if form_sessions().end(visit, engine().catalog.entity(form.entity)):
        _send(form, str(entered[ADDRESS].data))
    gone = make_response(redirect(url_for(".show", name=name, sent=1), 303))
    return forget(gone, visit_name(form))


def _send(form: FormDefinition, address: str) -> None:
    """Unless that address was asked for too often, which is told to nobody."""
    try:
        known = f"{form.name} {normalise_email(address)}"
    except ValueError:  # no record can have it
        known = form.name
    if often("lost links", known, most=MOST_A_DAY, seconds=A_DAY):
        return
    engine().run(
        lambda service: sending_links.ask(
            service,
            form,
            address=address,
            language=language(),
            base_url=settings().base_url,
        )
    )


def _form(name: str) -> FormDefinition:
    return served(name) or abort(404)


def _page(form: FormDefinition, entered: PlainForm, visit: Visit, *, notice: str = "") -> Response:
    page = render_template(
        "public/own/lost.html",
        form=form,
        entered=entered,
        address_name=ADDRESS,
        visit=visit,
        notice=notice,
        form_token=token_for(visit),
        image_version=image_version(visit),
        captcha_name=CAPTCHA,
        captcha_of=visit_name(form),
        trap_name=TRAP,
    )
    return keep(make_response(page), visit)
