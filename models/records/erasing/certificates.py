"""The certificate of an erasure (消去証明書): canonical JSON, signed with Ed25519, so that whoever
has the public key can check it without this program.

It names keys and counts, and no record.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from crypto.keyring import Keyring
from crypto.signing import Signer, Verifier
from models.records.auditing import CANONICAL
from models.records.erasing.proof import Verification

SECRET = "erasure certificates"  # noqa: S105 - what a secret is for
FORMAT = "uketsuke/erasure-certificate/2"


def signer_of(keyring: Keyring) -> Signer:
    return Signer(keyring.secret(SECRET))


def made(
    signer: Signer,
    stated: Mapping[str, Any],
    *,
    key_ids: Iterable[int],
    verification: Verification,
) -> str:
    """What was stated, the keys that were destroyed and the proof, signed."""
    keys = sorted(set(key_ids))
    content = {
        **stated,
        "format": FORMAT,
        "keys_destroyed": len(keys),
        "key_ids": ranges(keys),
        "verification": asdict(verification) | {"holds": verification.holds},
        "signing_key": signer.verifier.key_id,
    }
    signature = signer.sign(CANONICAL.encode(content).encode())
    return CANONICAL.encode({**content, "signature": signature.hex()})


def is_genuine(text: str, verifier: Verifier) -> bool:
    """Whether it is as it was signed, with that key."""
    try:
        content = json.loads(text)
        signature = bytes.fromhex(content.pop("signature"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    is_ours = content.get("signing_key") == verifier.key_id
    return is_ours and verifier.accepts(signature, CANONICAL.encode(content).encode())


def ranges(numbers: list[int]) -> list[str]:
    """Ascending numbers as people write them: 3, 5–9."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in found]
