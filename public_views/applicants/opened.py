"""The application that is open in this browser: its cookie, its form's token, its headers.

The cookie goes to our own pages only, is gone with the browser, and is a new one at every opening.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, g, request

from extensions import engine, request_id, secret, settings
from forms.applicants import sessions
from forms.applicants.sessions import OwnVisit
from jobs.applicants.acts import Own
from models.metadata.components import FormDefinition
from models.metadata.self_service import SelfService
from models.tables.base import utc_now
from public_views.visits import FORM_TOKEN

View = TypeVar("View", bound=Callable[..., Any])
PURPOSE = "applicants' forms"


class Closed(Exception):
    """No application is open in this browser: never was, or no more."""


@dataclass(frozen=True, slots=True)
class Opened:
    visit: OwnVisit
    form: FormDefinition

    @property
    def service(self) -> SelfService:
        return cast("SelfService", self.form.self_service)

    @property
    def own(self) -> Own:
        return Own(self.form, self.visit.record_id, request_id())

    @property
    def form_token(self) -> str:
        return sessions.own_token(secret(PURPOSE), self.visit)


def opened() -> Opened:
    """Raises Closed. Asked for once a request."""
    if "opened" not in g:
        g.opened = _opened()
    found: Opened = g.opened
    return found


def sent_from_us(view: View) -> View:
    """A decorator: who sends what our own page held, in this session, is still there."""

    @wraps(view)
    def checked(*arguments: Any, **named: Any) -> Any:
        if request.method == "POST":
            found = opened()
            token = request.form.get(FORM_TOKEN, "")
            if not sessions.is_own_token(secret(PURPOSE), found.visit, token):
                raise Closed
            database = engine().database
            database.run(lambda t: sessions.extend(t, found.visit, on=utc_now()), durable=False)
        return view(*arguments, **named)

    return cast("View", checked)


def keep(response: Response, token: str) -> Response:
    response.set_cookie(cookie_name(), token, **_bounds())
    return response


def forget(response: Response) -> Response:
    response.delete_cookie(cookie_name(), **_bounds())
    return response


def cookie_name() -> str:
    return "__Host-own" if settings().is_tls else "own"


def tell_nobody(response: Response) -> Response:
    """The address may hold a token, the page personal data: it goes to nobody."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def served(name: str) -> FormDefinition | None:
    """The public form of that name, where it lets applicants in."""
    form = engine().catalog.public_form(name)
    return form if form is not None and form.self_service is not None else None


def _opened() -> Opened:
    with engine().database.reading() as connection:
        visit = sessions.find(connection, request.cookies.get(cookie_name()), on=utc_now())
    form = served(visit.form) if visit is not None else None
    if visit is None or form is None:
        raise Closed
    return Opened(visit, form)


def _bounds() -> dict[str, Any]:
    return {"secure": settings().is_tls, "httponly": True, "samesite": "Strict", "path": "/"}
