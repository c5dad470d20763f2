"""Sign-out that tells of the provider: the session here has ended, the one there goes on.

A page offers to end that one, too (RP-initiated logout). It is not ended unasked: other services
of the office may be open in it.
"""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from admin_views.identity.federation.entering import KEPT, id_token_kept
from admin_views.identity.federation.journey import our_address
from admin_views.identity.federation.provider import Provider, provider
from admin_views.identity.federation.reasons import Refused

View = Callable[..., ResponseReturnValue]
SIGN_OUT = "security.logout"
LEFT = "federation_left"
"""In the session after sign-out: the ID token of the session at the provider."""


def install_signing_out(app: Flask) -> None:
    sign_out = cast("View", app.view_functions[SIGN_OUT])
    app.view_functions[SIGN_OUT] = _told(sign_out)


def _told(sign_out: View) -> View:
    def view(**arguments: Any) -> ResponseReturnValue:
        id_token = id_token_kept() if request.method == "POST" else ""
        answer = sign_out(**arguments)
        if not id_token or provider() is None:
            return answer
        session.pop(KEPT, None)
        session[LEFT] = id_token
        return redirect(url_for("federation.signed_out"), 303)

    return view


def address_to_end_at(one: Provider, id_token: str) -> str:
    """The provider's page to sign out; "" where it has none, or does not answer."""
    try:
        client = one.client()
    except Refused:
        return ""
    if "end_session_endpoint" not in client.server_metadata:
        return ""
    ended = client.create_logout_url(
        post_logout_redirect_uri=our_address("security.login"),
        id_token_hint=id_token,
        client_id=one.stated.client_id,
    )
    return str(ended["url"])
