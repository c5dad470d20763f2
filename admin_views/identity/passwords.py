"""Which passwords are taken: long ones, not known ones, not easy ones; nothing else is asked.

NIST SP 800-63B-4: fifteen characters, or eight beside a second factor; no rules of composition.
Known ones are looked up in lists that come with two packages (see `known_passwords`), how easy the
others are to guess is zxcvbn's to say: nothing is asked of the network.
"""

import re
import secrets
from typing import Final

from admin_views.identity.known_passwords import is_known
from crypto.unicode_forms import normal_form
from models.metadata.errors import Problem
from models.metadata.labels import Label

LEAST_ALONE, LEAST_WITH_SECOND_FACTOR, MOST = 15, 8, 128
LONGEST_TYPED = 4 * MOST
"""Decomposed letters are composed before they are counted."""
NORMAL_FORM: Final = "NFKC"
"""Full-width letters and spaces of a Japanese keyboard count as the others; no space is cut."""
WORDS = ("uketsuke", "受付", "password", "パスワード", "kobe", "神戸")
SHORTEST_WORD_OF_ADDRESS = 4
LEAST_GUESSES_LOG10 = 8
LEAST_GUESSES_LOG10_ALONE = 10
"""zxcvbn's “very unguessable”; eight characters by chance, beside a second factor, have 8."""
LABEL = Label("パスワード", "Password")
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def normalised(password: str) -> str:
    """The one way of writing a password that is hashed, counted and compared; "" for what can be
    none, in the same short time for every account."""
    if len(password) > LONGEST_TYPED:
        return ""
    try:
        return normal_form(NORMAL_FORM, password)
    except ValueError:
        return ""


def is_short(password: str) -> bool:
    """Whether it must not stand without a second factor."""
    return len(normalised(password)) < LEAST_ALONE


def problem(password: str, *, email: str, has_second_factor: bool) -> Problem | None:
    """Why this password is not taken; None if it is."""
    text = normalised(password)
    least = LEAST_WITH_SECOND_FACTOR if has_second_factor else LEAST_ALONE
    if not least <= len(text) <= MOST:
        return Problem("password", "password_length", LABEL, {"minimum": least, "maximum": MOST})
    enough = LEAST_GUESSES_LOG10 if has_second_factor else LEAST_GUESSES_LOG10_ALONE
    if is_known(text):
        return Problem("password", "password_known", LABEL)
    if min(_strength(text), _strength(_without_known_words(text, email))) < enough:
        return Problem("password", "password_common", LABEL)
    return None


def make_password() -> str:
    """Five groups of four: about 99 bits, read over the telephone without mistakes."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(5))
    return "-".join(groups)


def _strength(text: str) -> float:
    """log10 of the guesses it takes; 0 for nothing."""
    # Here: its word lists take 12 MB, and few processes ever see a new password.
    from zxcvbn import zxcvbn

    return float(zxcvbn(text[:72])["guesses_log10"]) if text else 0.0


def _without_known_words(text: str, email: str) -> str:
    """What is left to be guessed by one who knows the person's address and the service.

    Done here, since zxcvbn keeps its `user_inputs` in a global that all threads share.
    """
    local, _, domain = email.lower().partition("@")
    stated = [email.lower(), domain, local, *re.split(r"[\W_]+", f"{local} {domain}")]
    known = {word for word in stated if len(word) >= SHORTEST_WORD_OF_ADDRESS} | set(WORDS)
    longest_first = sorted(known, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), "", text, flags=re.IGNORECASE)
