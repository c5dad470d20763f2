"""Numbers for people: random, without look-alike letters, with a check character; or in sequence.

`{RANDSTRING:n}` n random characters, `{DATETIMEUTC:%Y%m}` the time, `{CHECK}` the check character
of all characters before it, `{SEQNUM:n}` the place in a sequence, with n digits at least. Ids are
never shown: they tell when a record was made.
"""

import os
import re
from datetime import datetime
from functools import lru_cache

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DEFAULT_FORMAT = "{RANDSTRING:5}-{RANDSTRING:5}{CHECK}"
_WHOLE = 256 // len(ALPHABET) * len(ALPHABET)
_CHARACTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_BEYOND = bytes(range(_WHOLE, 256))
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_PART = re.compile(r"\{(RANDSTRING|DATETIMEUTC|CHECK|SEQNUM)(?::([^}]*))?\}")


def make_number(number_format: str, *, on: datetime, place: int = 0) -> str:
    """`place` is the record's in the sequence, if the format has one (`derived/sequences.py`)."""
    pieces = _pieces(number_format or DEFAULT_FORMAT)
    letters = _random_text(sum(int(value) for kind, value in pieces if kind == "RANDSTRING"))
    made = ""
    for kind, value in pieces:
        if kind == "RANDSTRING":
            made, letters = made + letters[: int(value)], letters[int(value) :]
        elif kind == "DATETIMEUTC":
            made += on.strftime(value)
        elif kind == "SEQNUM":
            made += f"{place:0{value}}"
        elif kind == "CHECK":
            made += check_character(made)
        else:
            made += value
    return made


def is_well_formed(number: str) -> bool:
    """Does a number that ends with its check character hold together?"""
    tidy = "".join(number.upper().split())
    return bool(tidy) and check_character(tidy[:-1]) == tidy[-1]


def check_character(text: str) -> str:
    """Characters weighted by their place modulo 31, a prime, as ISBN-10 has it modulo 11: finds
    any one wrong or two swapped. (ISO 7064's hybrid systems need another size of alphabet.)"""
    places = [_VALUES[character] for character in text if character in _VALUES]
    size = len(ALPHABET)
    total = sum((2 + number % (size - 2)) * place for number, place in enumerate(places))
    return ALPHABET[-total % size]


@lru_cache(maxsize=256)
def _pieces(number_format: str) -> tuple[tuple[str, str], ...]:
    """What stands between the placeholders, as ("", text), and the placeholders, in order."""
    found = _PART.split(number_format)
    pieces = [("", found[0])]
    for start in range(1, len(found), 3):
        pieces += [(found[start], found[start + 1] or ""), ("", found[start + 2])]
    return tuple(pieces)


def _random_text(length: int) -> str:
    """Each character equally likely: bytes beyond the last whole alphabet are thrown away."""
    made = b""
    while len(made) < length:
        made += os.urandom(length + 4).translate(_CHARACTERS, _BEYOND)
    return made[:length].decode()
