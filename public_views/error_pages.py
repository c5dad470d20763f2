"""Errors as pages a citizen can use: what happened, and what to do now. Never a detail."""

import traceback

from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

SHOWN = {400, 403, 404, 405, 410, 413, 429, 500, 503}
RETRY_SECONDS = 60


def install_error_pages(app: Flask) -> None:
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(Exception, _unexpected)


def _show(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    shown = status if status in SHOWN else (500 if status >= 500 else 400)
    response = make_response(render_template("public/error.html", status=shown), status)
    if status == 429:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Anything else: logged without what was sent, answered without what went wrong."""
    current_app.logger.error("on %s: %s", request.endpoint, _where(error))
    return _show(InternalServerError())


def _where(error: BaseException | None) -> str:
    """The kinds of an error and its causes, and the lines of code that led there. What errors
    say of themselves is left out: it may repeat what was typed."""
    parts: list[str] = []
    while error is not None:
        parts += [f"{type(error).__name__}\n", *traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return "".join(parts).rstrip()
