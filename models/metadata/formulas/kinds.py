"""Do the parts of a formula fit? Each function takes values of certain kinds and makes one of a
kind; what does not fit is refused before any record is reckoned."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from models.metadata.definitions import AttributeDefinition
from models.metadata.formulas.tree import Constant, Formula, FormulaError, Named, Node


class Kind(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    TRUTH = "truth"
    OPTION = "option"


KINDS = {
    "String": Kind.TEXT,
    "AutoNumber": Kind.TEXT,
    "Integer": Kind.NUMBER,
    "Decimal": Kind.NUMBER,
    "Money": Kind.NUMBER,
    "Boolean": Kind.TRUTH,
    "Picklist": Kind.OPTION,
    "State": Kind.OPTION,
    "Status": Kind.OPTION,
}
"""Of attribute types that formulas may name, besides DateTime."""
Check = Callable[[str, Sequence[Kind]], Kind]
TIMES = {Kind.DAY, Kind.MOMENT}
WRITTEN = {Kind.TEXT, Kind.NUMBER, Kind.DAY}


def kind_of_attribute(attribute: AttributeDefinition) -> Kind | None:
    """None for a type that no formula takes."""
    if attribute.type == "DateTime":
        return Kind.DAY if attribute.behaviour == "date_only" else Kind.MOMENT
    return KINDS.get(attribute.type)


def kind_of(formula: Formula, kinds: Mapping[str, Kind]) -> Kind:
    """The kind of the formula's value; `kinds` are those of the attributes it names.
    Raises FormulaError."""
    return _kind(formula.root, kinds)


def _kind(node: Node, kinds: Mapping[str, Kind]) -> Kind:
    if isinstance(node, Constant):
        if isinstance(node.value, bool):
            return Kind.TRUTH
        return Kind.TEXT if isinstance(node.value, str) else Kind.NUMBER
    if isinstance(node, Named):
        return kinds[node.attribute]
    check = CHECKS.get(node.function)
    if check is None:
        raise FormulaError(f"there is no function {node.function!r}")
    return check(node.function, [_kind(one, kinds) for one in node.arguments])


def _takes(*wanted: Kind, gives: Kind) -> Check:
    def check(name: str, given: Sequence[Kind]) -> Kind:
        if tuple(given) != wanted:
            raise _wrong(name, ", ".join(wanted) or "nothing", given)
        return gives

    return check


def _several(wanted: set[Kind], *, least: int, gives: Kind) -> Check:
    def check(name: str, given: Sequence[Kind]) -> Kind:
        if len(given) < least or not set(given) <= wanted:
            raise _wrong(name, " or ".join(sorted(wanted)), given)
        return gives

    return check


def _alike(name: str, given: Sequence[Kind]) -> Kind:
    """Equal or not: two of a kind, or an option and its number."""
    if len(given) != 2 or len(set(given) - {Kind.OPTION}) > 1:
        raise _wrong(name, "two of a kind", given)
    if Kind.OPTION in given and set(given) - {Kind.OPTION, Kind.NUMBER}:
        raise _wrong(name, "an option and its number", given)
    return Kind.TRUTH


def _ordered(name: str, given: Sequence[Kind]) -> Kind:
    if len(given) != 2 or given[0] != given[1] or given[0] not in {Kind.NUMBER, *TIMES}:
        raise _wrong(name, "two numbers, days or moments", given)
    return Kind.TRUTH


def _choice(name: str, given: Sequence[Kind]) -> Kind:
    if len(given) not in {2, 3} or given[0] is not Kind.TRUTH or len(set(given[1:])) != 1:
        raise _wrong(name, "a condition and one or two values of a kind", given)
    return given[1]


def _first_given(name: str, given: Sequence[Kind]) -> Kind:
    if len(given) < 2 or len(set(given)) != 1:
        raise _wrong(name, "values of a kind", given)
    return given[0]


def _whether(name: str, given: Sequence[Kind]) -> Kind:
    if len(given) != 1:
        raise _wrong(name, "one value", given)
    return Kind.TRUTH


def _days_between(name: str, given: Sequence[Kind]) -> Kind:
    if len(given) != 2 or not set(given) <= TIMES:
        raise _wrong(name, "two days or moments", given)
    return Kind.NUMBER


def _days_on(name: str, given: Sequence[Kind]) -> Kind:
    if len(given) != 2 or given[0] is not Kind.NUMBER or given[1] not in TIMES:
        raise _wrong(name, "a number of days, and a day or moment", given)
    return given[1]


def _part_of_day(name: str, given: Sequence[Kind]) -> Kind:
    if len(given) != 1 or given[0] not in TIMES:
        raise _wrong(name, "a day or moment", given)
    return Kind.NUMBER


def _wrong(name: str, wanted: str, given: Sequence[Kind]) -> FormulaError:
    return FormulaError(f"{name!r} takes {wanted}, not {', '.join(given) or 'nothing'}")


_reckons = _takes(Kind.NUMBER, Kind.NUMBER, gives=Kind.NUMBER)
_joins = _takes(Kind.TRUTH, Kind.TRUTH, gives=Kind.TRUTH)
_cuts = _takes(Kind.TEXT, Kind.NUMBER, gives=Kind.TEXT)
_numbers = _several({Kind.NUMBER}, least=2, gives=Kind.NUMBER)
_writes = _several(WRITTEN, least=2, gives=Kind.TEXT)
CHECKS: dict[str, Check] = {
    **dict.fromkeys(("+", "-", "*", "/", "round"), _reckons),
    "negative": _takes(Kind.NUMBER, gives=Kind.NUMBER),
    "min": _numbers,
    "max": _numbers,
    **dict.fromkeys(("&", "concat"), _writes),
    "trim": _takes(Kind.TEXT, gives=Kind.TEXT),
    "trimleft": _cuts,
    "trimright": _cuts,
    **dict.fromkeys(("=", "!="), _alike),
    **dict.fromkeys(("<", "<=", ">", ">="), _ordered),
    **dict.fromkeys(("and", "or"), _joins),
    "not": _takes(Kind.TRUTH, gives=Kind.TRUTH),
    "if": _choice,
    "coalesce": _first_given,
    "isblank": _whether,
    "today": _takes(gives=Kind.DAY),
    "diffindays": _days_between,
    **dict.fromkeys(("adddays", "subtractdays"), _days_on),
    **dict.fromkeys(("year", "month", "day"), _part_of_day),
}
"""Every function and operator, by what it takes."""
