"""What the bars of a chart stand for, in order and by name: options, or days, weeks and months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from admin_views.language import language
from models.metadata.attribute_types import LOCAL_ZONE, type_of
from models.metadata.dashboards import Span
from models.metadata.definitions import AttributeDefinition


@dataclass(frozen=True, slots=True)
class Value:
    """A place on the axis, or a part of its bars."""

    key: object
    label: str


THE_ONLY: tuple[Value, ...] = (Value(None, ""),)
"""Of a chart that is by nothing, or whose bars have no parts."""


def of_options(attribute: AttributeDefinition, found: set[object]) -> tuple[Value, ...]:
    """Every option, also those that no record has; then what records have besides."""
    known = _options(attribute)
    others = sorted(one for one in found if isinstance(one, int) and one not in known)
    nothing = [None] if None in found else []
    return tuple(Value(one, _label(attribute, one)) for one in (*known, *others, *nothing))


def of_time(first_days: Iterable[date], each: Span | None) -> tuple[Value, ...]:
    """A month by its name, all else by its first day."""
    written = "%Y-%m" if each is Span.MONTH else "%Y-%m-%d"
    return tuple(Value(day, day.strftime(written)) for day in first_days)


def _options(attribute: AttributeDefinition) -> list[object]:
    if attribute.type == "Boolean":
        return [True, False]
    return [option.value for option in attribute.options.options] if attribute.options else []


def _label(attribute: AttributeDefinition, value: object) -> str:
    if value is None:
        return gettext("(none)")
    return type_of(attribute).text(attribute, value, language=language(), zone=LOCAL_ZONE)
