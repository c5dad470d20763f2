"""An authenticator made of software: it signs what a test wants, right or wrong."""

import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from tests.identity.staff import Browser

ORIGIN, RP_ID = "http://localhost:8000", "localhost"
PRESENT, VERIFIED, BACKED_UP, ATTESTED = 0x01, 0x04, 0x18, 0x40
NAME = "仕事用のPC"
NEW, OPTIONS = "/account/passkeys/new/", "/account/passkeys/options/"


@dataclass
class Software:
    """`sign_count` of None never counts; the others are what it claims when it signs."""

    sign_count: int | None = 0
    origin: str = ORIGIN
    rp_id: str = RP_ID
    flags: int = PRESENT | VERIFIED
    handle: bytes | None = None
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))

    def made(self, options: dict[str, Any], **changes: Any) -> str:
        """The answer to a request for a new credential."""
        self.handle = base64url_to_bytes(options["user"]["id"])
        client = self._client("webauthn.create", options, **changes)
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(self.flags | ATTESTED) + attested + self._public_key()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=client, attestationObject=attestation, transports=["internal"]
        )

    def shown(self, options: dict[str, Any], **changes: Any) -> str:
        """The answer to a request for a proof."""
        if self.sign_count is not None:
            self.sign_count += 1
        client = self._client("webauthn.get", options, **changes)
        data = self._data(self.flags)
        signed = data + hashlib.sha256(client).digest()
        parts: dict[str, Any] = {
            "clientDataJSON": client,
            "authenticatorData": data,
            "signature": self.key.sign(signed, ec.ECDSA(SHA256())),
        }
        return self._answer(**parts, **({"userHandle": self.handle} if self.handle else {}))

    def copy(self, **changes: Any) -> "Software":
        """Another one with the same key."""
        return replace(self, **changes)

    def _client(self, kind: str, options: dict[str, Any], **changes: Any) -> bytes:
        stated = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(stated | {"crossOrigin": False} | changes).encode()

    def _data(self, flags: int) -> bytes:
        counted = (self.sign_count or 0).to_bytes(4, "big")
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + counted

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _answer(self, **parts: Any) -> str:
        written = {
            name: bytes_to_base64url(part) if isinstance(part, bytes) else part
            for name, part in parts.items()
        }
        own = bytes_to_base64url(self.credential_id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": written})


def register(browser: Browser, key: Software, name: str = NAME) -> None:
    """All the way, as the page's script does it."""
    sent = key.made(options_of(browser, OPTIONS, page=NEW, name=name))
    response = browser.send(NEW, name=name, credential=sent)
    assert response.location == "/account/", response.text


def options_of(browser: Browser, path: str, page: str, **values: str) -> dict[str, Any]:
    response = browser.send(path, page=page, **values)
    assert response.status_code == 200, (path, response.status)
    options: dict[str, Any] = json.loads(response.data)
    return options


def sign_in_options(browser: Browser) -> dict[str, Any]:
    return options_of(browser, "/login/passkey/options", page="/login")


def show_at_sign_in(browser: Browser, sent: str) -> bool:
    """Whether it signs in."""
    browser.send("/login/passkey", page="/login", credential=sent)
    return browser.is_in()


def proof_options(browser: Browser) -> dict[str, Any]:
    return options_of(browser, "/verify/passkey/options", page="/verify")


def prove(browser: Browser, sent: str) -> bool:
    response = browser.send("/verify/passkey", page="/verify", credential=sent)
    assert response.status_code in {204, 400}
    return response.status_code == 204
