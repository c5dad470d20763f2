"""A step that a page's form asks for: taken from the state that the page showed, or told why not.

It knows no page: whoever calls it draws the form again, or leads on.
"""

from collections.abc import Callable

from flask import flash
from flask_babel import gettext

from admin_views.identity import step_up
from admin_views.language import language
from extensions import engine
from models.metadata.errors import ConcurrencyConflict, ValidationFailed
from models.records.service import RecordService


def problems_of(refused: ValidationFailed) -> dict[str, str]:
    """By control, as the reader speaks."""
    return {one.attribute: one.text(language()) for one in refused.problems}


def take(
    step: Callable[[RecordService], object], *, said: str, proof: bool = False
) -> dict[str, str]:
    """What is wrong with it, by control; nothing where it is done, or came too late: a message
    says which of the two. `proof`: whether it asks first who one is."""
    unproven = step_up.problem(step_up.FOR_MANY) if proof else ""
    if unproven:
        return {step_up.CONTROL: unproven}
    try:
        engine().run(step)
    except ValidationFailed as refused:
        return problems_of(refused)
    except ConcurrencyConflict:
        too_late()
    else:
        flash(said, "success")
    return {}


def too_late() -> None:
    """Somebody else was first."""
    flash(gettext("It is in another state by now. Nothing was changed."), "info")
