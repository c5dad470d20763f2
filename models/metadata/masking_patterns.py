"""Whether a masking rule's pattern is one that ends soon on every value.

Python's `re` goes back over what it matched: a pattern such as `(a+)+$` takes for ever on a text
of thirty letters. So a pattern may repeat one part freely, and nothing within what is repeated;
the rest is counted. It is read as `re` itself reads it. It masks nothing.
"""

import re
from re import _constants, _parser  # type: ignore[attr-defined]  # the reading `re` itself uses
from typing import Any

from models.metadata.catalog import Catalog
from models.metadata.components import SHIPPED_MASKS, MaskingRule
from models.metadata.errors import DefinitionError

LONGEST_PATTERN = 200
LONGEST_VALUE = 400
"""Characters a pattern is tried on; of a longer value nothing is shown."""
MOST_STEPS = 4 * LONGEST_VALUE
"""From each place of a value: some 10 ms for the longest value there is, at worst."""
FREE = LONGEST_VALUE
"""Steps of what is repeated freely: once for each character."""
FIXED = {
    _constants.LITERAL,
    _constants.NOT_LITERAL,
    _constants.ANY,
    _constants.IN,
    _constants.CATEGORY,
    _constants.AT,
}
"""What matches one character, or none, in one way."""
GREEDY = {_constants.MAX_REPEAT, _constants.MIN_REPEAT}
POSSESSIVE = _constants.POSSESSIVE_REPEAT


def check_masking(catalog: Catalog) -> None:
    """Raise DefinitionError at the first masking rule that could not be kept to."""
    for rule in catalog.masking_rules.values():
        if problem := problem_of(rule):
            raise DefinitionError(problem, where=f"masking_rule {rule.name}")


def problem_of(rule: MaskingRule) -> str:
    """What is wrong with the rule, in English; "" where nothing is."""
    if rule.name in SHIPPED_MASKS:
        return "there is a rule of this name already"
    if len(rule.mask) != 1 or not rule.mask.isprintable() or rule.mask.isspace():
        return "mask is one character that can be seen"
    return _problem_of_pattern(rule.pattern, rule.replacement or "")


def _problem_of_pattern(pattern: str, replacement: str) -> str:
    if len(pattern) > LONGEST_PATTERN:
        return f"the pattern has {LONGEST_PATTERN} characters at most"
    try:
        if endless := _why_endless(_parser.parse(pattern)):
            return f"the pattern could take for ever: {endless}"
        re.compile(pattern).sub(replacement, "")
    except (re.error, IndexError, OverflowError, RecursionError) as error:
        return f"pattern or replacement: {error}"
    return ""


def _why_endless(read: Any) -> str:
    """Asked before the pattern is tried on anything, be it an empty text."""
    try:
        steps = _steps(read)
    except _Endless as error:
        return str(error)
    return "it repeats more than one part freely" if steps > MOST_STEPS else ""


class _Endless(Exception):
    """A construct whose steps cannot be bounded."""


def _steps(sequence: Any) -> int:
    """The ways to match a sequence, at most, from one place of the value."""
    steps = 1
    for operation, argument in sequence:
        steps *= _steps_of(operation, argument)
    return steps


def _steps_of(operation: Any, argument: Any) -> int:
    if operation in FIXED:
        return 1
    if operation in GREEDY:
        return _repeated(*argument)
    if operation is POSSESSIVE:
        return _possessive(*argument)
    if operation is _constants.BRANCH:
        return sum(_steps(branch) for branch in argument[1])
    if operation is _constants.SUBPATTERN:
        return _steps(argument[-1])
    if operation is _constants.ATOMIC_GROUP:
        return _steps(argument)
    if operation in {_constants.ASSERT, _constants.ASSERT_NOT}:
        return _steps(argument[1])
    raise _Endless("it refers to what was matched before")


def _repeated(least: int, most: int, body: Any) -> int:
    inside = _inside(most, body)
    return 1 if least == most and inside == 1 else min(most - least + 1, FREE) * inside


def _possessive(_least: int, most: int, body: Any) -> int:
    """It is never gone back over; what is looked over once costs a step a character."""
    return min(most, FREE) * _inside(most, body)


def _inside(most: int, body: Any) -> int:
    """The steps of what is repeated: one, or it would be gone through again and again."""
    steps = _steps(body)
    if most > 1 and steps > 1:
        raise _Endless("it repeats what is itself repeated, or has several ways to match")
    if most > 1 and body.getwidth()[0] == 0:
        raise _Endless("it repeats what may match nothing")
    return steps
