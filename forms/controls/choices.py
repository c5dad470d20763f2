"""Controls that are chosen from: one option, several, yes or no."""

from typing import Any

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from forms.controls.values import shared
from models.metadata.components import ControlDefinition
from models.metadata.definitions import AttributeDefinition
from models.metadata.labels import Label

CHOOSE = Label("選択してください", "Choose one")
YES_OR_NO = (("1", Label("はい", "Yes")), ("0", Label("いいえ", "No")))


def choice(attribute: AttributeDefinition, control: ControlDefinition, language: str) -> Any:
    choices = [SelectChoice("", CHOOSE.text(language)), *_options(attribute, language)]
    arguments = shared(attribute, control, language)
    return SelectField(choices=choices, validate_choice=False, **arguments)


def several(attribute: AttributeDefinition, control: ControlDefinition, language: str) -> Any:
    choices = _options(attribute, language)
    arguments = shared(attribute, control, language)
    return SelectMultipleField(choices=choices, validate_choice=False, **arguments)


def yes_or_no(attribute: AttributeDefinition, control: ControlDefinition, language: str) -> Any:
    stated = [SelectChoice(value, label.text(language)) for value, label in YES_OR_NO]
    choices = [SelectChoice("", CHOOSE.text(language)), *stated]
    arguments = shared(attribute, control, language)
    return SelectField(choices=choices, validate_choice=False, **arguments)


def _options(attribute: AttributeDefinition, language: str) -> list[SelectChoice]:
    options = attribute.options.options if attribute.options else ()
    return [SelectChoice(str(option.value), option.label.text(language)) for option in options]
