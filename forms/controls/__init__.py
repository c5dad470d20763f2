"""The registry of form controls: for each attribute type, the WTForms field that asks for it."""

from collections.abc import Callable
from typing import Any

from forms.controls.choices import choice, several, yes_or_no
from forms.controls.texts import lines, moment, number, text
from models.metadata.components import ControlDefinition
from models.metadata.definitions import AttributeDefinition

Maker = Callable[[AttributeDefinition, ControlDefinition, str], Any]
"""WTForms calls what it returns an unbound field, and has no public name for it."""

CONTROLS: dict[str, Maker] = {
    "String": text,
    "Memo": lines,
    "Integer": number,
    "Decimal": number,
    "Money": number,
    "DateTime": moment,
    "Picklist": choice,
    "Status": choice,
    "Boolean": yes_or_no,
    "MultiSelectPicklist": several,
}


def control_for(attribute: AttributeDefinition, control: ControlDefinition, language: str) -> Any:
    """An unbound field for the attribute; DefinitionError was raised before if there is none."""
    return CONTROLS[attribute.type](attribute, control, language)
