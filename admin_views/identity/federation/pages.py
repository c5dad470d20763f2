"""The pages of single sign-on: to the provider, back from it, and why one is not let in."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from admin_views.identity.auditing import note, note_stranger
from admin_views.identity.callers import current_caller
from admin_views.identity.federation import journey, linking
from admin_views.identity.federation.admitting import admit
from admin_views.identity.federation.attempts import Attempt, Purpose
from admin_views.identity.federation.entering import count_as_proof, enter
from admin_views.identity.federation.evidence import Evidence
from admin_views.identity.federation.identities import account_of
from admin_views.identity.federation.provider import Provider, provider
from admin_views.identity.federation.reasons import Reason, Refused
from admin_views.identity.federation.signing_out import LEFT, address_to_end_at
from admin_views.identity.federation.wording import called, saying
from extensions import engine

HOME = "/admin/"
pages = Blueprint("federation", __name__)


def the_provider() -> Provider:
    """404 where no single sign-on is set up."""
    return provider() or abort(404)


@pages.get("/login/federated")
def begin() -> ResponseReturnValue:
    """To the provider; what for stands in the address, and counts for who is signed in."""
    one, purpose = the_provider(), _purpose()
    way_on = request.args.get("next", HOME)
    if purpose is Purpose.SIGN_IN and current_caller() is not None:
        return redirect(HOME)
    if purpose is not Purpose.SIGN_IN and current_caller() is None:
        return redirect(url_for("security.login", next=way_on))
    if purpose is Purpose.LINK and not linking.is_asked_for():
        return redirect(url_for("federation.own"))
    attempt = Attempt.now(purpose, way_on=way_on, account=_signed_in_id())
    try:
        address = journey.address_to_go_to(one, attempt)
        return redirect(address)  # nosemgrep: redirect-where-asked - the provider's own document
    except Refused as refused:
        return _refuse(one, refused.reason, back_to=_way_back(purpose, way_on))


@pages.get("/login/federated/callback")
def back() -> ResponseReturnValue:
    """From the provider: the answer is believed once everything about it is proven."""
    one, back_to = the_provider(), url_for("security.login")
    try:
        attempt = journey.attempt_of_answer()
        back_to = _way_back(attempt.purpose, attempt.way_on)
        evidence = journey.evidence_of_answer(one, attempt)
    except Refused as refused:
        return _refuse(one, refused.reason, back_to=back_to)
    if attempt.purpose is Purpose.SIGN_IN:
        found = admit(evidence, address=request.remote_addr)
        if isinstance(found, Reason):
            return _page(one, found, back_to=back_to, subject=evidence.subject)
        return enter(one.stated, found, evidence, way_on=attempt.way_on)
    reason = _own(attempt, evidence)
    if reason is not None:
        return _refuse(one, reason, back_to=back_to)
    count_as_proof(evidence)
    return redirect(attempt.way_on, 303)


@pages.get("/login/signed-out")
def signed_out() -> ResponseReturnValue:
    one, id_token = the_provider(), session.get(LEFT, "")
    if not id_token:
        return redirect(url_for("security.login"))
    address = address_to_end_at(one, id_token)
    return render_template("security/signed_out.html", name=called(one.stated), address=address)


def _own(attempt: Attempt, evidence: Evidence) -> Reason | None:
    """For who is signed in: a proof, or a link. Why not; None where it is done."""
    caller = current_caller()
    if caller is None or caller.id is None or str(caller.id) != attempt.account:
        return Reason.EXPIRED
    if attempt.purpose is Purpose.LINK:
        return linking.link_own(caller, caller.id, evidence)
    return None if _owner(evidence) == caller.id else Reason.OTHER_PERSON


def _owner(evidence: Evidence) -> UUID | None:
    return engine().run(
        lambda service: account_of(service.transaction, evidence.issuer, evidence.subject)
    )


def _purpose() -> Purpose:
    try:
        return Purpose(request.args.get("purpose", Purpose.SIGN_IN))
    except ValueError:
        abort(404)


def _way_back(purpose: Purpose, way_on: str) -> str:
    return url_for("security.login") if purpose is Purpose.SIGN_IN else way_on


def _signed_in_id() -> str:
    caller = current_caller()
    return "" if caller is None else str(caller.id)


def _refuse(one: Provider, reason: Reason, *, back_to: str) -> ResponseReturnValue:
    """Noted in the name of who is signed in, if somebody is; never with what was told."""
    outcome = "failed" if reason is Reason.UNREACHABLE else "refused"
    account: Any = current_user
    told = {"factor": "provider", "reason": str(reason), "outcome": outcome}
    if account.is_authenticated:
        note("sign_in_failed", account, **told)
    else:
        note_stranger(**told)
    return _page(one, reason, back_to=back_to)


def _page(
    one: Provider, reason: Reason, *, back_to: str, subject: str = ""
) -> ResponseReturnValue:
    said = saying(reason, one.stated)
    shown = subject if reason is Reason.ADDRESS_TAKEN else ""
    page = render_template(
        "security/federated_refused.html", text=said.text, back_to=back_to, subject=shown
    )
    return page, said.status
