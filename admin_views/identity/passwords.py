"""Which passwords are taken: long ones, not common ones; nothing else is asked of them.

NIST SP 800-63B-4: fifteen characters, or eight beside a second factor; no rules of composition.
The common ones are those of zxcvbn's lists, which come with that package: nothing is asked of
the network.
"""

import secrets
from unicodedata import normalize

from zxcvbn import zxcvbn

from models.metadata.errors import Problem
from models.metadata.labels import Label

LEAST_ALONE, LEAST_WITH_SECOND_FACTOR, MOST = 15, 8, 128
WORDS = ["uketsuke", "受付", "password", "kobe"]
LEAST_GUESSES_LOG10 = 8
LABEL = Label("パスワード", "Password")
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def problem(password: str, *, email: str, has_second_factor: bool) -> Problem | None:
    """Why this password is not taken; None if it is."""
    text = normalize("NFC", password)
    least = LEAST_WITH_SECOND_FACTOR if has_second_factor else LEAST_ALONE
    if not least <= len(text) <= MOST:
        return Problem("password", "password_length", LABEL, {"minimum": least, "maximum": MOST})
    strength = zxcvbn(text[:72], user_inputs=[email, *email.split("@"), *WORDS])
    if strength["guesses_log10"] < LEAST_GUESSES_LOG10:
        return Problem("password", "password_common", LABEL)
    return None


def make_password() -> str:
    """Five groups of four: about 99 bits, read over the telephone without mistakes."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(5))
    return "-".join(groups)
