"""The law of small cells: no number that was left out can be computed from what is left.

Judged by Gaussian elimination over the numbers that are shown, in exact fractions; it shares
nothing with the code it judges but the table.
"""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.statistics.suppressing import suppressed
from models.tables.organization import LEAST_CELL

LEAST = 10
COUNTS = st.integers(0, 25) | st.integers(0, 3) | st.integers(0, 2000) | st.just(0)


def with_totals(counts: list[list[int]]) -> list[list[int]]:
    """Of two attributes: a column of totals, then a row of totals."""
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def of_one(counts: list[int]) -> list[list[int]]:
    return [*([count] for count in counts), [sum(counts)]]


TABLES = (
    st.integers(1, 6)
    .flatmap(
        lambda width: st.lists(
            st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=6
        )
    )
    .map(with_totals)
)
LISTS = st.lists(COUNTS, max_size=10).map(of_one)
LEASTS = st.integers(LEAST_CELL, 30)


def equations(cells: list[list[int]]) -> list[dict[tuple[int, int], int]]:
    """All that a reader knows of a table: in each line the numbers add up to its total. As
    coefficients by place."""
    height, width = len(cells), len(cells[0])
    lines = [[(row, column) for row in range(height)] for column in range(width)]
    if width > 1:
        lines += [[(row, column) for column in range(width)] for row in range(height)]
    return [dict.fromkeys(line[:-1], 1) | {line[-1]: -1} for line in lines]


def computable(cells: list[list[int]], hidden: frozenset[tuple[int, int]]) -> set[tuple[int, int]]:
    """The hidden places whose number follows from the others: those that stand alone in a row of
    the reduced echelon form."""
    order = sorted(hidden)
    matrix = [
        [Fraction(equation.get(place, 0)) for place in order] for equation in equations(cells)
    ]
    pivots: list[int] = []
    for column in range(len(order)):
        row = next((r for r in range(len(pivots), len(matrix)) if matrix[r][column]), None)
        if row is None:
            continue
        target = len(pivots)
        matrix[target], matrix[row] = matrix[row], matrix[target]
        pivot = matrix[target][column]
        matrix[target] = [value / pivot for value in matrix[target]]
        for other, values in enumerate(matrix):
            if other != target and values[column]:
                factor = values[column]
                matrix[other] = [
                    a - factor * b for a, b in zip(values, matrix[target], strict=True)
                ]
        pivots.append(column)
    return {
        order[column]
        for row, column in enumerate(pivots)
        if sum(value != 0 for value in matrix[row]) == 1
    }


@given(TABLES | LISTS, LEASTS)
@settings(max_examples=400)
def test_no_hidden_number_can_be_computed(cells: list[list[int]], least: int) -> None:
    assert computable(cells, suppressed(cells, least=least)) == set()


@given(TABLES | LISTS, LEASTS)
@settings(max_examples=200)
def test_no_small_number_is_shown(cells: list[list[int]], least: int) -> None:
    hidden = suppressed(cells, least=least)
    shown = [
        value for r, row in enumerate(cells) for c, value in enumerate(row) if (r, c) not in hidden
    ]
    assert [value for value in shown if 0 < value < least] == []


@given(TABLES | LISTS, LEASTS)
@settings(max_examples=200)
def test_what_a_line_lacks_of_its_total_is_no_small_number(
    cells: list[list[int]], least: int
) -> None:
    """Two numbers that are 3 together are 1 and 2."""
    hidden = suppressed(cells, least=least)
    for equation in equations(cells):
        *places, total = equation
        lost = [place for place in places if place in hidden]
        if lost and total not in hidden:
            assert sum(cells[r][c] for r, c in lost) >= least


@given(TABLES | LISTS, LEASTS)
@settings(max_examples=100)
def test_a_table_without_small_numbers_is_shown_whole(cells: list[list[int]], least: int) -> None:
    large = [[value * least for value in row] for row in cells]
    assert suppressed(large, least=least) == frozenset()


def test_the_judge_finds_what_can_be_computed() -> None:
    """A single number left out, in its row and its column; two, of which one is alone."""
    cells = with_totals([[20, 5], [30, 40]])
    assert computable(cells, frozenset({(0, 1)})) == {(0, 1)}
    assert computable(cells, frozenset({(0, 0), (0, 1)})) == {(0, 0), (0, 1)}
    square = frozenset({(0, 0), (0, 1), (1, 0), (1, 1)})
    assert computable(cells, square) == set()
    assert computable(of_one([5, 20]), frozenset({(0, 0)})) == {(0, 0)}
    assert computable(of_one([5, 20]), frozenset({(0, 0), (1, 0)})) == set()


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([20, 30], set()),
        ([0, 30], set()),
        ([5, 30, 40], {0, 1}),
        ([5, 0, 0], {0, 3}),
        ([1, 2, 30, 50], {0, 1, 2}),
        ([9, 9, 50], {0, 1}),
        ([], set()),
        ([4], {0, 1}),
        ([0, 0], set()),
    ],
)
def test_lists_by_hand(counts: list[int], hidden: set[int]) -> None:
    """Row by row, the total last: the smallest that helps goes along, a zero only in need."""
    assert {row for row, _ in suppressed(of_one(counts), least=LEAST)} == hidden


def test_a_square_is_left_out_around_one_small_number() -> None:
    """The cheapest one."""
    cells = with_totals([[5, 50, 60], [70, 20, 90], [40, 80, 30]])
    hidden = suppressed(cells, least=LEAST)
    assert len(hidden) == 4
    assert sum(cells[r][c] for r, c in hidden) == min(
        5 + cells[0][c] + cells[r][0] + cells[r][c] for r in (1, 2) for c in (1, 2)
    )


def test_a_large_table_is_done_in_a_moment() -> None:
    """Ten years of months by sixty options, most of them small."""
    counts = [[(row * 7919 + column * 104729) % 37 for column in range(60)] for row in range(120)]
    cells = with_totals(counts)
    hidden = suppressed(cells, least=LEAST)
    assert len(hidden) > 1000
