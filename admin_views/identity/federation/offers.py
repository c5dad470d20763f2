"""What pages offer of single sign-on: the button at the door, and a link as a proof.

For templates; they show nothing where no provider is set up.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import request, url_for
from flask_login import current_user

from admin_views.identity.door import LOCAL_PATH
from admin_views.identity.federation.attempts import Purpose
from admin_views.identity.federation.identities import identity_of
from admin_views.identity.federation.provider import provider
from admin_views.identity.federation.wording import called
from extensions import engine


@dataclass(frozen=True, slots=True)
class Offer:
    name: str
    url: str
    is_only_way: bool = False
    """Whether the person has nothing else to prove with."""


def single_sign_on(way_on: str = "") -> Offer | None:
    """The button of the sign-in page, and where it leads after it."""
    one = provider()
    if one is None:
        return None
    wanted = way_on if LOCAL_PATH.fullmatch(way_on) else None
    return Offer(called(one.stated), url_for("federation.begin", next=wanted))


def proof_elsewhere() -> Offer | None:
    """For a form that asks for a proof: to show the provider instead, and come back."""
    one, account = provider(), _account()
    if one is None or not account.is_authenticated or not _is_linked(account, one.stated.issuer):
        return None
    way = url_for("federation.begin", purpose=Purpose.STEP_UP.value, next=_this_page())
    has_own = bool(account.password or account.tf_totp_secret)
    return Offer(called(one.stated), way, is_only_way=not has_own)


def _account() -> Any:
    return current_user


def _is_linked(account: Any, issuer: str) -> bool:
    found = engine().run(lambda service: identity_of(service.transaction, issuer, account.id))
    return found is not None


def _this_page() -> str:
    """Where to come back to; an answer to a form has no address, so the form's page."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")  # another site's form does not get this far
    query = f"?{came_from.query}" if came_from.query else ""
    return came_from.path + query if LOCAL_PATH.fullmatch(came_from.path) else "/admin/"
