"""Numbers for people: random, without look-alike letters, with a check character.

`{RANDSTRING:n}` n random characters, `{DATETIMEUTC:%Y%m}` the time, `{CHECK}` the check character
of all characters before it (ISO 7064 hybrid system, over our alphabet). Ids are never shown:
they tell when a record was made.
"""

import os
import re
from datetime import datetime

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DEFAULT_FORMAT = "{RANDSTRING:5}-{RANDSTRING:5}{CHECK}"
_PART = re.compile(r"\{(RANDSTRING|DATETIMEUTC|CHECK)(?::([^}]*))?\}")


def make_number(number_format: str, *, on: datetime) -> str:
    made = ""
    position = 0
    text = number_format or DEFAULT_FORMAT
    for part in _PART.finditer(text):
        made += text[position : part.start()]
        made += _part(part.group(1), part.group(2) or "", before=made, on=on)
        position = part.end()
    return made + text[position:]


def is_well_formed(number: str) -> bool:
    """Does a number that ends with its check character hold together?"""
    tidy = "".join(number.upper().split())
    return bool(tidy) and check_character(tidy[:-1]) == tidy[-1]


def check_character(text: str) -> str:
    """ISO 7064 hybrid MOD (M+1, M) over ALPHABET; finds any one wrong or two swapped."""
    size = len(ALPHABET)
    product = size
    for character in text:
        if character not in ALPHABET:
            continue
        total = (product + ALPHABET.index(character)) % size or size
        product = total * 2 % (size + 1)
    return ALPHABET[(size + 1 - product) % size]


def _part(kind: str, argument: str, *, before: str, on: datetime) -> str:
    if kind == "RANDSTRING":
        return _random_text(int(argument))
    if kind == "DATETIMEUTC":
        return on.strftime(argument)
    return check_character(before)


def _random_text(length: int) -> str:
    """Each character equally likely: bytes beyond the last whole alphabet are thrown away."""
    whole = 256 // len(ALPHABET) * len(ALPHABET)
    made = ""
    while len(made) < length:
        made += "".join(ALPHABET[b % len(ALPHABET)] for b in os.urandom(length + 4) if b < whole)
    return made[:length]
