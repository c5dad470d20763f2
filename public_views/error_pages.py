"""Errors as pages a citizen can use: what happened, and what to do now. Never a detail."""

import traceback
from types import TracebackType

from flask import Flask, current_app, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

SHOWN = {400, 403, 404, 405, 410, 413, 429, 500, 503}
RETRY_SECONDS = 60


def install_error_pages(app: Flask) -> None:
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(Exception, _unexpected)
    app.log_exception = _log_of_flask  # type: ignore[method-assign, assignment]


def _show(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    shown = status if status in SHOWN else (500 if status >= 500 else 400)
    response = make_response(_page(shown), status)
    if status == 429:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _page(status: int) -> str:
    """Without what pages are given of who is signed in: the database may be what went wrong."""
    return current_app.jinja_env.get_template("public/error.html").render(status=status)


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Anything else: logged without what was sent, answered without what went wrong."""
    _log(error)
    return _show(InternalServerError())


def _log_of_flask(raised: tuple[type, BaseException, TracebackType]) -> None:
    """What goes wrong while an error is answered; Flask's own words would be the error's."""
    _log(raised[1])


def _log(error: BaseException) -> None:
    current_app.logger.error("on %s: %s", request.endpoint, _where(error))


def _where(error: BaseException | None) -> str:
    """The kinds of an error and its causes, and the lines of code that led there. What errors
    say of themselves is left out: it may repeat what was typed."""
    parts: list[str] = []
    while error is not None:
        parts += [f"{type(error).__name__}\n", *traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return "".join(parts).rstrip()
