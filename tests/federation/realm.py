"""A real identity provider on this machine: certified, of npm, in a process of its own.

A test says who its people are, with which groups, and how they have shown who they are.
"""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from joserfc.jwk import RSAKey

from tests.support import absence

FOLDER = Path(__file__).parent / "provider"
CLIENT, SECRET = "uketsuke", "a-secret-that-only-two-may-know-4711"
PATIENCE = 60
STRONG = "urn:example:strong"


@dataclass(frozen=True)
class Resident:
    """Somebody the provider knows; `login` is also the subject."""

    login: str
    groups: tuple[str, ...] = ()
    amr: tuple[str, ...] = ("pwd", "otp")
    acr: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)

    def as_told(self) -> dict[str, Any]:
        claims = {"groups": list(self.groups), **self.claims}
        told: dict[str, Any] = {"claims": claims, "amr": list(self.amr)}
        return told | ({"acr": self.acr} if self.acr else {})


@dataclass
class Realm:
    """The running provider."""

    issuer: str

    def knows(self, *residents: Resident) -> None:
        """These and nobody else, from now on."""
        people = {one.login: one.as_told() for one in residents}
        requests.put(f"{self.issuer}/people", json=people, timeout=10).raise_for_status()


def install_provider() -> None:
    """What package-lock.json names, with its hashes; nothing is run of it while installing."""
    if not absence.npm_is_there():
        absence.absent(absence.NO_NPM)
    lock, done = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".package-lock.json"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, timeout=300)


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}, private=True)


@contextmanager
def realm_at(
    port: int, *, us: str, keys: Sequence[RSAKey], in_id_token: bool = True
) -> Iterator[Realm]:
    """The provider on that port, with our service at `us` as its client."""
    install_provider()
    configuration = {
        "port": port,
        "keys": {"keys": [key.as_dict(private=True) for key in keys]},
        "clients": [_client(us)],
        "inIdToken": in_id_token,
    }
    command = ["node", "server.js", json.dumps(configuration)]
    with subprocess.Popen(
        command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        realm = Realm(f"http://127.0.0.1:{port}")
        try:
            _wait_for(realm, process)
            yield realm
        finally:
            process.terminate()
            process.wait(10)


def _client(us: str) -> dict[str, Any]:
    return {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [f"{us}/login/federated/callback"],
        "post_logout_redirect_uris": [f"{us}/login"],
        "backchannel_logout_uri": f"{us}/login/federated/ended",
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
    }


def _wait_for(realm: Realm, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            requests.get(f"{realm.issuer}/jwks", timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    assert process.stdout is not None
    raise AssertionError(f"the provider did not start:\n{process.stdout.read1().decode()}")
