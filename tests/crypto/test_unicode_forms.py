"""Normal forms of strangers' texts: Unicode's own, and never in quadratic time."""

import sys
from itertools import product
from unicodedata import combining, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.unicode_forms import DECOMPOSING_TO_MARKS, LONGEST_RUN, normal_form

MARKS = "\u0315\u0334\u3099\u0f73\uff9e"
"""Of several classes, so that they have to be sorted."""
FORMS = ("NFC", "NFKC")


@pytest.mark.parametrize("form", FORMS)
@given(text=st.text(st.characters() | st.sampled_from(MARKS + "かｶaé")))
def test_it_is_unicode_s_own_form(form: str, text: str) -> None:
    assert normal_form(form, text) == normalize(form, text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("form", "marks"),
    [
        *product(FORMS, ["\u0315\u0334", "\u0f73\u0f71", "\u0f81\u0f75"]),
        ("NFKC", "\uff9e\u0334"),
    ],
)
def test_a_run_of_marks_is_no_writing(form: str, marks: str) -> None:
    with pytest.raises(ValueError, match="combining marks"):
        normal_form(form, "a" + marks * LONGEST_RUN)  # type: ignore[arg-type]


def test_nothing_else_decomposes_to_marks() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    found = {c for c in every if not combining(c) and combining(normalize("NFKD", c)[0])}
    assert found == DECOMPOSING_TO_MARKS


def test_writing_as_people_do_it_passes() -> None:
    for text in ("ﾊﾟﾋﾟﾌﾟ", "か\u3099き\u3099", "Việt Nam Tiê\u0301ng", "ที่นี่", "\u0f40\u0f71\u0f72"):
        assert normal_form("NFC", text) == normalize("NFC", text)
