"""Controls that are typed into: one line, several lines, numbers, dates."""

from typing import Any

from wtforms import StringField, TextAreaField

from forms.controls.values import shared
from models.metadata.components import ControlDefinition
from models.metadata.definitions import AttributeDefinition

KINDS = {
    "": {"type": "text"},
    "Email": {"type": "email", "inputmode": "email", "spellcheck": "false"},
    "Phone": {"type": "tel", "inputmode": "tel"},
    "Url": {"type": "url", "inputmode": "url", "spellcheck": "false"},
}
DEFAULT_ROWS = 5


def text(attribute: AttributeDefinition, control: ControlDefinition, language: str) -> Any:
    return StringField(**shared(attribute, control, language, **KINDS[attribute.format]))


def lines(attribute: AttributeDefinition, control: ControlDefinition, language: str) -> Any:
    """`data-counter` is the limit the live counter counts to; the server counts alike."""
    return TextAreaField(
        **shared(
            attribute,
            control,
            language,
            rows=control.rows or DEFAULT_ROWS,
            **{"data-counter": attribute.max_length},
        )
    )


def number(attribute: AttributeDefinition, control: ControlDefinition, language: str) -> Any:
    mode = "numeric" if attribute.type == "Integer" else "decimal"
    return StringField(**shared(attribute, control, language, type="text", inputmode=mode))


def moment(attribute: AttributeDefinition, control: ControlDefinition, language: str) -> Any:
    kind = "date" if attribute.behaviour == "date_only" else "datetime-local"
    return StringField(**shared(attribute, control, language, type=kind))
