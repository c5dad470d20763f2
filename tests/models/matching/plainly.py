"""The rules of tests/solutions/office_of_tests/duplicates.yaml in plain Python, told otherwise
than the product tells them: which two applicants are alike."""

import unicodedata
from collections.abc import Mapping

LONG, SELECTORS = "ー", set(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
Values = Mapping[str, object]


def spelt(text: str) -> str:
    """One kind of width, of kana and of case; only what is read."""
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    read = "".join(
        as_hiragana(one)
        for one in wide
        if unicodedata.category(one)[0] not in "PZSC" and one != LONG and one not in SELECTORS
    )
    return unicodedata.normalize("NFKC", read)


def as_hiragana(character: str) -> str:
    """The sign of the same name, if there is one: KATAKANA LETTER KA is HIRAGANA LETTER KA."""
    name = unicodedata.name(character, "")
    if not name.startswith("KATAKANA"):
        return character
    try:
        return unicodedata.lookup(name.replace("KATAKANA", "HIRAGANA", 1))
    except KeyError:
        return character


def alike(rule: str, one: Values, other: Values) -> bool:
    if not one["tst_town"] or one["tst_town"] != other["tst_town"]:
        return False
    name, second = spelt(str(one["tst_applicantname"])), spelt(str(other["tst_applicantname"]))
    mails = (
        unicodedata.normalize("NFKC", str(each["tst_applicantmail"])) for each in (one, other)
    )
    mail, another = (each.lower() for each in mails)
    match rule:
        case "tst_same_name":
            return bool(name) and name == second
        case "tst_name_begins":
            return bool(name) and name[:2] == second[:2]
        case "tst_name_ends":
            return bool(name) and name[-2:] == second[-2:]
        case "tst_same_mail":
            return bool(mail) and mail == another
        case _:
            return (name, mail) == (second, another)
