"""Correct what one gave: the controls of the form, the answers to be checked, then sent.

Between the two pages what was entered travels in the pages themselves, hidden, and is looked at
anew; it is kept nowhere. What the office changed meanwhile is not overwritten unknowingly.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from extensions import engine, settings
from forms.applicants import correcting
from forms.applicants.correcting import correction_form
from forms.applicants.told import Record
from forms.building import PlainForm
from forms.rules import of_change
from jobs.applicants import acts
from models.metadata.catalog import Catalog
from models.metadata.errors import AccessDenied, ConcurrencyConflict, ValidationFailed
from models.metadata.labels import Label
from models.security.applicants import stated
from public_views import check_answers
from public_views.applicants.often import A_DAY, often
from public_views.applicants.opened import Opened, opened, sent_from_us
from public_views.applicants.own_pages import may_correct, own
from public_views.language import language
from public_views.limits import PAGES, POSTS, limit

MOST_A_DAY, MOST_ADDRESSES_A_DAY = 20, 5
TOO_OFTEN = Label(
    "本日はこれ以上変更できません。明日以降に再度お手続きいただくか、下記の連絡先にお問い合わせください。",
    "It was changed too often today. Try again tomorrow, or contact us.",
)


@own.get("/correct")
@limit(PAGES, "pages")
def correct() -> ResponseReturnValue:
    now = opened()
    record = _read(now)
    if not may_correct(now, record):
        return _not_now()
    catalog = engine().catalog
    sent = correcting.present(catalog, now.form, record)
    filled = correcting.entered(catalog, now.form, sent, language=language())
    return _form_page(now, filled, version=str(record["versionnumber"]))


@own.post("/correct")
@limit(POSTS, "posts")
@sent_from_us
def enter() -> ResponseReturnValue:
    """Check, show for checking, or send; by the button that was pressed."""
    now, version = opened(), request.form.get("version", "")
    record, step = _read(now), request.form.get("step", "")
    if not may_correct(now, record):
        return _not_now()
    catalog = engine().catalog
    filled = correcting.entered(catalog, now.form, request.form, language=language())
    if step == "change":
        return _form_page(now, filled, version=version)
    if not _is_valid(catalog, now, filled, record):
        return _form_page(now, filled, version=version), 422
    values = correcting.changes(catalog, now.form, filled, record)
    if not values:
        return redirect(url_for(".index", said="unchanged"), 303)
    if version != str(record["versionnumber"]):
        return _crossed(now, filled, record)
    if step != "send":
        return _check_page(now, filled, values)
    return _send(now, filled, record, values=values)


def _send(
    now: Opened, filled: PlainForm, record: Record, *, values: dict[str, object]
) -> ResponseReturnValue:
    _, confirmation = stated(now.form)
    if _is_too_often(now, is_address=confirmation.email in values):
        filled.form_errors = [TOO_OFTEN.text(language())]
        return _form_page(now, filled, version=str(record["versionnumber"])), 429
    version, base_url = int(record["versionnumber"]), settings().base_url
    try:
        is_written_to = engine().run(
            lambda s: acts.correct(s, now.own, values, version=version, base_url=base_url)
        )
    except ConcurrencyConflict:
        return _crossed(now, filled, _read(now))
    except AccessDenied:
        return _not_now()
    except ValidationFailed as error:
        _say(filled, error)
        return _form_page(now, filled, version=str(version)), 422
    said = "corrected"
    if is_written_to:
        said = "written_to" if len(values) == 1 else "corrected_and_written_to"
    return redirect(url_for(".index", said=said), 303)


def _is_valid(catalog: Catalog, now: Opened, filled: PlainForm, record: Record) -> bool:
    """By the form's rules; nothing is wrong with what a business rule asks of nobody. What else
    such rules say is the record service's to say when it is sent."""
    filled.validate()
    entity, book = catalog.entity(now.form.entity), catalog.rules_of(now.form.entity)
    names = correction_form(now.form).attributes
    given = {name: filled[name].data for name in names}
    for name in of_change(book, entity, record, changed=given).hidden & set(names):
        filled[name].errors = []
    return not filled.errors


def _say(filled: PlainForm, error: ValidationFailed) -> None:
    """Each problem beside its control, where it has one."""
    for problem in error.problems:
        text = problem.text(language())
        if problem.attribute in filled:
            field = filled[problem.attribute]
            field.errors = [*field.errors, text]
        else:
            filled.form_errors = [*filled.form_errors, text]


def _is_too_often(now: Opened, *, is_address: bool) -> bool:
    """Each sends a mail; a new address is somebody's who may not know of it."""
    about = now.visit.record_id.hex
    if often("corrections", about, most=MOST_A_DAY, seconds=A_DAY):
        return True
    return is_address and often("addresses", about, most=MOST_ADDRESSES_A_DAY, seconds=A_DAY)


def _read(now: Opened) -> Record:
    return engine().run(now.own.read)


def _crossed(now: Opened, filled: PlainForm, record: Record) -> ResponseReturnValue:
    """The office changed something meanwhile; what was entered is still here."""
    page = _form_page(now, filled, version=str(record["versionnumber"]), notice="crossed")
    return page, 409


def _form_page(now: Opened, filled: PlainForm, *, version: str, notice: str = "") -> str:
    _, confirmation = stated(now.form)
    return render_template(
        "public/own/correct.html",
        form=now.form,
        controls=correction_form(now.form).sections,
        entered=filled,
        version=version,
        notice=notice,
        email=confirmation.email,
        form_token=now.form_token,
    )


def _check_page(now: Opened, filled: PlainForm, values: dict[str, object]) -> str:
    catalog, form = engine().catalog, correction_form(now.form)
    answers = {name: filled[name].data for name in form.attributes}
    sections = check_answers.sections(catalog, form, answers, language=language())
    _, confirmation = stated(now.form)
    return render_template(
        "public/own/check.html",
        form=now.form,
        sections=sections,
        changed=set(values),
        kept=_kept(request.form, form.attributes),
        version=request.form.get("version", ""),
        writes_to=values.get(confirmation.email, ""),
        form_token=now.form_token,
    )


def _kept(sent: "MultiDict[str, str]", names: tuple[str, ...]) -> list[tuple[str, str]]:
    """What the form's controls sent, to be sent again as it is."""
    return [(name, value) for name in names for value in sent.getlist(name)]


def _not_now() -> ResponseReturnValue:
    return redirect(url_for(".index", said="not_now"), 303)
