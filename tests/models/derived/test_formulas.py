"""Formulas: what is read, what is refused, what they come to; and that none of them is a bomb."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.metadata.formulas.kinds import Kind, kind_of
from models.metadata.formulas.reading import DEEPEST, LONGEST, MOST_PARTS, read_formula
from models.metadata.formulas.reckoning import reckon
from models.metadata.formulas.tree import FormulaError

KINDS = {
    "n": Kind.NUMBER,
    "m": Kind.NUMBER,
    "t": Kind.TEXT,
    "d": Kind.DAY,
    "at": Kind.MOMENT,
    "b": Kind.TRUTH,
    "o": Kind.OPTION,
    "none": Kind.NUMBER,
}
VALUES: dict[str, Any] = {
    "n": 7,
    "m": Decimal("2.50"),
    "t": " 机 ",
    "d": date(2026, 2, 27),
    "at": datetime(2026, 2, 28, 16, tzinfo=UTC),  # 1 March in Japan
    "b": True,
    "o": 2,
}
TODAY = date(2026, 4, 1)


def value(text: str) -> object:
    formula = read_formula(text)
    kind_of(formula, KINDS)
    return reckon(formula, VALUES, TODAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("n + m * 2", 12),
        ("(n + m) * 2", 19),
        ("n - m - 1", Decimal("3.5")),
        ("-n + 10 - -1", 4),
        ("n / m", Decimal("2.8")),
        ("n / 0", None),
        ("n / none", None),
        ("n + none", None),
        ("0.1 + 0.2 + n - n", Decimal("0.3")),
        ("round(n / 3, 2)", Decimal("2.33")),
        ("round(m, 0)", 3),
        ("ROUND(-m, 0)", -3),
        ("min(n, m, 3)", Decimal("2.5")),
        ("max(0, m - n)", 0),
        ("min(n, none)", None),
        ("concat(trim(t), '-', n)", "机-7"),
        ("trim(t) & '様'", "机様"),
        ("t & none", " 机 "),
        ("concat(d, '/', m)", "2026-02-27/2.50"),
        ("trimleft('東区窓口' & trim(t), 2)", "窓口机"),
        ("trimright('東区窓口' & trim(t), 3)", "東区"),
        ("trimright('東' & t, 99)", ""),
        ("diffindays(d, at)", 2),
        ("diffindays(at, d)", -2),
        ("diffindays(d, today())", 33),
        ("adddays(2, d)", date(2026, 3, 1)),
        ("subtractdays(27, d)", date(2026, 1, 31)),
        ("adddays(1, at)", datetime(2026, 3, 1, 16, tzinfo=UTC)),
        ("adddays(99999999, d)", None),
        ("adddays(10000000000000, d)", None),
        ("year(at) * 100 + month(at)", 202603),
        ("if(month(d) < 4, year(d) - 1, year(d))", 2025),
        ("day(at)", 1),
        ("if(n > 5, '多', '少')", "多"),
        ("if(n > 7, '多')", None),
        ("if(none > 5, 1, 2)", 2),
        ("if(o = 2, 'はい', 'いいえ') ", "はい"),
        ("o != 2", False),
        ("t = ' 机 ' and not b", False),
        ("not not b or n = 1", True),
        ("n = 7 and m <> 2.5", False),
        ("none = n", False),
        ("none != n", True),
        ("none < n", False),
        ("d <= today()", True),
        ("isblank(none)", True),
        ("isblank(t)", False),
        ("coalesce(none, n)", 7),
        ("b = true", True),
    ],
)
def test_what_a_formula_comes_to(text: str, found: object) -> None:
    assert value(text) == found
    assert type(value(text)) is not float


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "n +",
            "+ n",
            "n n",
            "(n",
            "n)",
            "n ++",
            "if(n",
            "n,",
            "concat(n,,t)",
            "'机",
            "n ? 1",
        ),
        *("1 + 2", "today()", "'机'"),
        *("n + t", "t + t", "n & b", "-t", "not n", "n and b", "d + 1", "d - d", "n < t", "t < t"),
        *("b < b", "n = t", "o = t", "o = b", "n < d", "d = at", "o + 1"),
        *("if(n, 1, 2)", "if(b, 1, '1')", "if(b)", "if(b, 1, 2, 3)", "round(n)", "trim(n)"),
        *("min(n)", "max()", "min(n, t)", "today(n) = d", "adddays(d, 1)", "diffindays(d)"),
        *("year(n)", "coalesce(n, t)", "coalesce(n)", "isblank(n, m)", "concat(b, t)"),
        *("unknown(n)", "__import__(t)", "n.real", "n ** 2", "n[0]", "lambda n", "{n}", "n; m"),
        *("9999999999999999 + n", "1e9 + n", "0x10 + n", "1_000 + n", "n == 1", "n % 2", "n // 2"),
    ],
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        kind_of(read_formula(text), KINDS)


@pytest.mark.parametrize(
    "text",
    [
        "n + " * 400 + "n",
        "n" + "+n" * (MOST_PARTS // 2),
        "(" * (DEEPEST + 1) + "n" + ")" * (DEEPEST + 1),
        "n" + " " * LONGEST,
        "if(b, " * (DEEPEST + 1) + "n" + ")" * (DEEPEST + 1),
        "(" * 100_000,
        "not " * 100_000 + "b",
        "-" * 999 + "n",
    ],
)
def test_no_formula_is_a_bomb(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(FormulaError):
        read_formula(text)
    assert time.process_time() - begun < 0.2


@pytest.mark.parametrize(
    "text",
    [
        "n" + "*n" * 99,
        "n" + "/m" * 99,
        "(" * (DEEPEST - 2) + "n" + ")*n" * (DEEPEST - 2),
        "trim(t" + "&t" * 97 + ")",
        "not " * 198 + "b",
    ],
)
def test_the_largest_that_is_taken_is_reckoned_in_a_moment(text: str) -> None:
    values = {"n": 2**31 - 1, "m": Decimal("0.0000000001"), "t": "字" * 4000, "b": True}
    formula = read_formula(text)
    kind_of(formula, KINDS)
    begun = time.process_time()
    found = reckon(formula, values, TODAY)
    assert time.process_time() - begun < 0.2
    assert len(str(found)) < 500_000


@given(st.text(alphabet="nmtdbo0129.+-*/&=<>!(),'\" ifandorconcattrimtoday", max_size=60))
def test_whatever_is_written_is_a_formula_or_refused(text: str) -> None:
    try:
        formula = read_formula(text)
        kind_of(formula, {name: KINDS.get(name, Kind.NUMBER) for name in formula.names})
    except FormulaError:
        return
    reckon(formula, VALUES, TODAY)


def test_a_formula_knows_what_it_names_and_whether_it_asks_the_day() -> None:
    formula = read_formula("if(a_one > 1, diffindays(a_day, TODAY()), a_one) + a_two")
    assert formula.names == ("a_one", "a_day", "a_two")
    assert formula.asks_the_day
    assert not read_formula("a_one + a_today").asks_the_day
