"""Labels in lines that fit beside a number on a telephone; SVG breaks no text by itself."""

import unicodedata

WIDTH = 24
"""Of a line, in Latin letters; a Japanese character is two."""
MOST_LINES = 3


def lines_of(label: str) -> list[str]:
    """At spaces where there are any, else anywhere; what is too long ends in "…"."""
    lines: list[str] = []
    rest = label.strip()
    while rest and len(lines) < MOST_LINES:
        end = _end_of_line(rest)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    if rest:
        lines[-1] = f"{lines[-1][:-1]}…"
    return lines or [""]


def width_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in text)


def _end_of_line(text: str) -> int:
    end = len(text)
    while width_of(text[:end]) > WIDTH:
        end -= 1
    space = text.rfind(" ", 1, end)
    return space if end < len(text) and space > 0 and text[end] != " " else end
