"""How often one address may knock, counted for all processes together in the database.

Generous, since a whole city hall may share an address; strict where an answer costs us much. The
address itself is not kept, only a keyed hash of it.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, request
from flask_limiter import Limiter
from limits.storage import Storage
from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from extensions import engine, secret
from models.tables.intake import RateLimit
from models.tables.session import Transaction

View = TypeVar("View", bound=Callable[..., object])

PAGES = "600 per minute"
POSTS = "120 per minute"
SUBMISSIONS = "60 per minute"
IMAGES = "300 per minute"
SOUNDS = "20 per 5 minutes"


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
            insert = sqlite_insert if engine().database.is_sqlite else postgresql_insert
            fresh = {"key": key[:200], "count": amount, "expires_on": now + expiry}
            over = RateLimit.expires_on <= now
            statement = insert(RateLimit).values(fresh)
            upsert = statement.on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "count": case((over, amount), else_=RateLimit.count + amount),
                    "expires_on": case((over, now + expiry), else_=RateLimit.expires_on),
                },
            ).returning(RateLimit.count)
            return int(transaction.write(upsert).scalar_one())

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
    return hmac.digest(
        secret("rate limits"), (request.remote_addr or "").encode(), hashlib.sha256
    ).hex()[:32]


limiter = Limiter(
    key_func=address,
    storage_uri="uketsuke://",
    strategy="fixed-window",
    headers_enabled=True,
    key_prefix="",
)


def install_limits(app: Flask) -> None:
    app.config["RATELIMIT_HEADERS_ENABLED"] = False
    limiter.init_app(app)


def limit(rule: str, scope: str) -> Callable[[View], View]:
    """A decorator: at most so often from one address, counted under `scope`."""
    counted: Callable[[View], View] = limiter.shared_limit(rule, scope=scope)  # type: ignore[assignment]
    return counted
