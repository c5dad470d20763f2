"""A provider made by hand that says whatever a test wants it to, what a certified one never would.

It speaks HTTP on loopback; nobody signs in there, a test comes back from it with a made-up code.
"""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import TestResponse

from tests.federation.realm import CLIENT, SECRET, new_key
from tests.federation.visitor import BACK, Visitor

Claims = dict[str, Any]
GOOD_KEY = new_key("good")


@dataclass
class Rogue:
    """What it tells is public, to be changed by a test; `asked` is what it was asked."""

    issuer: str
    keys: list[RSAKey]
    signs_with: RSAKey
    document: Claims = field(default_factory=dict)
    """What its document of itself says otherwise than a good one; None leaves a thing out."""
    claims: Claims = field(default_factory=dict)
    header: Claims = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    """By path: another answer; bytes, or a status with headers."""
    id_token: str | None = ""
    """Another ID token; None for none."""
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)

    def be_good(self) -> None:
        """Another person comes, and everything about the answer holds."""
        self.document, self.header, self.answers = {}, {}, {}
        self.id_token, self.signs_with = "", GOOD_KEY
        self.keys, self.asked = [GOOD_KEY], []
        self.claims = self.good_claims(sub=uuid4().hex)

    def good_claims(self, **others: Any) -> Claims:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "sub": "somebody",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "amr": ["mfa"],
            "groups": ["uketsuke-operators"],
        } | others

    def told(self, path: str) -> Any:
        """The answer to a question; a good one unless told otherwise."""
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            stated = self._good_document() | self.document
            return {name: value for name, value in stated.items() if value is not None}
        if path == "/keys":
            return {"keys": [key.as_dict(private=False) for key in self.keys]}
        if path == "/userinfo":
            return {"sub": self.claims["sub"], "groups": ["uketsuke-operators"]}
        return self._tokens()

    def signed(self, claims: Mapping[str, Any]) -> str:
        header = {"alg": "RS256", "kid": self.signs_with.kid} | self.header
        text = json.dumps(claims)
        if header["alg"] == "none":
            return unsigned(header, text)
        key: RSAKey | OctKey = self.signs_with
        if header["alg"] == "HS256":  # our secret, which is anybody's with whom we share it
            key = OctKey.import_key(SECRET)
        return jws.serialize_compact(header, text, key, algorithms=[header["alg"]])

    def _tokens(self) -> Claims:
        id_token = self.signed(self.claims) if self.id_token == "" else self.id_token
        told = {"access_token": "an-access-token", "token_type": "Bearer", "expires_in": 300}
        return told if id_token is None else told | {"id_token": id_token}

    def _good_document(self) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
        }


def unsigned(header: Mapping[str, Any], text: str) -> str:
    parts = (json.dumps(header).encode(), text.encode())
    return ".".join(urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts) + "."


@contextmanager
def rogue() -> Iterator[Rogue]:
    """One at large, until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        # A realm of its own: a port can be given twice, and what is kept of an issuer stays.
        issuer = f"http://127.0.0.1:{server.server_port}/{uuid4().hex}"
        one = Rogue(issuer, [GOOD_KEY], GOOD_KEY)
        one.be_good()
        server.one = one  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield one
        finally:
            server.shutdown()
            thread.join()


def return_from(one: Rogue, visitor: Visitor, **others: str) -> TestResponse:
    """Begin, and come back with a code; `others` are more or other arguments of the answer."""
    asked = parse_qs(urlsplit(visitor.begin()).query)
    one.claims.setdefault("nonce", asked["nonce"][0])
    arguments = {"code": "made-up", "state": asked["state"][0]} | others
    return visitor.get(BACK, **arguments)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._answer(parse_qs(self.rfile.read(length).decode()))

    def _answer(self, sent: dict[str, list[str]]) -> None:
        one: Rogue = self.server.one  # type: ignore[attr-defined]
        path = urlsplit(self.path).path.removeprefix(urlsplit(one.issuer).path)
        one.asked.append((path, sent))
        told = one.told(path)
        status, headers = 200, {}
        if isinstance(told, tuple):
            status, headers, told = told
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
