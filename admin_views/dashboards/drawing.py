"""Where the bars, points and words of a chart stand: shares of its width and height in percent,
and lines of text in rem, so that it fits a telephone and a poster, and grows with the text.

It knows numbers and labels; what they count it does not know.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from admin_views.dashboards.axes import THE_ONLY, Value
from admin_views.dashboards.figures import Figure, Number
from admin_views.dashboards.labels import lines_of
from models.metadata.dashboards import ChartKind

LINE, BAR, GAP = 1.375, 1.25, 0.75
"""Heights in rem: of a line of text, of a bar, and between one bar and the next label."""
LEAST_WITH_MIDDLE = 5
FILLED = 0.72
"""What a column takes of its place on the axis of time."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From the least to the greatest that is drawn, nothing among them."""

    low: float
    high: float

    def percent(self, number: float) -> float:
        return (number - self.low) / (self.high - self.low) * 100

    @property
    def zero(self) -> float:
        return self.percent(0)


@dataclass(frozen=True, slots=True)
class Segment:
    """A bar or a part of one, from `begin` on, in percent of the scale."""

    part: int
    begin: float
    size: float
    told: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Lying: `lines` of its label with the heights they stand at, and the bar below them."""

    lines: tuple[tuple[float, str], ...]
    number: str
    top: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Standing, or a point of a line: from `left` on, in percent of the width."""

    left: float
    middle: float
    height: float
    told: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word below the axis of time."""

    place: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    kind: str
    """bars, columns, line or number"""
    told: str
    """The chart's greatest value, for who does not see it."""
    scale: Scale
    height: float = 0
    bars: tuple[Bar, ...] = ()
    columns: tuple[Column, ...] = ()
    width: float = 0
    marks: tuple[Mark, ...] = ()
    top: str = ""
    """What the upper end of the scale is."""

    @property
    def points(self) -> str:
        return " ".join(f"{one.middle:.3f},{100 - one.height:.3f}" for one in self.columns)


def draw(figure: Figure) -> Drawing:
    scale = scale_of(figure.numbers)
    if figure.chart.kind is ChartKind.NUMBER:
        return Drawing(kind="number", told="", scale=scale)
    told = _greatest(figure)
    if figure.chart.each is None:
        bars = _bars(figure, scale)
        height = bars[-1].top + BAR if bars else 0
        return Drawing(kind="bars", told=told, scale=scale, height=height, bars=bars)
    return Drawing(
        kind="line" if figure.chart.kind is ChartKind.LINE else "columns",
        told=told,
        scale=scale,
        columns=_columns(figure, scale),
        width=100 / len(figure.values) * FILLED,
        marks=_marks(figure.values),
        top=f"{scale.high:,.10g}",
    )


def scale_of(numbers: Sequence[Sequence[Number]]) -> Scale:
    """Round numbers around all that is drawn, parts standing upon one another."""
    highest = max((sum(one for one in row if one > 0) for row in numbers), default=0)
    lowest = min((sum(one for one in row if one < 0) for row in numbers), default=0)
    low = -_rounded(-float(lowest)) if lowest else 0.0
    return Scale(low, _rounded(float(highest)) if highest or not lowest else 0.0)


def _rounded(number: float) -> float:
    """The next of 1, 2, 4, 5, 10, 20, 40 …; at least 1."""
    size = 10.0 ** math.floor(math.log10(max(number, 1)))
    return next(size * step for step in (1, 2, 4, 5, 10) if size * step >= number)


def segments_of(row: Sequence[Number], figure: Figure, scale: Scale) -> tuple[Segment, ...]:
    """What is below nothing goes the other way."""
    found, above, below = [], 0.0, 0.0
    for part, number in enumerate(row):
        begin, end = (
            (above, above + float(number)) if number > 0 else (below, below + float(number))
        )
        above, below = (end, below) if number > 0 else (above, end)
        at = scale.percent(min(begin, end))
        size = scale.percent(max(begin, end)) - at
        label = figure.parts[part].label
        told = f"{label} {number:,}".strip()
        found.append(Segment(part, at, size, told))
    return tuple(one for one in found if one.size)


def _greatest(figure: Figure) -> str:
    pairs = zip(figure.by_value, figure.values, strict=True)
    number, value = max(pairs, key=lambda pair: pair[0], default=(0, THE_ONLY[0]))
    return f"{value.label} {number:,}"


def _bars(figure: Figure, scale: Scale) -> tuple[Bar, ...]:
    found, top = [], 0.0
    rows = zip(figure.values, figure.numbers, figure.by_value, strict=True)
    for value, row, number in rows:
        lines = [(top + LINE * place, text) for place, text in enumerate(lines_of(value.label), 1)]
        top = lines[-1][0] + GAP / 2
        segments = segments_of(row, figure, scale)
        found.append(Bar(tuple(lines), figure.told(value, number), top, segments))
        top += BAR + GAP
    return tuple(found)


def _columns(figure: Figure, scale: Scale) -> tuple[Column, ...]:
    width = 100 / len(figure.values)
    rows = enumerate(zip(figure.values, figure.numbers, figure.by_value, strict=True))
    return tuple(
        Column(
            left=width * (place + (1 - FILLED) / 2),
            middle=width * (place + 0.5),
            height=scale.percent(float(number)),
            told=f"{value.label} {figure.told(value, number)}",
            segments=segments_of(row, figure, scale),
        )
        for place, (value, row, number) in rows
    )


def _marks(values: Sequence[Value]) -> tuple[Mark, ...]:
    """The first, the last and, where there is room, the one in the middle."""
    marks, middle = [Mark("0", "start", values[0].label)], len(values) // 2
    if len(values) >= LEAST_WITH_MIDDLE:
        place = (middle + 0.5) / len(values) * 100
        marks.append(Mark(f"{place:.3f}%", "middle", values[middle].label))
    if len(values) > 1:
        marks.append(Mark("100%", "end", values[-1].label))
    return tuple(marks)
