"""How often one address may knock, counted for all processes together in the database.

Generous, since a whole city hall may share an address; strict where an answer costs us much. The
address itself is not kept, only a keyed hash of it.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar

from flask import Flask, abort, request
from flask_limiter import Limiter
from limits.storage import Storage
from sqlalchemy import bindparam, case, delete, select

from extensions import engine, secret
from models.tables.intake import RateLimit
from models.tables.session import Transaction
from models.tables.upserts import insert_for

View = TypeVar("View", bound=Callable[..., object])

PAGES = "600 per minute"
POSTS = "120 per minute"
SUBMISSIONS = "60 per minute"
IMAGES = "300 per minute"
SOUNDS = "20 per 5 minutes; 60 per day"
SIGN_INS = "120 per minute"
OFFICE = "/admin/"


@lru_cache
def _counting(insert: Callable[..., Any]) -> Any:
    """Add to a counter, or begin it anew when its window is over."""
    fresh = insert(RateLimit).values(
        key=bindparam("key"), count=bindparam("count"), expires_on=bindparam("expires_on")
    )
    over = RateLimit.expires_on <= bindparam("now")
    counted = {
        "count": case((over, fresh.excluded.count), else_=RateLimit.count + fresh.excluded.count),
        "expires_on": case((over, fresh.excluded.expires_on), else_=RateLimit.expires_on),
    }
    return fresh.on_conflict_do_update(index_elements=["key"], set_=counted).returning(
        RateLimit.count
    )


class DatabaseStorage(Storage):
    """Counters of fixed windows in the table of rate limits; lost in a power cut, no more."""

    STORAGE_SCHEME = ["uketsuke"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return OSError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, and start anew when the window is over; the count after it."""

        def count(transaction: Transaction) -> int:
            now = time.time()
            counted = {"key": key[:200], "count": amount, "expires_on": now + expiry, "now": now}
            counting = _counting(insert_for(transaction.connection))
            return int(transaction.write(counting, counted).scalar_one())

        return engine().database.run(count, durable=False)

    def get(self, key: str) -> int:
        with engine().database.reading() as connection:
            alive = (RateLimit.key == key[:200]) & (RateLimit.expires_on > time.time())
            return int(connection.scalar(select(RateLimit.count).where(alive)) or 0)

    def get_expiry(self, key: str) -> float:
        with engine().database.reading() as connection:
            found = connection.scalar(
                select(RateLimit.expires_on).where(RateLimit.key == key[:200])
            )
        return float(found or time.time())

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        engine().database.run(lambda transaction: transaction.write(delete(RateLimit)))
        return None

    def clear(self, key: str) -> None:
        statement = delete(RateLimit).where(RateLimit.key == key[:200])
        engine().database.run(lambda transaction: transaction.write(statement))


def address() -> str:
    """A keyed hash of the client's address."""
    network = network_of(request.remote_addr or "")
    return hmac.digest(secret("rate limits"), network.encode(), hashlib.sha256).hex()[:32]


def network_of(remote: str) -> str:
    """The address itself; of IPv6 the first half, since every customer gets the second whole."""
    try:
        found = ip_address(remote)
    except ValueError:
        return remote
    if isinstance(found, IPv6Address):
        plain = found.ipv4_mapped
        return str(plain or IPv6Address(int(found) >> 64 << 64))
    return str(found)


limiter = Limiter(
    key_func=address,
    storage_uri="uketsuke://",
    strategy="fixed-window",
    headers_enabled=False,  # they would ask the database twice more for every page
    key_prefix="",
)


def install_limits(app: Flask) -> None:
    app.before_request(limit_form)
    limiter.init_app(app)


def limit_form() -> None:
    """A form of megabytes, or of a million controls, would take seconds to read: Werkzeug counts
    one control's length, and controls in multipart only. Files come from the office alone."""
    is_urlencoded = request.mimetype == "application/x-www-form-urlencoded"
    if is_urlencoded or not request.path.startswith(OFFICE):
        request.max_content_length = request.max_form_memory_size
    if is_urlencoded and request.get_data().count(b"&") >= (request.max_form_parts or 0):
        abort(413)


def limit(rule: str, scope: str) -> Callable[[View], View]:
    """A decorator: at most so often from one address, counted under `scope`."""
    counted: Callable[[View], View] = limiter.shared_limit(rule, scope=scope)  # type: ignore[assignment]
    return counted
