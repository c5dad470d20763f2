"""What every page of the back office knows: the language, the account, a few helpers."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for
from flask_babel import gettext

from admin_views.identity import (
    current_account,
    current_caller,
    stated_purpose,
    step_up,
    support,
)
from admin_views.identity.passkeys import relying_party
from admin_views.language import language, local_time
from admin_views.people.closing import closed_notice
from admin_views.purpose_strip import purpose_strip
from models.metadata.definitions import AttributeDefinition

KEPT = (
    *(
        "id",
        "other",
        "view",
        "sort",
        "desc",
        "person",
        "record",
        "action",
        "since",
        "until",
        "hours",
    ),
    *("privilege", "entity", "attribute", "about", "outcome"),
)
"""What of an address a change of language keeps; not what was typed to search by."""
SIGN_OUT = "security.logout"


def page_arguments() -> dict[str, Any]:
    return {
        "speaks": language,
        "office_name": office_name,
        "language_url": language_url,
        "signed_in_name": signed_in_name,
        "account_links": account_links,
        "sign_out_url": sign_out_url,
        "local_time": local_time,
        "proof_is_needed": step_up.is_needed,
        "has_passkey": has_passkey,
        "option_choices": option_choices,
        "closed_notice": closed_notice,
        "support_session": support_session,
        "purpose_strip": purpose_strip,
        "usual_purposes": stated_purpose.usual,
    }


def office_name() -> str:
    return gettext("Uketsuke back office")


def language_url(wanted: str) -> str:
    """This page in that language; an answer to a form has no address, so the start page."""
    if request.method != "GET":
        return url_for("admin.index", lang=wanted)
    kept = {name: request.args[name] for name in KEPT if name in request.args}
    return f"{request.path}?{urlencode({**kept, 'lang': wanted})}"


def signed_in_name() -> str:
    """The account's e-mail address; "" before sign-in."""
    caller = current_caller()
    return "" if caller is None else (caller.supporter or caller).name


def support_session() -> tuple[str, support.SupportSession] | None:
    """As whom the office is seen, and the session in which it is; None outside of one."""
    caller, this = current_caller(), support.current()
    return (caller.name, this) if this and caller and caller.supporter else None


def account_links() -> list[dict[str, str]]:
    """The person's own pages, of those the sign-in part has."""
    named = (("account.index", gettext("Your account")),)
    known = current_app.view_functions
    return [{"url": url_for(page), "name": name} for page, name in named if page in known]


def sign_out_url() -> str:
    return url_for(SIGN_OUT) if SIGN_OUT in current_app.view_functions else ""


def has_passkey() -> bool:
    """Whether the person can show one here."""
    return relying_party.is_possible() and bool(getattr(current_account(), "passkeys", ()))


def option_choices(attribute: AttributeDefinition) -> list[tuple[str, str]]:
    """What an attribute with options can be narrowed to, as (value, label)."""
    if attribute.options is not None:
        return [(str(o.value), o.label.text(language())) for o in attribute.options.options]
    return [("1", gettext("Yes")), ("0", gettext("No"))]
