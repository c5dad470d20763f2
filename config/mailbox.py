"""The mailbox that answers come to, as the settings state it: all of it, or nothing.

It opens no connection; whether the server answers is seen when answers are fetched.
"""

from dataclasses import dataclass, field

from config import addresses
from config.mail_addresses import Undeliverable, deliverable
from config.reading import PREFIX, MailTls, Reading

NEEDED = ("IMAP_SERVER", "IMAP_USER", "IMAP_PASSWORD", "IMAP_ADDRESS")
OTHERS = ("IMAP_PORT", "IMAP_TLS", "IMAP_FOLDER", "IMAP_SUBADDRESSES")
PORTS = {MailTls.TLS: 993, MailTls.STARTTLS: 143, MailTls.NONE: 143}
ALL_PORTS = range(1, 65536)
LONGEST_LOCAL = 15
"""Of an address with subaddresses: 64 characters (RFC 5321), less the token and its sign."""


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """An IMAP4 mailbox, and the address at which mails reach it."""

    server: str
    """UKETSUKE_IMAP_SERVER"""
    port: int
    """UKETSUKE_IMAP_PORT: 993, or 143 with starttls."""
    tls: MailTls
    """UKETSUKE_IMAP_TLS: tls or starttls; none on this machine only."""
    user: str
    """UKETSUKE_IMAP_USER"""
    password: str = field(repr=False)
    """UKETSUKE_IMAP_PASSWORD"""
    folder: str
    """UKETSUKE_IMAP_FOLDER"""
    address: str
    """UKETSUKE_IMAP_ADDRESS: where replies to the office's mails go."""
    has_subaddresses: bool
    """UKETSUKE_IMAP_SUBADDRESSES: whether address+anything reaches it, too (RFC 5233)."""


def read(reading: Reading) -> Mailbox | None:
    """What is stated of a mailbox; None where nothing is."""
    stated = [name for name in (*NEEDED, *OTHERS) if reading.text(name)]
    if not stated:
        return None
    for name in NEEDED:
        if name not in stated:
            reading.report(name, f"is not set, although {PREFIX}{stated[0]} is")
    server, tls = reading.text("IMAP_SERVER"), reading.tls("IMAP_TLS", MailTls.TLS)
    if tls is MailTls.NONE and not addresses.is_loopback(server):
        reading.report("IMAP_TLS", "is none; mails must not travel in clear: tls or starttls")
    has_subaddresses = reading.switch("IMAP_SUBADDRESSES", "off")
    return Mailbox(
        server=server,
        port=reading.number("IMAP_PORT", PORTS[tls], allowed=ALL_PORTS),
        tls=tls,
        user=reading.text("IMAP_USER"),
        password=reading.text("IMAP_PASSWORD"),
        folder=_folder(reading),
        address=_address(reading, has_subaddresses=has_subaddresses),
        has_subaddresses=has_subaddresses,
    )


def _folder(reading: Reading) -> str:
    """ASCII, as it stands between quotation marks in a command."""
    folder = reading.text("IMAP_FOLDER", "INBOX")
    if not folder.isascii() or {'"', "\\"} & set(folder):
        reading.report("IMAP_FOLDER", "must be ASCII, without quotation marks and backslashes")
    return folder


def _address(reading: Reading, *, has_subaddresses: bool) -> str:
    address = reading.text("IMAP_ADDRESS")
    if not address:
        return ""
    try:
        deliverable(address)
    except Undeliverable as error:
        reading.report("IMAP_ADDRESS", f"is “{address}”, which no mail can be sent to: {error}")
    local = address.rpartition("@")[0]
    if has_subaddresses and len(local) > LONGEST_LOCAL:
        told = f"has more than {LONGEST_LOCAL} characters before the @, too many for subaddresses"
        reading.report("IMAP_ADDRESS", told)
    return address
