"""Texts as a person reads them: one spelling for what differs by the way of typing only.

It knows Unicode and Japanese typing habits; nothing of records.
"""

from unicodedata import category

from crypto.unicode_forms import normal_form

VERSION = 1
"""Another one for another spelling: codes of the one before are then no codes any more."""
SMALL_A, SMALL_KE, REPEAT, VOICED_REPEAT = 0x30A1, 0x30F6, 0x30FD, 0x30FE
TO_HIRAGANA = {
    code: code - 0x60 for code in (*range(SMALL_A, SMALL_KE + 1), REPEAT, VOICED_REPEAT)
}
LONG_VOWEL = "ー"
"""No punctuation to Unicode, but written as a hyphen, a dash, a wave, or left out."""
DROPPED = {"P", "Z", "S", "C"}
"""Punctuation, spaces, symbols, controls."""


def one_spelling(text: str) -> str:
    """NFKC, one kind of kana, one case; without spaces, punctuation, symbols, long vowel marks
    and variation selectors. "" for a text of nothing else."""
    try:
        folded = normal_form("NFKC", normal_form("NFKC", text).casefold())
        read = "".join(filter(_counts, folded.translate(TO_HIRAGANA)))
        return normal_form("NFKC", read)  # か゛ is か, a space and a mark: without the space, が
    except ValueError:  # more marks than any script writes: like itself only
        return text


def _counts(character: str) -> bool:
    is_mark = character == LONG_VOWEL or "\ufe00" <= character <= "\ufe0f"
    is_selector = "\U000e0100" <= character <= "\U000e01ef"
    return not (is_mark or is_selector or category(character)[0] in DROPPED)
