"""What all controls share: label, hint, and validation by the attribute's own type.

The same rules run again in the record service; here they speak to the person at the form.
"""

from dataclasses import dataclass
from typing import Any

from wtforms import ValidationError

from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.components import ControlDefinition
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import Problem

CHOSEN = {"Picklist", "MultiSelectPicklist", "Boolean", "Status"}


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """A WTForms validator: the attribute's rules, in the page's language."""

    attribute: AttributeDefinition
    required: bool
    language: str

    def __call__(self, _form: Any, field: Any) -> None:
        try:
            value = type_of(self.attribute).parse(self.attribute, field.data)
        except InvalidValue as error:
            raise ValidationError(self._said(error.code, error.parameters)) from error
        if value is None and self.required:
            code = "choose" if self.attribute.type in CHOSEN else "required"
            raise ValidationError(self._said(code, {}))

    def _said(self, code: str, parameters: dict[str, object]) -> str:
        attribute = self.attribute
        problem = Problem(attribute.logical_name, code, attribute.display_name, parameters)
        return problem.text(self.language)


def is_required(attribute: AttributeDefinition, control: ControlDefinition) -> bool:
    return attribute.is_required if control.required is None else control.required


def shared(
    attribute: AttributeDefinition,
    control: ControlDefinition,
    language: str,
    **attributes: Any,
) -> dict[str, Any]:
    """The arguments every field takes; `attributes` are those of its HTML element."""
    label = control.label or attribute.display_name
    if control.autocomplete:
        attributes["autocomplete"] = control.autocomplete
    return {
        "label": label.text(language),
        "description": control.hint.text(language),
        "validators": [AttributeRule(attribute, is_required(attribute, control), language)],
        "render_kw": attributes,
    }
