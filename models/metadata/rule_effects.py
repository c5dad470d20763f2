"""What business rules say of one record's values: what is set, required, hidden, locked, wrong.

The same answers at every door, and in the browser by `static/shared/business_rules.js`, which a
test holds to this file. It asks nothing but the values it is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import ge, gt, le, lt
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from models.metadata.business_rules import Action, Does, RuleBook
from models.metadata.query import Condition, Filter, Operator

Values = Mapping[str, Any]
EMPTY = (None, "", ())
SIZES = {
    Operator.LESS: lt,
    Operator.LESS_OR_EQUAL: le,
    Operator.GREATER: gt,
    Operator.GREATER_OR_EQUAL: ge,
}
SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
"""Parts of texts are compared as in views: letters of ASCII are equal in either case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What follows from a record's values. `set` holds what is other than it was given."""

    set: Mapping[str, Any] = field(default_factory=dict)
    required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Each with the attributes that the rules ask about which require it."""
    hidden: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()
    errors: tuple[tuple[Action, frozenset[str]], ...] = ()
    """Each with what its rule asks about."""
    recommended: tuple[Action, ...] = ()


NO_EFFECTS = Effects()


def effects(book: RuleBook, given: Values) -> Effects:
    """Of one record, whose typed values `given` holds by attribute; what is missing is empty."""
    if not book.rules:
        return NO_EFFECTS
    values, came = dict(given), dict[str, Any]()
    named: dict[Does, set[str]] = {does: set() for does in Does}
    required: dict[str, frozenset[str]] = {}
    errors: list[tuple[Action, frozenset[str]]] = []
    recommended = []
    for rule in book.rules:
        for action in rule.then if holds(rule.when, values) else rule.otherwise:
            named[action.does].add(action.attribute)
            if action.does is Does.SET:
                came[action.attribute] = values[action.attribute] = action.value
            elif action.does is Does.REQUIRE:
                asks = required.get(action.attribute, frozenset())
                required[action.attribute] = asks | rule.asks
            elif action.does is Does.ERROR:
                errors.append((action, rule.asks))
            elif action.does is Does.RECOMMEND:
                recommended.append(action)
    hidden = named[Does.HIDE] | (book.shown - named[Does.SHOW])
    return Effects(
        set={name: value for name, value in came.items() if value != given.get(name)},
        required={name: asks for name, asks in required.items() if name not in hidden},
        hidden=frozenset(hidden),
        locked=frozenset(named[Does.LOCK]),
        errors=tuple(errors),
        recommended=tuple(one for one in recommended if values.get(one.attribute) != one.value),
    )


def holds(part: Filter | Condition, values: Values) -> bool:
    """Whether the values meet a condition whose own values are typed. What is empty meets `null`,
    `ne` and `not-in` only, as in a view."""
    if isinstance(part, Filter):
        each = (holds(one, values) for one in part.parts)
        return all(each) if part.kind == "and" or not part.parts else any(each)
    present = values.get(part.attribute)
    if part.operator in (Operator.NULL, Operator.NOT_NULL):
        return (present in EMPTY) is (part.operator is Operator.NULL)
    if part.operator in (Operator.EQUAL, Operator.IN):
        return present in _several(part.value)
    if part.operator in (Operator.NOT_EQUAL, Operator.NOT_IN):
        return present not in _several(part.value)
    return present not in EMPTY and _compares(part.operator, present, part.value)


def _compares(operator: Operator, present: Any, wanted: Any) -> bool:
    if operator is Operator.BEGINS_WITH:
        return str(present).translate(SMALL).startswith(str(wanted).translate(SMALL))
    if operator is Operator.CONTAINS:
        return str(wanted).translate(SMALL) in str(present).translate(SMALL)
    if operator is Operator.CONTAIN_VALUES:
        return not set(_several(wanted)).isdisjoint(present)
    return bool(SIZES[operator](present, wanted))


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
