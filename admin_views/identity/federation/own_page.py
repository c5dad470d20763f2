"""The person's own page of single sign-on: whether their account is linked; linking, unlinking."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from admin_views.identity import step_up
from admin_views.identity.callers import current_caller, require_sign_in
from admin_views.identity.federation import linking
from admin_views.identity.federation.attempts import Purpose
from admin_views.identity.federation.identities import identity_of
from admin_views.identity.federation.pages import pages, the_provider
from admin_views.identity.federation.wording import called
from admin_views.language import local_time
from extensions import engine


@pages.route("/account/federated", methods=("GET", "POST"))
def own() -> ResponseReturnValue:
    """A form asks for linking or unlinking; both want a proof in the form itself."""
    one, gate = the_provider(), require_sign_in()
    if gate is not None:
        return gate
    if request.method == "GET":
        return _page()
    problem = step_up.problem(step_up.FOR_MANY)
    if problem:
        return _page(problem=problem), 400
    caller, account = current_caller(), _account()
    if "unlink" not in request.form:
        linking.ask_for_link()
    elif caller is None or not linking.unlink_own(caller, account, one.stated.issuer):
        words = gettext("You have no password here. Without the link you could not sign in.")
        return _page(problem=words), 400
    else:
        return redirect(url_for("security.login"), 303)
    return redirect(url_for("federation.own"), 303)


def _page(problem: str = "") -> str:
    one = the_provider()
    identity = engine().run(
        lambda service: identity_of(service.transaction, one.stated.issuer, _account().id)
    )
    way = url_for("federation.begin", purpose=Purpose.LINK.value, next=url_for("federation.own"))
    return render_template(
        "security/federated_account.html",
        name=called(one.stated),
        linked_on=local_time(identity.created_on) if identity else "",
        way_to_link=way if linking.is_asked_for() and not identity else "",
        problem=problem,
        proof_is_needed=lambda: step_up.is_needed(step_up.FOR_MANY),
    )


def _account() -> Any:
    return current_user
