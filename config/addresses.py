"""Judgements on addresses that settings hold: origins, hosts, database URLs.

Knows neither variables nor environments.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

SHARED_DRIVERS = {"sqlite", "postgresql+psycopg"}
POSTGRESQL_SPELLINGS = {"postgres", "postgresql"}


def is_origin(text: str) -> bool:
    """Whether `text` is http(s)://host[:port] and nothing more."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    path_or_user = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    return parts.scheme in {"http", "https"} and bool(host) and not path_or_user and port != 0


def is_private_on_the_way(origin: str) -> bool:
    """Whether what is sent there cannot be read on the way: by TLS, or by never leaving."""
    return origin.startswith("https://") or is_loopback(host_of(origin))


def host_of(origin: str) -> str:
    return (urlsplit(origin).hostname or "") if is_origin(origin) else ""


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def shared_database(text: str) -> URL:
    """The database URL `text`, its driver named; ValueError says why it cannot be used."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # whose own words might quote a password
        raise ValueError("is not a database URL") from None
    if url.drivername in POSTGRESQL_SPELLINGS:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in SHARED_DRIVERS:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if url.drivername == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ValueError("must name a file, since several processes share it")
    return url
