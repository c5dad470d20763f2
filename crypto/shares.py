"""A secret in n shares, any m of which give it back: Shamir's scheme over GF(256), byte by byte.

Each byte of the secret is the value at 0 of a polynomial of degree m-1 whose other coefficients
are random; share i holds the values at i. Fewer than m values fit every secret equally well. The
field is AES's (x^8 + x^4 + x^3 + x + 1), so that other programs can put shares together, too.

A share is a line to be printed and typed in again:

    UKETSUKE-SHARE 3 OF ANY 2: SET 5F0C-9A21-… DATA 1A2B-3C4D-… CHECK 7F0E-11AA

The set's name holds a random half, which tells sets apart, and a digest of the secret, by which
what was put together is known to be right. It knows no key and no file. Nothing here runs in
constant time: it is used at a shell, by whoever holds the secret.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

LARGEST = 255
SALT_LENGTH, DIGEST_LENGTH, CHECK_LENGTH = 4, 8, 4
_REDUCED = 0x11B
_LINE = re.compile(
    r"UKETSUKE-SHARE (?P<number>\d{1,3}) OF ANY (?P<threshold>\d{1,3}): "
    r"SET (?P<set>[0-9A-F -]+) DATA (?P<data>[0-9A-F -]+) CHECK (?P<check>[0-9A-F -]+)"
)


class ShareError(Exception):
    """Shares that cannot be put together, or not be made; the message says which and why, and
    holds nothing of them."""


@dataclass(frozen=True, slots=True)
class Share:
    """The values of all polynomials at `number`."""

    number: int
    threshold: int
    set_name: bytes
    data: bytes

    def __repr__(self) -> str:
        return f"Share({self.number} of any {self.threshold})"

    def __str__(self) -> str:
        """The line."""
        return (
            f"UKETSUKE-SHARE {self.number} OF ANY {self.threshold}: SET {_grouped(self.set_name)} "
            f"DATA {_grouped(self.data)} CHECK {_grouped(self.check)}"
        )

    @property
    def check(self) -> bytes:
        """Of the whole line: a mistyped one is not taken for another."""
        said = bytes([self.number, self.threshold]) + self.set_name + self.data
        return hashlib.sha256(b"uketsuke/share/1" + said).digest()[:CHECK_LENGTH]


def split(secret: bytes, *, shares: int, threshold: int) -> list[Share]:
    """As many shares, any `threshold` of which give `secret` back; ShareError if none can."""
    if not 2 <= threshold <= shares <= LARGEST:
        raise ShareError(f"of {shares} shares {threshold} cannot be the ones that are needed")
    set_name = _set_name(os.urandom(SALT_LENGTH), secret, threshold)
    polynomials = [bytes([byte]) + os.urandom(threshold - 1) for byte in secret]
    return [
        Share(number, threshold, set_name, bytes(_value(one, number) for one in polynomials))
        for number in range(1, shares + 1)
    ]


def parse(line: str) -> Share:
    """The share of a line, however it is spaced; ShareError where it was mistyped."""
    found = _LINE.fullmatch(" ".join(line.upper().split()))
    if found is None:
        raise ShareError("this is not a share; copy the whole line")
    number, threshold = int(found["number"]), int(found["threshold"])
    try:
        parts = [_bytes(found[name]) for name in ("set", "data", "check")]
        share = Share(number, threshold, parts[0], parts[1])
        is_whole = hmac.compare_digest(share.check, parts[2])
    except ValueError:
        is_whole = False
    if not is_whole or len(share.set_name) != SALT_LENGTH + DIGEST_LENGTH or number == 0:
        raise ShareError(f"share {number} was mistyped: its check does not fit")
    return share


def combine(shares: Sequence[Share]) -> bytes:
    """The secret; ShareError where the shares are of several sets, too few, or not right."""
    if not shares:
        raise ShareError("no share was given")
    if len({(one.set_name, one.threshold, len(one.data)) for one in shares}) > 1:
        raise ShareError("these shares are of different sets; put those of one set together")
    by_number = {one.number: one for one in shares}
    if len(by_number) != len(set(shares)):
        raise ShareError("two different shares have the same number")
    first = shares[0]
    if len(by_number) < first.threshold:
        raise ShareError(f"{len(by_number)} shares are too few: {first.threshold} are needed")
    chosen = list(by_number.values())[: first.threshold]
    secret = _interpolated(chosen)
    salt = first.set_name[:SALT_LENGTH]
    if not hmac.compare_digest(_set_name(salt, secret, first.threshold), first.set_name):
        raise ShareError("what these shares give is not what was split: one of them is wrong")
    return secret


def _set_name(salt: bytes, secret: bytes, threshold: int) -> bytes:
    said = b"uketsuke/share-set/1" + salt + bytes([threshold]) + secret
    return salt + hashlib.sha256(said).digest()[:DIGEST_LENGTH]


def _interpolated(shares: Sequence[Share]) -> bytes:
    """The value at 0 of the polynomials through the shares, by Lagrange."""
    weights = []
    for one in shares:
        weight = 1
        for other in shares:
            if other is not one:
                weight = _times(weight, _over(other.number, other.number ^ one.number))
        weights.append(weight)
    secret = bytearray(len(shares[0].data))
    for share, weight in zip(shares, weights, strict=True):
        for place, byte in enumerate(share.data):
            secret[place] ^= _times(byte, weight)
    return bytes(secret)


def _value(coefficients: bytes, at: int) -> int:
    """Of the polynomial, its lowest coefficient first, by Horner."""
    value = 0
    for coefficient in reversed(coefficients):
        value = _times(value, at) ^ coefficient
    return value


def _times(one: int, other: int) -> int:
    return _POWERS[_LOGARITHMS[one] + _LOGARITHMS[other]] if one and other else 0


def _over(one: int, other: int) -> int:
    return _POWERS[_LOGARITHMS[one] - _LOGARITHMS[other] + LARGEST] if one else 0


def _powers() -> list[int]:
    """Of the generator, twice round, so that a sum of two logarithms needs no remainder."""
    found, power = [], 1
    for _ in range(2 * LARGEST):
        found.append(power)
        power ^= power << 1  # times 3
        if power > LARGEST:
            power ^= _REDUCED
    return found


def _grouped(data: bytes) -> str:
    digits = data.hex().upper()
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _bytes(digits: str) -> bytes:
    return bytes.fromhex(digits.replace("-", ""))


_POWERS = _powers()
_LOGARITHMS = [0, *(_POWERS.index(value) for value in range(1, LARGEST + 1))]
