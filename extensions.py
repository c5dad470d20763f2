"""Flask extensions, unbound, the way to what the composition root bound to the app, and the id
that each request has.

It knows no model and no view; `app.py` fills it.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

if TYPE_CHECKING:
    from config import Settings
    from models.records.engine import RecordEngine
    from models.security.caller import Caller

babel = Babel()
csrf = CSRFProtect()
"""For the staff's pages; public forms have tokens of their own, bound to the form session."""

REQUEST_ID = "uketsuke.request_id"
"""Its place in the environment of a request: no header of a client's comes there."""
ENGINE, SETTINGS, SECRET = "uketsuke.engine", "uketsuke.settings", "uketsuke.secret"
NOT_READY = "uketsuke.not_ready"
"""In place of the engine, for commands: the error that says why there is none."""


def engine() -> "RecordEngine":
    """The app's record engine."""
    return cast("RecordEngine", current_app.extensions[ENGINE])


def settings() -> "Settings":
    return cast("Settings", current_app.extensions[SETTINGS])


def secret(purpose: str) -> bytes:
    """32 bytes for one purpose, from the key ring: the same in every process, never stored."""
    return engine().keyring.secret(purpose)


def request_id() -> str:
    """This request's id: made by us, whatever the client sent; "" outside of a request."""
    if not has_request_context():
        return ""
    return str(request.environ.setdefault(REQUEST_ID, uuid4().hex))


def of_this_request(caller: "Caller") -> "Caller":
    """The caller, whose acts the audit joins with this request."""
    return replace(caller, request_id=request_id())


def install_request_ids(app: Flask) -> None:
    """Every answer tells the request's id, and every error in the server's log."""
    app.wsgi_app = _RequestIds(app.wsgi_app)  # type: ignore[assignment, method-assign]
    app.logger.addFilter(_name_request)


class _RequestIds:
    """Around the application: an answer that it could not finish has the header, too."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        named = environ[REQUEST_ID] = uuid4().hex

        def start_named(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start(status, [*headers, ("X-Request-ID", named)], *error)

        return self._application(environ, start_named)


def _name_request(record: logging.LogRecord) -> bool:
    if has_request_context():
        record.msg = f"{record.msg} [request {request_id()}]"
    return True
