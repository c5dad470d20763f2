"""Signatures: the same key for the same secret, nothing else accepted, and openssl agrees."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.signing import SEED_LENGTH, Signer

SIGNER = Signer(bytes(range(SEED_LENGTH)))
OTHER = Signer(bytes(SEED_LENGTH))
RFC_8032 = (
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
)
"""The first test vector of RFC 8032 §7.1: secret, public key, signature of nothing."""


def test_it_is_the_ed25519_of_rfc_8032() -> None:
    secret, _, signature = map(bytes.fromhex, RFC_8032)
    signer = Signer(secret)
    assert signer.sign(b"") == signature
    assert signer.verifier.accepts(signature, b"")


@given(data=st.binary(max_size=400), other=st.binary(max_size=400))
def test_only_what_was_signed_is_accepted(data: bytes, other: bytes) -> None:
    signature = SIGNER.sign(data)
    assert SIGNER.verifier.accepts(signature, data)
    assert SIGNER.verifier.accepts(signature, other) is (data == other)
    assert not OTHER.verifier.accepts(signature, data)


@given(data=st.binary(max_size=100), place=st.integers(0, 511))
def test_no_bit_of_a_signature_may_change(data: bytes, place: int) -> None:
    changed = int.from_bytes(SIGNER.sign(data), "big") ^ (1 << place)
    assert not SIGNER.verifier.accepts(changed.to_bytes(64, "big"), data)


@pytest.mark.parametrize("signature", [b"", b"x", bytes(63), bytes(65)])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    assert not SIGNER.verifier.accepts(signature, b"data")


def test_the_key_is_the_secrets_own() -> None:
    again = Signer(bytes(range(SEED_LENGTH)))
    assert again.verifier.key_id == SIGNER.verifier.key_id != OTHER.verifier.key_id
    assert len(SIGNER.verifier.key_id) == 16
    with pytest.raises(ValueError, match="32 bytes"):
        Signer(b"too short")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_an_outsider_verifies_with_openssl(tmp_path: Path) -> None:
    """Who has nothing of ours but the public key."""
    (tmp_path / "key.pem").write_text(SIGNER.verifier.pem)
    (tmp_path / "signature").write_bytes(SIGNER.sign("点検".encode()))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin"]
    command += ["-sigfile", "signature", "-in", "data"]
    for said, accepted in (("点検", True), ("天気", False)):
        (tmp_path / "data").write_text(said, encoding="utf-8")
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert (done.returncode == 0) is accepted, done
