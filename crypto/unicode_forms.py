"""Unicode's normal forms of texts from strangers, in time that grows with their length only.

Python sorts a run of combining marks by insertion, holding the interpreter: a third of a megabyte
of them stands every thread of a process still for a minute. No script writes runs of more than a
few; Unicode's Stream-Safe Text Format (UAX #15 §13) allows thirty.
"""

from typing import Literal
from unicodedata import combining, is_normalized, normalize

LONGEST_RUN = 30
DECOMPOSING_TO_MARKS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
"""No marks themselves, but marks is what they decompose to; a law looks for others."""


def normal_form(form: Literal["NFC", "NFKC"], text: str) -> str:
    """The text in that form; ValueError for a run of marks that no writing has."""
    if text.isascii() or is_normalized(form, text):
        return text
    run = 0
    for character in text:
        run = run + 1 if combining(character) or character in DECOMPOSING_TO_MARKS else 0
        if run > LONGEST_RUN:
            raise ValueError("more combining marks than any script writes")
    return normalize(form, text)
