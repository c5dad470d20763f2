"""Errors as pages a citizen can use: what happened, and what to do now. Never a detail."""

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

    current_app.logger.error("%s on %s", type(error).__name__, request.endpoint, exc_info=error)
    return _show(InternalServerError())
