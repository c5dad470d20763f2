"""Fixed answers for fixed questions: what is in a database today must open in ten years.

The vectors were made without this package, with other parts of the library. One that no longer
holds means that data already sealed, or indexed, would be lost: give the new form a new number.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto import normalisers
from crypto.blind_index import BlindIndex
from crypto.envelope import key_id_of, open_sealed, seal
from crypto.padding import EMAIL_BUCKETS, PHONE_BUCKETS, TEXT_BUCKETS, pad, unpad

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
KEY = bytes.fromhex(VECTORS["key"])
RECORD_ID = bytes.fromhex(VECTORS["record_id"])
NONCE = bytes.fromhex(VECTORS["nonce"])
BUCKETS = {"email": EMAIL_BUCKETS, "phone": PHONE_BUCKETS, "text": TEXT_BUCKETS}

envelopes = pytest.mark.parametrize(
    "vector", VECTORS["envelopes"], ids=[vector["name"] for vector in VECTORS["envelopes"]]
)


@envelopes
def test_sealing(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crypto.envelope.urandom", lambda length: NONCE[:length])
    padded = pad(vector["plaintext"].encode(), BUCKETS[vector["buckets"]])
    assert padded.hex() == vector["padded"]
    envelope = seal(
        AESGCM(KEY),
        key_id=vector["key_id"],
        attribute_number=vector["attribute_number"],
        record_id=RECORD_ID,
        padded=padded,
    )
    assert envelope.hex() == vector["envelope"]


@envelopes
def test_opening(vector: dict[str, Any]) -> None:
    envelope = bytes.fromhex(vector["envelope"])
    assert key_id_of(envelope) == vector["key_id"]
    opened = open_sealed(
        AESGCM(KEY),
        envelope=envelope,
        attribute_number=vector["attribute_number"],
        record_id=RECORD_ID,
    )
    assert unpad(opened).decode() == vector["plaintext"]


@envelopes
def test_another_implementation_opens_it_with_the_associated_data(vector: dict[str, Any]) -> None:
    envelope = bytes.fromhex(vector["envelope"])
    associated_data = bytes.fromhex(vector["associated_data"])
    assert len(associated_data) == 29
    assert associated_data[:9] == envelope[:9]
    mode = modes.GCM(envelope[9:21], tag=envelope[-16:])
    decryptor = Cipher(algorithms.AES(KEY), mode).decryptor()
    decryptor.authenticate_additional_data(associated_data)
    opened = decryptor.update(envelope[21:-16]) + decryptor.finalize()
    assert opened.hex() == vector["padded"]


@pytest.mark.parametrize("vector", VECTORS["digests"])
def test_digests(vector: dict[str, Any]) -> None:
    index = BlindIndex(
        bytes.fromhex(VECTORS["index_secret"]),
        attribute_number=vector["attribute_number"],
        index_name=vector["index_name"],
    )
    assert index.digest(vector["normalised"].encode()).hex() == vector["digest"]


@pytest.mark.parametrize("function", ["normalise_email", "normalise_phone", "national_phone"])
def test_normal_forms(function: str) -> None:
    normalise = getattr(normalisers, function)
    assert [[typed, normalise(typed)] for typed, _ in VECTORS[function]] == VECTORS[function]
