"""Who is signed in, as a Caller: read anew for every request, so that changes hold at once."""

from typing import Any

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from admin_views.identity import stated_purpose, support
from extensions import engine, of_this_request
from models.security import contracts
from models.security.caller import Caller
from models.security.principals import load_caller


def current_caller() -> Caller | None:
    """The signed-in person's Caller of this request, in a support session the one supported's
    (with its `supporter`); None for everybody else."""
    if "caller" not in g:
        g.caller = _load()
    found: Caller | None = g.caller
    return found


def current_account() -> Any:
    """The signed-in person's account itself, for what changes it; an anonymous one before."""
    return current_user._get_current_object()


def require_sign_in() -> ResponseReturnValue | None:
    """For before_request: to the sign-in page and back for a GET, 401 for the rest.

    Who signed in with a password that another has seen gets no further than to a new one.
    """
    account: Any = current_user
    if current_caller() is not None:
        return (
            redirect(url_for("security.change_password"), 303)
            if account.must_change_password
            else None
        )
    if request.method not in {"GET", "HEAD"}:
        abort(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def _load() -> Caller | None:
    account: Any = current_user
    if not account.is_authenticated:
        return None
    with engine().database.reading() as connection:
        found = load_caller(connection, account.id)
    if found is None or not contracts.is_answered_at(found.networks, request.remote_addr or ""):
        return None  # what is said to them is the business of `admission`
    found = found.for_purpose(stated_purpose.of(found))
    return of_this_request(support.seen_as(found))
