"""A public form: input, check answers, submit, sent. All content is the form definition's.

Answers wait in the form session, sealed; nothing of them is in a URL, a cookie or the browser.
"""

from typing import Any

from flask import (
    Blueprint,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from crypto.errors import DestroyedKey
from extensions import engine
from forms.building import CAPTCHA, CONSENT, TRAP, PlainForm, public_form
from forms.sessions import Visit
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.errors import ValidationFailed
from models.metadata.rule_effects import Effects
from public_views import captcha_answers, check_answers, form_rules
from public_views.language import language
from public_views.limits import PAGES, POSTS, SUBMISSIONS, limit
from public_views.submission import submit
from public_views.visits import (
    came_from_us,
    forget,
    form_or_404,
    form_sessions,
    image_version,
    keep,
    token_for,
    visit_of,
)

form_pages = Blueprint("form_pages", __name__, url_prefix="/forms/<name>")


@form_pages.get("")
@limit(PAGES, "pages")
def show(name: str) -> ResponseReturnValue:
    """The empty form, or what was entered so far."""
    catalog, form = _definitions(name)
    visit = visit_of(name)
    notice = "cleared" if visit is None and "cleared" in request.args else ""
    if visit is None or visit.is_submitted:
        visit = _new_visit(form)
    if visit.captcha_is_stale or visit.captcha_is_spent:
        visit = captcha_answers.renewed(visit)
    answers = form_sessions().answers(visit)
    entered = public_form(catalog, form, language())(MultiDict(answers))
    return _input_page(form, entered, visit, notice=notice)


@form_pages.post("")
@limit(POSTS, "posts")
def enter(name: str) -> ResponseReturnValue:
    """Check what was entered; keep it and go on, or say what is wrong, keeping every word."""
    catalog, form = _definitions(name)
    visit = visit_of(name)
    entered = public_form(catalog, form, language())(request.form)
    if visit is None or visit.is_submitted or not came_from_us(visit):
        return _expired(form, entered)
    if "switch_language" in request.form:  # to the one in the address
        return _input_page(form, entered, visit)
    if "renew_captcha" in request.form:
        return _input_page(form, entered, captcha_answers.renewed(visit))
    if captcha_answers.is_robot(form, visit, request.form.get(TRAP, "")):
        return _input_page(form, entered, visit, notice="too_fast"), 422
    is_valid, found = form_rules.judge(catalog, form, entered, language=language())
    visit, is_person = captcha_answers.examine(form, visit, entered, language=language())
    if not (is_valid and is_person):
        return _input_page(form, entered, visit), 422
    entity = catalog.entity(form.entity)
    if not form_sessions().save_draft(visit, entity, _answers(catalog, form, entered, found)):
        return _expired(form, entered)
    return keep(make_response(redirect(url_for(".check", name=name), 303)), visit)


@form_pages.get("/check")
@limit(PAGES, "pages")
def check(name: str) -> ResponseReturnValue:
    """The answers, each with a way back to it."""
    catalog, form = _definitions(name)
    visit = visit_of(name)
    if visit is not None and visit.is_submitted:
        return redirect(url_for(".sent", name=name), 303)
    if visit is None or visit.draft is None:
        return redirect(url_for(".show", name=name), 303)
    _note_purpose(form, visit)
    answers = form_sessions().answers(visit)
    sections = check_answers.sections(catalog, form, answers, language=language())
    return render_template(
        "public/check.html",
        form=form,
        sections=sections,
        advice=form_rules.advice(catalog, form, answers),
        form_token=token_for(visit),
    )


@form_pages.post("/check")
@limit(SUBMISSIONS, "submissions")
def send(name: str) -> ResponseReturnValue:
    """Create the record, once, whatever is sent again."""
    catalog, form = _definitions(name)
    visit = visit_of(name)
    if visit is None or not came_from_us(visit):
        return redirect(url_for(".show", name=name), 303)
    if not visit.is_submitted:
        if visit.draft is None:
            return redirect(url_for(".show", name=name), 303)
        try:
            submit(engine(), catalog, form, visit=visit, language=language())
        except (ValidationFailed, DestroyedKey):
            # A stricter definition was published since the check; or all of it was cleared.
            return redirect(url_for(".show", name=name), 303)
    return redirect(url_for(".sent", name=name), 303)


@form_pages.post("/clear")
@limit(POSTS, "posts")
def clear(name: str) -> ResponseReturnValue:
    """Forget what was entered, as before leaving a shared computer; then an empty form."""
    catalog, form = _definitions(name)
    visit = visit_of(name)
    if visit is not None and not came_from_us(visit):
        return redirect(url_for(".show", name=name), 303)
    if visit is not None and not form_sessions().end(visit, catalog.entity(form.entity)):
        return redirect(url_for(".sent", name=name), 303)
    return forget(make_response(redirect(url_for(".show", name=name, cleared=1), 303)), name)


@form_pages.get("/sent")
@limit(PAGES, "pages")
def sent(name: str) -> ResponseReturnValue:
    """「確認メールをお送りしました」: the same whether or not anybody knows the address."""
    _, form = _definitions(name)
    visit = visit_of(name)
    if visit is None or not visit.is_submitted:
        return redirect(url_for(".show", name=name), 303)
    return render_template("public/sent.html", form=form)


def _definitions(name: str) -> tuple[Catalog, FormDefinition]:
    """The catalog of this request, asked for once."""
    if "catalog" not in g:
        g.catalog = engine().catalog
    catalog: Catalog = g.catalog
    return catalog, form_or_404(catalog, name)


def _note_purpose(form: FormDefinition, visit: Visit) -> None:
    """The page about to be shown states the purpose of use of this moment."""
    if visit.purpose_version != _purpose_version(form):
        form_sessions().note_purpose(visit, _purpose_version(form))


def _new_visit(form: FormDefinition) -> Visit:
    return form_sessions().start(form.name, purpose_version=_purpose_version(form))


def _purpose_version(form: FormDefinition) -> str:
    return form.purpose.version if form.purpose is not None else ""


def _answers(
    catalog: Catalog, form: FormDefinition, entered: PlainForm, found: Effects
) -> dict[str, Any]:
    answers = form_rules.answers(catalog, form, entered, found)
    if form.consent is not None:
        answers[CONSENT] = "1"
    return answers


def _expired(form: FormDefinition, entered: PlainForm) -> ResponseReturnValue:
    """A new visit takes up what was entered; nothing of it was kept."""
    return _input_page(form, entered, _new_visit(form), notice="expired"), 422


def _input_page(
    form: FormDefinition, entered: PlainForm, visit: Visit, *, notice: str = ""
) -> Response:
    _note_purpose(form, visit)
    page = render_template(
        "public/input.html",
        form=form,
        entered=entered,
        visit=visit,
        notice=notice,
        form_token=token_for(visit),
        rules=form_rules.for_browser(g.catalog, form, language()),
        image_version=image_version(visit),
        captcha_name=CAPTCHA,
        consent_name=CONSENT,
        trap_name=TRAP,
    )
    return keep(make_response(page), visit)
