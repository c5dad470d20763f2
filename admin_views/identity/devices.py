"""Browsers: what one calls itself, in words, and whether an account was used from it before.

A browser is known by a token in a cookie of its own, which signs nobody in; the database keeps
its hash. What a browser says of itself is no proof of anything.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, after_this_request, current_app, request
from sqlalchemy import delete, insert, select, update

from models.metadata.labels import Label
from models.tables.base import utc_now
from models.tables.credentials import KnownDevice
from models.tables.session import Transaction

BROWSERS = (
    ("Edg", "Microsoft Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that is named counts: each names those it wants to be taken for as well."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = Label("不明な端末", "Unknown device")
KEPT_FOR = timedelta(days=180)
MOST_KNOWN = 20
"""Of one account; the one unused for longest is forgotten."""


def device_name() -> str:
    """The browser and system of this request, like “Firefox · Windows”; "" for an unknown one."""
    said = request.user_agent.string
    found = (_first(BROWSERS, said), _first(SYSTEMS, said))
    return " · ".join(name for name in found if name)


def device_label() -> str | Label:
    """As `device_name`, with words for an unknown one."""
    return device_name() or UNKNOWN


def browser_token() -> str:
    """What this browser is known by; a new one, which the answer gives it, if it has none."""
    kept = request.cookies.get(_cookie(), "")
    token = kept if len(kept) == 43 else secrets.token_urlsafe(32)
    after_this_request(lambda response: _give(response, token))
    return token


def is_new(transaction: Transaction, user_id: UUID, token: str) -> bool:
    """Whether the account was not used from this browser before; it is known from now on."""
    hashed, now = hashlib.sha256(token.encode()).digest(), utc_now()
    mine = KnownDevice.systemuser_id == user_id
    this = update(KnownDevice).where(mine, KnownDevice.token_hash == hashed)
    if transaction.write(this.values(last_seen_on=now)).rowcount:
        return False
    row = {"systemuser_id": user_id, "token_hash": hashed, "last_seen_on": now}
    transaction.write(insert(KnownDevice), row)
    newest = select(KnownDevice.token_hash).where(mine)
    newest = newest.order_by(KnownDevice.last_seen_on.desc()).limit(MOST_KNOWN)
    kept = list(transaction.read(newest).scalars())
    transaction.write(delete(KnownDevice).where(mine, KnownDevice.token_hash.not_in(kept)))
    return True


def _first(names: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for sign, name in names if sign in said), "")


def _cookie() -> str:
    return "__Host-staff-device" if _is_secure() else "staff-device"


def _is_secure() -> bool:
    return bool(current_app.config.get("SESSION_COOKIE_SECURE"))


def _give(response: Response, token: str) -> Any:
    response.set_cookie(
        _cookie(),
        token,
        max_age=KEPT_FOR,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response
