"""Judgements on addresses that settings hold: origins, hosts, database URLs, folders.

Knows neither variables nor environments.
"""

import os
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

SHARED_DRIVERS = {"sqlite", "postgresql+psycopg"}
POSTGRESQL_SPELLINGS = {"postgres", "postgresql"}
POSTGRESQL_PORT = 5432
SyslogAddress = str | tuple[str, int] | None
"""A socket's path, or host and port (UDP)."""


def is_origin(text: str) -> bool:
    """Whether `text` is http(s)://host[:port] and nothing more."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    path_or_user = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    return parts.scheme in {"http", "https"} and bool(host) and not path_or_user and port != 0


def is_issuer(text: str) -> bool:
    """Whether `text` can name an OpenID provider: an origin, perhaps with a path."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_plain = text.isascii() and not {"?", "#", " ", "\\"} & set(text)
    return is_plain and is_origin(f"{parts.scheme}://{parts.netloc}")


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


def syslog(text: str) -> str | tuple[str, int]:
    """A socket's path, or host and port; ValueError for what is neither."""
    if text.startswith("/"):
        return text
    parts = urlsplit(f"//{text}")
    if not parts.hostname or not parts.port or parts.netloc != text or "@" in text:
        raise ValueError("neither a path nor host:port")
    return parts.hostname, parts.port


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
    if url.drivername == "sqlite" and not _names_a_file(url):
        raise ValueError("must name a file by its path, since several processes share it")
    try:
        place_of(url)
    except (ArgumentError, ValueError):
        raise ValueError("is not a database URL") from None
    return url


def place_of(url: str | URL) -> tuple[str, ...]:
    """Where a database is, however its URL is spelled: of one place there is one database."""
    url = make_url(url)
    if url.get_backend_name() == "sqlite":
        return ("sqlite", os.path.realpath(url.database or ""))
    _, told = url.get_dialect()().create_connect_args(url)  # what the driver will be told
    host = str(told.get("host") or "localhost").lower()
    is_here = is_loopback(host) or host.startswith("/")
    port, database = told.get("port") or POSTGRESQL_PORT, told.get("dbname") or told.get("user")
    return ("postgresql", "localhost" if is_here else host, str(port), str(database))


def overlap(one: Path | None, other: Path | None) -> bool:
    """Whether two folders are the same, or one lies in the other, however they are named."""
    if one is None or other is None:
        return False
    first, second = Path(os.path.realpath(one)), Path(os.path.realpath(other))
    return first.is_relative_to(second) or second.is_relative_to(first)


def _names_a_file(url: URL) -> bool:
    """And not a database in memory, for which SQLite has several spellings."""
    name = url.database or ":memory:"
    by_path = name != ":memory:" and not name.startswith("file:")
    return by_path and not url.host and not {"uri", "mode"} & url.query.keys()
