"""What the signed-in person said they use personal data for: kept in their session until they take
it back or sign out, and noted with all they do meanwhile.

It knows which words are a purpose, not what is shown under one: that is `models/security`.
"""

from collections.abc import Collection

from flask import request, session
from flask_babel import gettext

from extensions import engine
from models.records.revealing import LONGEST_PURPOSE, require_purpose
from models.security.caller import Caller

IN_SESSION = "purpose"


def usual() -> tuple[str, ...]:
    """What the records' personal data is usually used for; the person may write another."""
    return (
        gettext("To contact the persons and to make arrangements with them"),
        gettext("To answer inquiries from the persons"),
        gettext("To check and correct what was entered"),
    )


def sent(offered: Collection[str]) -> str:
    """What the form holds: the written purpose, or the chosen one; "" for a choice that was not
    offered, and for what cannot be printed."""
    written = " ".join(request.form.get("purpose_text", "").split())[:LONGEST_PURPOSE]
    chosen = request.form.get("purpose", "")
    stated = written or (chosen if chosen in offered else "")
    return stated if stated.isprintable() else ""


def of(signed_in: Caller) -> str:
    """ "" before it is stated, and where somebody else stated it in this session."""
    account, purpose = session.get(IN_SESSION, ("", ""))
    is_theirs = signed_in.id is not None and account == signed_in.id.hex
    return str(purpose) if is_theirs else ""


def state(caller: Caller, purpose: str) -> None:
    """From the next request on. Raises ValidationFailed by `purpose`."""
    require_purpose(purpose)
    stating = caller.for_purpose(purpose)
    engine().run(lambda service: service.audit(stating, "state_purpose"))
    session[IN_SESSION] = [caller.id.hex if caller.id else "", purpose]


def take_back() -> None:
    """Masked again, as before it was stated."""
    session.pop(IN_SESSION, None)
