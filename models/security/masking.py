"""What a reader sees who may know that a value is there, but not what it is.

Pure functions on text; who is such a reader is `column_security`'s.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from models.metadata.components import MaskingRule
from models.metadata.definitions import AttributeDefinition
from models.metadata.masking_patterns import LONGEST_VALUE

HIDDEN = "•••"


class Masked(str):
    """A text with its secret part replaced; never to be written back or compared."""

    __slots__ = ()


def mask_email(value: str) -> str:
    """`t•••@example.jp`: the first character and the domain."""
    local, at, domain = value.rpartition("@")
    return f"{local[:1]}{HIDDEN}@{domain}" if at and local else HIDDEN


def mask_phone(value: str) -> str:
    """`•••-••••-1234`: the last four digits."""
    digits = re.sub(r"\D", "", value)
    return f"•••-••••-{digits[-4:]}" if len(digits) > 6 else HIDDEN


def mask_name(value: str) -> str:
    """`山•••` of 山田 太郎: the first character, unless that is all of a word."""
    first = value.split()[:1]
    return f"{first[0][:1]}{HIDDEN}" if first and len(first[0]) > 1 else HIDDEN


SHIPPED: dict[str, Callable[[str], str]] = {
    "email": mask_email,
    "phone": mask_phone,
    "name": mask_name,
}


def masker(
    attribute: AttributeDefinition, rules: Mapping[str, MaskingRule]
) -> Callable[[object], Masked]:
    """The masking of an attribute; without a rule nothing of the value is shown."""
    rule = rules.get(attribute.masking)
    mask = _by_rule(rule) if rule is not None else SHIPPED.get(attribute.masking)
    if mask is None:
        return lambda value: Masked(HIDDEN)
    return lambda value: Masked(_hidden_at_least(mask, str(value)))


def _by_rule(rule: MaskingRule) -> Callable[[str], str]:
    pattern = re.compile(rule.pattern)
    if rule.replacement is not None:
        return partial(pattern.sub, rule.replacement)
    return partial(pattern.sub, lambda match: rule.mask * len(match[0]))


def _hidden_at_least(mask: Callable[[str], str], value: str) -> str:
    """Of what a rule does not touch nothing is shown; and what it leaves nothing of would look as
    if there were nothing."""
    if len(value) > LONGEST_VALUE:
        return HIDDEN
    shown = mask(value)
    return shown if shown and shown != value else HIDDEN
