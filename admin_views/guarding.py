"""Default deny: nothing of the back office answers without a signed-in caller.

A page names the miscellaneous privilege it needs; what a caller may do with records is asked
of the record service, never here.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from flask import Flask, Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin, AdminIndexView, BaseView

from admin_views.identity import current_account, current_caller, require_sign_in
from admin_views.page_arguments import page_arguments
from admin_views.refusals import answer_errors_of
from models.metadata.errors import AccessDenied
from models.security.privileges import Miscellaneous

ADMIN = "/admin"
OPEN_ENDPOINTS = frozenset({"admin.static"})
"""Style sheets and scripts that Flask-Admin brings: the same for everyone."""
PLEDGE_PAGE, PLEDGE_SHOWN = "pledge.index", "pledge_shown"
WANTED_BEFORE = "wanted_before_pledge"
"""The page that was asked for when the pledge was shown instead."""


def install_guard(app: Flask) -> None:
    """Ask for sign-in before, and forbid keeping the answer after, every request to /admin."""
    app.before_request(_default_deny)
    app.after_request(_never_kept)


class GuardedView(BaseView):
    """What every Flask-Admin view of the house is: behind sign-in, and behind one privilege
    where it names one; its errors become pages."""

    privilege: ClassVar[Miscellaneous | None] = None
    """The miscellaneous privilege that every page of the view needs."""
    shows_records: ClassVar[bool] = False
    """Whether its pages show values of records, and so ask what they are used for."""

    def create_blueprint(self, admin: Admin) -> Any:
        blueprint = super().create_blueprint(admin)
        answer_errors_of(blueprint)
        return blueprint

    def is_accessible(self) -> bool:
        caller = current_caller()
        return caller is not None and (self.privilege is None or caller.may(self.privilege))

    def inaccessible_callback(self, name: str, **_: object) -> ResponseReturnValue:
        raise AccessDenied(f"the page {name} needs the privilege {self.privilege}")

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Flask-Admin's own catches every TypeError and calls again: real errors were hidden."""
        return fn(self, *args, **kwargs)

    def render(self, template: str, **arguments: Any) -> str:
        return str(super().render(template, **page_arguments(), **arguments))


class GuardedIndex(GuardedView, AdminIndexView):
    """The start page; Flask-Admin's own is public."""


def _is_admin(path: str) -> bool:
    return path == ADMIN or path.startswith(f"{ADMIN}/")


def _default_deny() -> ResponseReturnValue | None:
    if not _is_admin(request.path) or request.endpoint in OPEN_ENDPOINTS:
        return None
    return require_sign_in() or _pledge_first()


def _pledge_first() -> ResponseReturnValue | None:
    """Once a session, at its first page: who has not given the pledge is shown it. Not to whoever
    opened the emergency account, which is nobody's own, and for which no minute is to be lost."""
    caller = current_caller()
    if caller is None or caller.closed != "pledge" or caller.supporter is not None:
        return None
    if request.method != "GET" or request.endpoint == PLEDGE_PAGE or PLEDGE_SHOWN in session:
        return None
    if current_account().is_break_glass:
        return None
    session[WANTED_BEFORE] = request.full_path.rstrip("?")
    return redirect(url_for(PLEDGE_PAGE), 303)


def _never_kept(response: Response) -> Response:
    if _is_admin(request.path) and request.endpoint not in OPEN_ENDPOINTS:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
