"""What a reader sees who may know that a value is there, but not what it is.

Pure functions on text; who is such a reader is `column_security`'s.
"""

import re
from collections.abc import Callable, Mapping

from models.metadata.components import MaskingRule
from models.metadata.definitions import AttributeDefinition

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


BUILT_IN: dict[str, Callable[[str], str]] = {"email": mask_email, "phone": mask_phone}


def masker(
    attribute: AttributeDefinition, rules: Mapping[str, MaskingRule]
) -> Callable[[object], Masked]:
    """The masking of an attribute; without a rule nothing of the value is shown."""
    rule = rules.get(attribute.masking)
    if rule is not None:
        pattern = re.compile(rule.pattern)
        # a rule that leaves nothing would say that there is nothing
        return lambda value: Masked(pattern.sub(rule.replacement, str(value)) or HIDDEN)
    built_in = BUILT_IN.get(attribute.masking)
    if built_in is not None:
        return lambda value: Masked(built_in(str(value)))
    return lambda value: Masked(HIDDEN)
