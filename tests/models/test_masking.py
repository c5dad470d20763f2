"""A masked value is there and hidden: no rule makes it look like nothing, or shows it whole."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.metadata.components import SHIPPED_MASKS, MaskingRule
from models.metadata.masking_patterns import LONGEST_VALUE, problem_of
from models.security.masking import HIDDEN, SHIPPED, masker
from tests.support.attributes import attribute


def masked(value: str, pattern: str, **stated: str) -> str:
    rules = {"tst_rule": MaskingRule(name="tst_rule", pattern=pattern, **stated)}
    return masker(attribute("String", masking="tst_rule"), rules)(value)


@pytest.mark.parametrize(
    ("pattern", "replacement", "shown"),
    [(".*", "", HIDDEN), (r"\d", "", "--"), (r"\d(?=.*-)", "＊", "＊＊＊-＊＊＊-8181")],
)
def test_what_a_rule_leaves_is_shown_and_never_nothing(
    pattern: str, replacement: str, shown: str
) -> None:
    assert masked("078-331-8181", pattern, replacement=replacement) == shown


def test_each_character_of_a_match_is_masked() -> None:
    assert masked("078-331-8181", r"\d+(?=-)") == "•••-•••-8181"
    assert masked("078-331-8181", r"^.{8}", mask="*") == "********8181"


@pytest.mark.parametrize(
    ("value", "pattern"),
    [("林", "(?<=.)."), ("hanako", r"\d"), ("x" * (LONGEST_VALUE + 1), "(?<=.).")],
)
def test_what_a_rule_does_not_touch_is_hidden_whole(value: str, pattern: str) -> None:
    assert masked(value, pattern) == HIDDEN


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("山田 太郎", "山•••"),
        ("山田\u3000太郎", "山•••"),
        ("Hanako Kobe", "H•••"),
        ("神戸", "神•••"),
        ("林 一郎", HIDDEN),
        ("林", HIDDEN),
        (" ", HIDDEN),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert masker(attribute("String", masking="name"), {})(name) == shown


@given(st.sampled_from(sorted(SHIPPED)), st.text(min_size=1, max_size=LONGEST_VALUE))
def test_no_shipped_rule_shows_a_value_whole(rule: str, value: str) -> None:
    shown = masker(attribute("String", masking=rule), {})(value)
    assert shown
    assert shown != value


def test_shipped_rules_are_those_that_can_be_named() -> None:
    assert SHIPPED.keys() == SHIPPED_MASKS


FINE = [
    "(?<=.).",
    r"\d(?=.*-)",
    "(?<=.)[^@](?=[^@]*@)",
    r"(?:ab)*c?",
    r"\w{1,3}-\d{1,4}",
    "^(.).*$",
    "abc|def.*",
    r"\d(?=[\d-]{4,})",
    "(?>a+)b",
    "(?i)[a-z]+",
    ".*?x",
]
FOR_EVER = [
    "(a+)+$",
    "(a*)*$",
    "(a|a)*b",
    "(a|ab)+c",
    "(?:a{1,30}){1,30}b",
    "(a?){30}a{30}",
    ".*.*x",
    ".*a.*b",
    r"(.*)\1",
    "(?:^){65000}",
    "(?:(?=a)){65000}",
    "(?:(?:^){60000}){60000}",
    "(?:a?){0,100}b",
    "a{0,100}b{0,100}c",
    "(x)(?(1)a*|b)",
    r"\d(?=(?:\D*\d){4})",
]


def problem(pattern: str) -> str:
    return problem_of(MaskingRule(name="tst_rule", pattern=pattern))


@pytest.mark.parametrize("pattern", FINE)
def test_a_pattern_that_ends_soon_is_taken(pattern: str) -> None:
    assert problem(pattern) == ""


@pytest.mark.parametrize("pattern", FOR_EVER)
def test_a_pattern_that_could_take_for_ever_is_refused(pattern: str) -> None:
    assert "could take for ever" in problem(pattern)


@pytest.mark.parametrize("pattern", ["[", "(", "a{2}{3}", "(?<=a*)b", "(?P<x", "a" * 201])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    assert problem(pattern)


PIECE = st.sampled_from(["a", "b", ".", "[ab]", r"\w", "(?:ab)", "(?:a|b)", "a(?=b)", "$", "^"])
TIMES = st.sampled_from(["", "*", "+", "?", "*?", "{2}", "{1,9}", "{3,}", "*+"])


@given(
    st.lists(st.tuples(PIECE, TIMES), min_size=1, max_size=5),
    st.sampled_from(["", "*", "+", "{2,}"]),
    st.sampled_from(["a" * LONGEST_VALUE, "ab" * 200, "a" * 399 + "!"]),
)
def test_what_is_taken_does_end_soon(
    pieces: list[tuple[str, str]], around: str, value: str
) -> None:
    body = "".join(piece + times for piece, times in pieces)
    pattern = f"(?:{body}){around}"
    if problem(pattern):
        return
    began = time.process_time()
    re.sub(pattern, "•", value)
    assert time.process_time() - began < 0.25, pattern


@pytest.mark.parametrize("mask", ["", "••", " ", "\n", "\u200b"])
def test_a_mask_is_one_character_that_can_be_seen(mask: str) -> None:
    assert "one character" in problem_of(MaskingRule(name="tst_rule", pattern=".", mask=mask))


def test_a_shipped_rule_is_not_replaced() -> None:
    assert "of this name" in problem_of(MaskingRule(name="email", pattern="."))
