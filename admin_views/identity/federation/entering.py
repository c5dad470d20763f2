"""From a proven identity to a session, by way of our own second factor where the provider asked
for none; and what such a session remembers of the provider.
"""

import time
from typing import Any, cast
from uuid import UUID

from flask import redirect, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import login_user
from flask_security.proxies import _security

from admin_views.identity import step_up
from admin_views.identity.arrivals import FIRST_FACTOR, PROVIDER
from admin_views.identity.federation.attempts import forget_all
from admin_views.identity.federation.evidence import Evidence
from config import SingleSignOn

KEPT = "federation"
"""In the session: whose it is, and the ID token, by which the provider knows what to end."""


def enter(
    stated: SingleSignOn, account_id: UUID, evidence: Evidence, *, way_on: str
) -> ResponseReturnValue:
    """Sign the account in, or ask for the second factor first."""
    account: Any = _security.datastore.find_user(id=account_id)
    forget_all(session)
    session[KEPT] = {"account": str(account_id), "id_token": evidence.id_token}
    if not evidence.is_multi_factor:
        # Without a factor of its own it is led to setting one up, like a short password.
        account.password_is_short = stated.requires_multi_factor
        answer = _security.two_factor_plugins.tf_enter(
            account, remember_me=False, primary_authn_via=PROVIDER, next_loc=way_on
        )
        if answer:
            session[FIRST_FACTOR] = PROVIDER
            return cast("ResponseReturnValue", answer)
    login_user(account, remember=False, authn_via=[PROVIDER])
    count_as_proof(evidence)
    return redirect(way_on, 303)


def count_as_proof(evidence: Evidence) -> None:
    """As old as what the person last entered at the provider: to be signed in there proves
    nothing to whoever sits down at an open screen."""
    shown = evidence.authenticated_on or 0.0
    session[step_up.PROVEN_AT] = min(shown, time.time())


def id_token_kept() -> str:
    """The ID token of the session's own sign-in at the provider; "" where there was none."""
    kept: dict[str, str] = session.get(KEPT) or {}
    is_own = kept.get("account") == str(getattr(current_user, "id", ""))
    return kept.get("id_token", "") if is_own else ""
