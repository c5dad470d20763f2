"""Mail templates: `{name}`, `{lookup.name}`, `{{` and `}}` for braces, and nothing cleverer.

`str.format` would follow attributes and indexes into the program; this looks names up, once.
It does not know what the names stand for.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from models.metadata.errors import DefinitionError

NAME = r"[A-Za-z_][A-Za-z0-9_]*"
PART = re.compile(rf"\{{\{{|\}}\}}|\{{({NAME}(?:\.[a-z][a-z0-9_]*)?)\}}|[{{}}]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
Parts = tuple[tuple[str, str], ...]
"""Pairs of a literal text and the name after it; the last pair has no name."""


def placeholders(template: str) -> set[str]:
    """The names in the template; DefinitionError at a brace that belongs to no name."""
    return {name for _, name in _parts(template) if name}


def fill(template: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; a name without a value becomes nothing.

    What is put in is not looked at again: a value that looks like a placeholder stays a value.
    """
    return "".join(
        part for text, name in _parts(template) for part in (text, values.get(name, ""))
    )


def fill_line(template: str, values: Mapping[str, str]) -> str:
    """As `fill`, for a header: on one line, whatever the values hold."""
    return " ".join(CONTROL.sub(" ", fill(template, values)).split())


@lru_cache(maxsize=256)
def _parts(template: str) -> Parts:
    parts, literal, end = [], "", 0
    for found in PART.finditer(template):
        literal += template[end : found.start()]
        end = found.end()
        if found[1]:
            parts.append((literal, found[1]))
            literal = ""
        elif len(found[0]) == 2:
            literal += found[0][0]
        else:
            raise DefinitionError(f"a {found[0]} in the template belongs to no placeholder")
    return (*parts, (literal + template[end:], ""))
