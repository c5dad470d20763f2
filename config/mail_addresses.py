"""A mail address as SMTP and a header want it; it knows neither mails nor servers."""

import re

import idna

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_ATOM = re.compile(rf"{ATOM}(?:\.{ATOM})*")
QUOTED = re.compile(r'"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"')
QUOTABLE = re.compile(r"[\x20-\x7e]+")
DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class Undeliverable(ValueError):
    """No mail can be sent to this; the text of the address is not repeated."""


def deliverable(address: str) -> str:
    """The one address in `address`, in ASCII: its domain by IDNA, its local part quoted if needed.

    RFC 5321 allows two dots in a row, or one at the end, only in a quoted local part: docomo and
    au once gave out `taro.@docomo.ne.jp`, which is `"taro."@docomo.ne.jp` on the way.
    """
    local, at, domain = address.rpartition("@")
    if not at:
        raise Undeliverable("not an address")
    return f"{_local(local)}@{_domain(domain)}"


def _local(local: str) -> str:
    if DOT_ATOM.fullmatch(local) or QUOTED.fullmatch(local):
        return local
    if not QUOTABLE.fullmatch(local):
        raise Undeliverable("the part before the @ holds more than printable ASCII")
    escaped = local.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _domain(domain: str) -> str:
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise Undeliverable("the part after the @ is no domain") from error
    if not DOMAIN.fullmatch(domain):
        raise Undeliverable("the part after the @ is no domain")
    return domain
