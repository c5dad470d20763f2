"""Is it a person? The CAPTCHA's answer, the trap, and the time a person needs at least."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from forms.building import CAPTCHA, PlainForm
from forms.captcha.code import matches
from forms.sessions import Visit
from models.metadata.components import FormDefinition
from models.metadata.labels import Label
from models.tables.base import utc_now
from public_views.visits import captcha_code, form_sessions

MISSING = Label("イメージのコードを入力してください。", "Enter the code shown in the image.")
WRONG = Label(
    "イメージのコードが正しくありません。表示されている数字をもう一度入力してください。",
    "The code is not the one in the image. Enter the digits shown.",
)
RENEWED = Label(
    "イメージのコードの有効期限が切れたか、入力できる回数を超えました。新しいイメージのコードを入力してください。",
    "The code has expired or was tried too often. Enter the code of the new image.",
)


def is_robot(form: FormDefinition, visit: Visit, trap: str) -> bool:
    """What no person does: fill in what nobody sees, or answer faster than one can read."""
    least = timedelta(seconds=form.least_seconds)
    return bool(trap) or (not visit.captcha_passed and utc_now() - visit.started_on < least)


def renewed(visit: Visit) -> Visit:
    """The visit with another code; what was entered stays."""
    form_sessions().renew_captcha(visit)
    return replace(
        visit,
        captcha_generation=visit.captcha_generation + 1,
        captcha_since=utc_now(),
        captcha_failures=0,
    )


def examine(
    form: FormDefinition, visit: Visit, entered: PlainForm, *, language: str
) -> tuple[Visit, bool]:
    """The visit after it, and whether the CAPTCHA is passed; a wrong answer is marked.

    Passed once, it is not asked again in this visit. Each answer uses up one of five tries before
    anything is told of it, so that many at once gain nothing.
    """
    if not form.captcha or visit.captcha_passed:
        return visit, True
    field = entered[CAPTCHA]
    if visit.captcha_is_stale or visit.captcha_is_spent:
        return _late(visit, field, language=language)
    if not (field.data or "").strip():
        _mark(field, MISSING, language)
        return visit, False
    is_right = matches(captcha_code(visit), field.data)
    if not form_sessions().answer_captcha(visit, is_right=is_right):
        return _late(visit, field, language=language)
    if is_right:
        return replace(visit, captcha_passed=True), True
    field.data = ""
    tried = replace(visit, captcha_failures=visit.captcha_failures + 1)
    if tried.captcha_is_spent:
        return _late(tried, field, language=language)
    _mark(field, WRONG, language)
    return tried, False


def _late(visit: Visit, field: Any, *, language: str) -> tuple[Visit, bool]:
    """No try is left: one of many answers at once may have passed before, and counts for all."""
    found = form_sessions().find(visit.token, visit.form)
    if found is not None and found.captcha_passed:
        return found, True
    _mark(field, RENEWED, language)
    return renewed(visit), False


def _mark(field: Any, message: Label, language: str) -> None:
    field.errors = [*field.errors, message.text(language)]
