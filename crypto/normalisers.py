"""What makes two spellings the same, for blind indexes only: what is sealed is what was typed.

Knows nothing of keys. A change in what a function returns needs a new index version, for digests
made before it would no longer be found.
"""

import re
import unicodedata
from functools import lru_cache

import idna
import phonenumbers

from crypto.unicode_forms import normal_form

EXACT_EMAIL = "exact-email/1"
EXACT_PHONE = "exact-phone/1"

# Ten digits, or eleven behind 020 and 050 to 090, with one trunk zero: nothing in them for
# phonenumbers to interpret, except 00 and 010, which dial abroad, and 011 to 019, left to it for
# safety. A law proves them equal.
_PLAIN_JAPANESE = re.compile(r"0(?:[25-9]0[0-9]{8}|(?![25-9]0)[2-9][0-9]{8})", re.ASCII)
_SUBSCRIBER_LENGTH = re.compile(r"[25-9]0[0-9]{8}|(?![25-9]0)[1-9][0-9]{8}", re.ASCII)
"""Without the trunk zero. phonenumbers calls shorter and longer ones possible, too; a digit left
out must not pass."""
# The same in E.164. How ten digits are grouped hangs on the first three of them, nine on six.
_JAPANESE = re.compile(r"\+81([25-9]0[0-9]{8}|(?![25-9]0)[2-9][0-9]{8})", re.ASCII)
_TELLING = {9: 6, 10: 3}
_JAPAN = 81
_DIALLED = re.compile(r"\+?[0-9]+", re.ASCII)
# Dashes that Unicode does not call dashes: the long vowel mark, the minus sign, box drawings,
# a modifier and a bullet. And the ideographic full stop and the middle dot, among the dots.
_SEPARATORS = frozenset("\u30fc\u2212\u2500\u2501\u02d7\u2043()[]./\u3002\u30fb~")


def normalise_email(text: str) -> str:
    """Lower case, Unicode composed, the domain in its ASCII form. Tags and dots stay: they tell
    mailboxes apart. An old `taro.@docomo.ne.jp` is as good as any. ValueError without `@`."""
    if not text.isascii():
        text = normal_form("NFKC", text)
    local, at, domain = text.strip().rpartition("@")
    if not domain.isascii():
        domain = _ascii_domain(domain)
    domain = domain.rstrip(".").lower()
    if not (local and at and domain):
        raise ValueError("not an e-mail address")
    # lower(), not casefold(): that would give straße@ the mailbox of strasse@.
    return normal_form("NFC", local.lower()) + "@" + domain


def normalise_phone(text: str, *, region: str = "JP") -> str:
    """E.164, e.g. `+81783318181`; ValueError where no telephone could have the number."""
    digits = text.replace("-", "")
    if region == "JP" and _PLAIN_JAPANESE.fullmatch(digits):
        return "+81" + digits[1:]
    number = _parse(text, region=region)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_phone(text: str, *, region: str = "JP") -> str:
    """As it is written at home, `078-331-8181`; a foreign number in its international form."""
    if region == "JP" and (found := _JAPANESE.fullmatch(text)):
        digits = found[1]
        groups = _groups(digits[: _TELLING[len(digits)]], len(digits))
        if groups:
            return "-".join([f"0{digits}"[start:end] for start, end in groups])
    number = _parse(text, region=region)
    at_home = number.country_code == phonenumbers.country_code_for_region(region)
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if at_home else style.INTERNATIONAL)


@lru_cache(maxsize=20_000)
def _groups(leading: str, length: int) -> tuple[tuple[int, int], ...] | None:
    """Where the groups of such numbers begin and end, asked of phonenumbers once: it takes a
    tenth of a millisecond for one number, and an import has a hundred thousand. None for numbers
    that no exchange has: it does not group them."""
    subscriber = (leading + "1234567")[:length]
    number = _parse("+81" + subscriber, region="JP")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    if written.replace("-", "") != "0" + subscriber:
        return None
    groups, start = [], 0
    for group in written.split("-"):
        groups.append((start, start + len(group)))
        start += len(group)
    return tuple(groups)


def _ascii_domain(domain: str) -> str:
    """IDNA 2008 with the mapping of UTS 46, non-transitional: ß stays a letter of its own."""
    try:
        return idna.encode(domain, uts46=True, transitional=False).decode()
    except idna.IDNAError:  # a ValueError, too, but its text quotes the address
        raise ValueError("not an e-mail address") from None


def _parse(text: str, *, region: str) -> phonenumbers.PhoneNumber:
    dialled = _dialled(text)
    try:
        number = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        raise ValueError("not a telephone number") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError("not a telephone number")
    if number.country_code == _JAPAN and not _SUBSCRIBER_LENGTH.fullmatch(
        phonenumbers.national_significant_number(number)
    ):
        raise ValueError("not a telephone number")
    return number


def _dialled(text: str) -> str:
    """The digits, and a leading plus. Letters are refused before phonenumbers sees them: it would
    read them as keys of a telephone and call `078-3318-181a` a valid number."""
    kept: list[str] = []
    for character in normal_form("NFKC", text):
        if character.isdecimal():
            kept.append(str(unicodedata.decimal(character)))
        elif character == "+":
            kept.append(character)
        elif not _is_separator(character):
            raise ValueError("not a telephone number")
    dialled = "".join(kept)
    if not _DIALLED.fullmatch(dialled):
        raise ValueError("not a telephone number")
    return dialled


def _is_separator(character: str) -> bool:
    """Dashes, brackets, dots, blanks, and the invisible marks that come along when copied."""
    return (
        character in _SEPARATORS
        or character.isspace()
        or unicodedata.category(character) in ("Pd", "Cf")
    )
