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
from public_views import (
    captcha_answers,
    check_answers,
    form_rules,
    form_subjects,
    shown_purpose,
)
from public_views.language import language
from public_views.limits import PAGES, POSTS, SUBMISSIONS, limit
from public_views.shown_purpose import SHOWN, AnotherPurpose
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

CLEARED, ENDED, STRICTER = "cleared", "ended", "stricter"
"""Why somebody stands before the form again, in the address; told where it is true."""

form_pages = Blueprint("form_pages", __name__, url_prefix="/forms/<name>")


@form_pages.get("")
@limit(PAGES, "pages")
def show(name: str) -> ResponseReturnValue:
    """The empty form, or what was entered so far."""
    catalog, form = _definitions(name)
    visit = visit_of(name)
    notice = _told(visit)
    if visit is None or visit.is_submitted:
        visit = form_sessions().start(form.name)
    visit = form_subjects.noted(form, visit)
    if visit.captcha_is_stale or visit.captcha_is_spent:
        visit = captcha_answers.renewed(visit)
    answers = form_sessions().answers(visit)
    entered = public_form(catalog, form, language())(MultiDict(answers))
    if answers and not shown_purpose.is_of_now(form, answers):
        notice = _another_purpose(form, entered)
    return _input_page(form, entered, visit, notice=notice)


@form_pages.post("")
@limit(POSTS, "posts")
def enter(name: str) -> ResponseReturnValue:
    """Check what was entered; keep it and go on, or say what is wrong, keeping every word."""
    catalog, form = _definitions(name)
    visit = visit_of(name)
    entered = public_form(catalog, form, language())(request.form)
    is_of_now, notice = shown_purpose.is_of_now(form, request.form), ""
    if not is_of_now:
        notice = _another_purpose(form, entered)
    if visit is None or visit.is_submitted or not came_from_us(visit):
        return _expired(form, entered, notice=notice)
    if "switch_language" in request.form:  # to the one in the address
        return _input_page(form, entered, visit, notice=notice)
    if "renew_captcha" in request.form:
        return _input_page(form, entered, captcha_answers.renewed(visit), notice=notice)
    if captcha_answers.is_robot(form, visit, request.form.get(TRAP, "")):
        return _input_page(form, entered, visit, notice="too_fast"), 422
    is_valid, found = form_rules.judge(catalog, form, entered, language=language())
    visit, is_person = captcha_answers.examine(form, visit, entered, language=language())
    if not (is_valid and is_person and is_of_now):
        return _input_page(form, entered, visit, notice=notice), 422
    entity = catalog.entity(form.entity)
    if not form_sessions().save_draft(visit, entity, _answers(catalog, form, entered, found)):
        return _expired(form, entered, notice=notice)
    return keep(make_response(redirect(url_for(".check", name=name), 303)), visit)


@form_pages.get("/check")
@limit(PAGES, "pages")
def check(name: str) -> ResponseReturnValue:
    """The answers, each with a way back to it."""
    catalog, form = _definitions(name)
    visit = visit_of(name)
    if visit is not None and visit.is_submitted:
        return redirect(url_for(".sent", name=name), 303)
    if visit is None:
        return _begin_again(name, ENDED)
    if visit.draft is None:
        return redirect(url_for(".show", name=name), 303)
    answers = form_sessions().answers(visit)
    if not shown_purpose.is_of_now(form, answers):
        return redirect(url_for(".show", name=name), 303)
    sections = check_answers.sections(catalog, form, answers, language=language())
    return render_template(
        "public/check.html",
        form=form,
        sections=sections,
        subject=form_subjects.told(form, visit, language=language()),
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
        return _begin_again(name, ENDED)
    if not visit.is_submitted:
        if visit.draft is None:
            return redirect(url_for(".show", name=name), 303)
        try:
            submit(engine(), catalog, form, visit=visit, language=language())
        except DestroyedKey:  # all of it was cleared in another window
            return _begin_again(name, ENDED)
        except (ValidationFailed, AnotherPurpose):  # published since the answers were checked
            return _begin_again(name, STRICTER)
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
    return forget(_begin_again(name, CLEARED), name)


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


def _begin_again(name: str, notice: str) -> Response:
    """To the form, which says why."""
    return make_response(redirect(url_for(".show", name=name, notice=notice), 303))


def _told(visit: Visit | None) -> str:
    """The notice that a redirect asked for, where it is true of the visit."""
    asked = request.args.get("notice", "")
    has_answers = visit is not None and visit.draft is not None
    is_true = {CLEARED: visit is None, ENDED: not has_answers, STRICTER: has_answers}
    return asked if is_true.get(asked) else ""


def _another_purpose(form: FormDefinition, entered: PlainForm) -> str:
    """The notice for a page whose answers were given under other words."""
    shown_purpose.take_back(form, entered)
    return "another_purpose"


def _answers(
    catalog: Catalog, form: FormDefinition, entered: PlainForm, found: Effects
) -> dict[str, Any]:
    return form_rules.answers(catalog, form, entered, found) | shown_purpose.kept(form)


def _expired(form: FormDefinition, entered: PlainForm, *, notice: str) -> ResponseReturnValue:
    """A new visit takes up what was entered; nothing of it was kept."""
    visit = form_subjects.noted(form, form_sessions().start(form.name))
    return _input_page(form, entered, visit, notice=notice or "expired"), 422


def _input_page(
    form: FormDefinition, entered: PlainForm, visit: Visit, *, notice: str = ""
) -> Response:
    page = render_template(
        "public/input.html",
        form=form,
        entered=entered,
        visit=visit,
        notice=notice,
        subject=form_subjects.told(form, visit, language=language()),
        form_token=token_for(visit),
        rules=form_rules.for_browser(g.catalog, form, language()),
        image_version=image_version(visit),
        captcha_name=CAPTCHA,
        consent_name=CONSENT,
        shown_name=SHOWN,
        shown_version=shown_purpose.version_of(form),
        trap_name=TRAP,
    )
    return keep(make_response(page), visit)
