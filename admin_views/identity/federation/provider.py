"""The identity provider as one process of ours knows it: its document and keys, for an hour.

Nothing is asked before somebody wants to sign in; one that does not answer is left alone for a
while, so that whoever comes next is told at once.
"""

import time
from threading import Lock
from typing import TYPE_CHECKING, cast

from flask import current_app

from admin_views.identity.federation.discovery import read_metadata
from admin_views.identity.federation.reasons import Reason, Refused
from config import SingleSignOn
from extensions import settings

if TYPE_CHECKING:
    from admin_views.identity.federation.connection import Client

KNOWN_FOR = 3600.0
"""Seconds; a key that the provider has withdrawn is not believed for longer."""
LEFT_ALONE_FOR = 10.0
KEYS_STAND_FOR = 60.0
PLACE = "uketsuke.provider"


class Provider:
    def __init__(self, stated: SingleSignOn) -> None:
        self.stated = stated
        self._lock = Lock()
        self._client: Client | None = None
        self._known_until = 0.0
        self._silent_until = 0.0
        self._keys_asked = -KEYS_STAND_FOR

    def client(self) -> "Client":
        """Authlib's client with the document of the last hour. Raises Refused."""
        with self._lock:
            now = time.monotonic()
            if self._client is None or now >= self._known_until:
                self._client = self._meet(now)
            return self._client

    def keys_again(self) -> None:
        """Ask for the keys anew, since one is not known; not for everybody who invents one."""
        client = self.client()
        with self._lock:
            now = time.monotonic()
            if now < self._keys_asked + KEYS_STAND_FOR:
                return
            self._keys_asked = now
        client.fetch_jwk_set(force=True)

    def _meet(self, now: float) -> "Client":
        from admin_views.identity.federation.connection import make_client

        if now < self._silent_until:
            raise Refused(Reason.UNREACHABLE)
        try:
            client = make_client(self.stated, read_metadata(self.stated))
        except Refused:
            self._silent_until = time.monotonic() + LEFT_ALONE_FOR
            raise
        self._known_until = now + KNOWN_FOR
        return client


def provider() -> Provider | None:
    """The application's; None where no single sign-on is set up."""
    stated = settings().single_sign_on
    if stated is None:
        return None
    kept = current_app.extensions.setdefault(PLACE, Provider(stated))
    return cast("Provider", kept)
