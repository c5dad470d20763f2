"""A formula's value for one record. Pure: its values and the day go in, a value comes out.

Nothing is no mistake: what is reckoned with nothing is nothing, and so is what has no answer (a
number divided by 0, a day after the last). Numbers are exact decimals of forty digits at most.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from typing import Any

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.formulas.tree import Constant, Formula, Named, Node

EXACTLY = Context(prec=40, rounding=ROUND_HALF_UP, Emax=999, Emin=-999)
MOST_PLACES = 10
Function = Callable[..., object]


def reckon(formula: Formula, values: Mapping[str, object], today: date | None) -> object:
    """The value; None for nothing. `today` is asked by formulas that ask the day."""
    return _value(formula.root, values, today)


def _value(node: Node, values: Mapping[str, object], today: date | None) -> object:
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Named):
        found = values.get(node.attribute)
        is_whole = isinstance(found, int) and not isinstance(found, bool)
        return Decimal(found) if is_whole else found  # type: ignore[arg-type]  # it is an int
    if node.function == "today":
        return today
    given = [_value(one, values, today) for one in node.arguments]
    of_nothing = OF_NOTHING.get(node.function)
    if of_nothing is not None:
        return of_nothing(*given)
    if any(one is None for one in given):
        return None
    try:
        return OF_VALUES[node.function](*given)
    except (DecimalException, OverflowError, ValueError):
        return None


def _chosen(condition: object, value: object, other: object = None) -> object:
    return value if condition else other


def _coalesce(*values: object) -> object:
    return next((one for one in values if one is not None), None)


def _written(*values: object) -> str:
    return "".join(map(_text, values))


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _compared(compare: Callable[[Any, Any], bool]) -> Function:
    return lambda one, other: None not in (one, other) and compare(one, other)


def _rounded(number: Decimal, places: Decimal) -> Decimal:
    wanted = max(0, min(MOST_PLACES, int(places)))
    return number.quantize(Decimal(1).scaleb(-wanted), context=EXACTLY)


def _without_first(text: str, count: Decimal) -> str:
    return text[max(0, int(count)) :]


def _without_last(text: str, count: Decimal) -> str:
    return text[: max(0, len(text) - max(0, int(count)))]


def day_of(moment: date) -> date:
    """The day in Japan."""
    return moment.astimezone(LOCAL_ZONE).date() if isinstance(moment, datetime) else moment


def _days_between(first: date, second: date) -> Decimal:
    return Decimal((day_of(second) - day_of(first)).days)


def _days_on(count: Decimal, moment: date) -> date:
    return moment + timedelta(days=int(count))


def _days_back(count: Decimal, moment: date) -> date:
    return moment - timedelta(days=int(count))


OF_NOTHING: Mapping[str, Function] = {
    "if": _chosen,
    "coalesce": _coalesce,
    "isblank": lambda value: value is None,
    "concat": _written,
    "&": _written,
    "and": lambda one, other: bool(one and other),
    "or": lambda one, other: bool(one or other),
    "not": lambda one: not one,
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": _compared(operator.lt),
    "<=": _compared(operator.le),
    ">": _compared(operator.gt),
    ">=": _compared(operator.ge),
}
"""Those that know what to do with nothing."""
OF_VALUES: Mapping[str, Any] = {
    "+": EXACTLY.add,
    "-": EXACTLY.subtract,
    "*": EXACTLY.multiply,
    "/": EXACTLY.divide,
    "negative": EXACTLY.minus,
    "round": _rounded,
    "min": min,
    "max": max,
    "trim": str.strip,
    "trimleft": _without_first,
    "trimright": _without_last,
    "diffindays": _days_between,
    "adddays": _days_on,
    "subtractdays": _days_back,
    "year": lambda moment: Decimal(day_of(moment).year),
    "month": lambda moment: Decimal(day_of(moment).month),
    "day": lambda moment: Decimal(day_of(moment).day),
}
"""Those of which nothing comes where something is missing."""
