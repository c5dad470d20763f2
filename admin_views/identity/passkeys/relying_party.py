"""Who the service is to an authenticator: fixed by the settings, whatever a request claims."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from extensions import settings

NAME = "Uketsuke"
DEFAULT_PORTS = {"https": ":443", "http": ":80"}


def identifier() -> str:
    """The host name that passkeys are bound to."""
    return urlsplit(settings().base_url).hostname or ""


def origin() -> str:
    """Where a ceremony must have taken place, as browsers write it."""
    base_url = settings().base_url
    scheme = base_url.partition(":")[0]
    return base_url.removesuffix(DEFAULT_PORTS.get(scheme, ""))


def is_possible() -> bool:
    """Browsers make passkeys for names, not for addresses, and under TLS or on localhost only."""
    host = identifier()
    try:
        ip_address(host)
    except ValueError:
        return settings().is_tls or host == "localhost"
    return False
