"""The five errors, told once to the people of the back office: a page, a status, no detail.

A page says what to do next and repeats nothing that was sent. A refusal for want of a right
is audited.
"""

from dataclasses import dataclass

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, MethodNotAllowed, NotFound

from admin_views.identity import current_caller
from admin_views.language import language
from admin_views.people.closing import closed_notice
from extensions import engine
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    DefinitionError,
    RecordNotFound,
    ValidationFailed,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    title: str
    text: str
    details: tuple[str, ...] = ()


def answer_errors_of(blueprint: Blueprint) -> None:
    """Errors raised under this blueprint become pages of the back office."""
    for kind in (
        AccessDenied,
        RecordNotFound,
        ConcurrencyConflict,
        DefinitionError,
        ValidationFailed,
        CSRFError,
        BadRequest,
        NotFound,
        MethodNotAllowed,
    ):
        blueprint.register_error_handler(kind, answer)


def answer(error: Exception) -> ResponseReturnValue:
    """The page for an error, in the reader's language."""
    if isinstance(error, AccessDenied) and error.caller is None:
        _note_refusal()  # one with a caller was noted by the engine
    refusal = _refusal(error)
    index = current_app.extensions["admin"][0].index_view
    return index.render("admin/error.html", refusal=refusal), refusal.status


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, AccessDenied):
        return Refusal(
            403,
            gettext("You are not permitted to do this"),
            gettext("Your role does not include this. Ask your administrator if you need it."),
            (*_closed(), *_masked()),
        )
    if isinstance(error, RecordNotFound | NotFound):
        return Refusal(
            404,
            gettext("Not found"),
            gettext("It does not exist, was deleted, or is not visible to you."),
        )
    if isinstance(error, ConcurrencyConflict):
        return Refusal(
            409,
            gettext("Someone else has changed this record"),
            gettext("Nothing was saved. Open the record again to see its present state."),
        )
    return _wrong_request(error)


def _wrong_request(error: Exception) -> Refusal:
    if isinstance(error, ValidationFailed):
        title = gettext("There is a problem")
        return Refusal(400, title, gettext("Nothing was saved."), _texts(error))
    if isinstance(error, CSRFError):
        return Refusal(
            400,
            gettext("This page has expired"),
            gettext("Nothing was saved. Go back, reload the page and try again."),
        )
    if isinstance(error, MethodNotAllowed):
        return Refusal(
            405,
            gettext("This address is not a page"),
            gettext("It only takes what a form sends. Start from the menu."),
        )
    return Refusal(
        400,
        gettext("The request could not be understood"),
        gettext("The address is incomplete or out of date. Start from the menu."),
    )


def _texts(error: ValidationFailed) -> tuple[str, ...]:
    return tuple(problem.text(language()) for problem in error.problems)


def _closed() -> tuple[str, ...]:
    """What may be the reason of a refusal that is about personal data."""
    notice = closed_notice()
    return () if notice is None else (notice.text,)


def _masked() -> tuple[str, ...]:
    """To whom more is allowed once they have said what for."""
    caller = current_caller()
    if caller is None or caller.purpose or not caller.is_asked_for_purpose:
        return ()
    return (
        gettext("Where it is about personal data, state the purpose of use above a list first."),
    )


def _note_refusal() -> None:
    caller = current_caller()
    if caller is None:
        return
    page = request.endpoint or ""
    engine().run(lambda service: service.audit(caller, "refusal", outcome="refused", what=page))
