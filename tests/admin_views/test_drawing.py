"""Where a chart's bars stand, for any numbers: in proportion, upon one another, in the frame."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_views.dashboards.axes import Value
from admin_views.dashboards.drawing import Drawing, draw
from admin_views.dashboards.figures import Figure
from admin_views.dashboards.labels import MOST_LINES, WIDTH, lines_of, width_of
from models.metadata.dashboards import ChartDefinition, ChartKind, Span
from models.metadata.labels import Label

NEARLY = 1e-6
NUMBERS = st.one_of(
    st.integers(-(2**63), 2**63),
    st.decimals(-(10**9), 10**9, places=4),
    st.sampled_from([0, 1, Decimal("0.0001"), Decimal("0.00")]),
)
TABLES = st.integers(1, 13).flatmap(
    lambda parts: st.lists(
        st.lists(NUMBERS, min_size=parts, max_size=parts), min_size=1, max_size=30
    )
)


def figure(rows: list[list[int | Decimal]], **stated: object) -> Figure:
    chart = ChartDefinition(
        name="tst_chart",
        entity="tst_thing",
        display_name=Label("図"),
        **{"by": "tst_choice", "stacked_by": "tst_boolean"} | stated,  # type: ignore[arg-type]
    )
    return Figure(
        chart=chart,
        title="図",
        about=[],
        axis="",
        measure="",
        values=tuple(Value(number, f"値{number}") for number in range(len(rows))),
        parts=tuple(Value(number, f"部{number}") for number in range(len(rows[0]))),
        numbers=tuple(tuple(row) for row in rows),
    )


def drawings(rows: list[list[int | Decimal]]) -> list[Drawing]:
    return [draw(figure(rows)), draw(figure(rows, by="tst_date", each=Span.WEEK))]


@given(TABLES)
def test_bars_are_in_proportion_and_within_the_frame(rows: list[list[int | Decimal]]) -> None:
    for drawing in drawings(rows):
        scale = drawing.scale
        assert scale.low <= 0 < scale.high or scale.low < 0 <= scale.high
        for row, bar in zip(rows, drawing.bars or drawing.columns, strict=True):
            for one in bar.segments:
                assert -NEARLY <= one.begin <= one.begin + one.size <= 100 + NEARLY
                share = abs(float(row[one.part])) / (scale.high - scale.low) * 100
                assert one.size == pytest.approx(share, abs=NEARLY)


@given(TABLES)
def test_parts_stand_upon_one_another_from_nothing_on(rows: list[list[int | Decimal]]) -> None:
    for drawing in drawings(rows):
        for bar in drawing.bars or drawing.columns:
            ends = sorted((one.begin, one.begin + one.size) for one in bar.segments)
            for (_, end), (begin, _) in zip(ends, ends[1:], strict=False):
                assert begin == pytest.approx(end, abs=NEARLY)
            zero = drawing.scale.zero
            touching = [e for pair in ends for e in pair]
            assert not ends or any(one == pytest.approx(zero, abs=NEARLY) for one in touching)


@given(st.lists(NUMBERS, min_size=1, max_size=60))
def test_a_line_has_a_point_for_each_value(numbers: list[int | Decimal]) -> None:
    line = figure([[one] for one in numbers], kind=ChartKind.LINE, each=Span.DAY)
    drawing = draw(line)
    assert drawing.kind == "line"
    points = [tuple(map(float, point.split(","))) for point in drawing.points.split()]
    assert len(points) == len(numbers)
    assert all(0 <= x <= 100 and -0.01 <= y <= 100.01 for x, y in points)
    assert [x for x, _ in points] == sorted({x for x, _ in points})


@given(st.text(max_size=120))
def test_labels_fit_on_a_telephone(label: str) -> None:
    lines = lines_of(label)
    assert 1 <= len(lines) <= MOST_LINES
    assert all(width_of(line) <= WIDTH + 1 for line in lines)


def test_labels_are_broken_at_spaces_where_there_are_any() -> None:
    assert lines_of("文化芸術とスポーツの応援") == ["文化芸術とスポーツの応援"]
    assert lines_of("Support for culture, the arts and sports") == [
        "Support for culture, the",
        "arts and sports",
    ]
    assert lines_of("応" * 100)[-1].endswith("応…")
