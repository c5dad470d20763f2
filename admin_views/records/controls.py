"""Form controls for attributes of any type, and the way from a typed value to a control's text.

What was typed stays text here: the record service parses it and says what is wrong.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask_admin.form import BaseForm
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from wtforms import (
    Field,
    FileField,
    Form,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from forms.rules import as_entered
from models.metadata.attribute_types import LOCAL_ZONE, FileValue, type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition, Option
from models.security.masking import Masked

NOT_IN_FORMS = frozenset({"AutoNumber", "UniqueIdentifier", "State", "Owner"})
"""Set by the platform; the owner changes by assigning, the state with the status reason."""
INPUTS = {"Email": widgets.EmailInput, "Phone": widgets.TelInput, "Url": widgets.URLInput}
CHOSEN_BY_LINK = frozenset({"Lookup", "Picklist", "Status"})
FILES = frozenset({"File", "Image"})
PICTURES = "image/jpeg,image/png,image/webp"
"""What the browser offers to choose; what comes is looked at whatever it is called."""
NUMBERS = frozenset({"Integer", "BigInt", "Decimal", "Money"})


def form_class(attributes: Iterable[AttributeDefinition], *, language: str) -> type[BaseForm]:
    """One control for each attribute, named as the attribute is."""
    controls = {
        a.logical_name: _control(a, language) for a in attributes if a.type not in NOT_IN_FORMS
    }
    return type("RecordForm", (BaseForm,), controls)


def written(attribute: AttributeDefinition, value: object) -> object:
    """A typed value as its control holds it. A masked one is not shown: blank keeps it."""
    if value is None or isinstance(value, Masked | FileValue):
        return [] if attribute.type == "MultiSelectPicklist" else ""
    if isinstance(value, datetime):
        zone = UTC if attribute.behaviour == "utc" else LOCAL_ZONE
        return value.astimezone(zone).replace(tzinfo=None).isoformat("T", "minutes")
    return as_entered(attribute, value)


def offer_options(form: Form, name: str, options: Iterable[Option]) -> None:
    """Leave the attribute's control the choices that the record can be given."""
    if name in form:
        field: Any = form[name]
        values = {"", *(str(option.value) for option in options)}
        field.choices = [one for one in field.choices if one.value in values]


def begin_with_defaults(form: Form, entity: EntityDefinition) -> None:
    """What the record has where nothing is entered is there to be seen, and changed."""
    for name, attribute in entity.attributes.items():
        if name in form and attribute.default is not None:
            field: Any = form[name]
            field.data = written(attribute, type_of(attribute).parse(attribute, attribute.default))


def choose(form: Form, entity: EntityDefinition, wanted: Mapping[str, str]) -> None:
    """What a link says is chosen at first; never a text, which somebody could put into it."""
    for name, value in wanted.items():
        if name in form and entity.attributes[name].type in CHOSEN_BY_LINK:
            field: Any = form[name]
            field.data = value


def typed(field: Field) -> object:
    """What the person entered: text, a list of option values, or a file."""
    data = field.data
    if isinstance(data, FileStorage):
        content_type = data.mimetype or "application/octet-stream"
        return FileValue(data.filename, content_type, data.read()) if data.filename else ""
    if isinstance(data, list):
        return [str(one) for one in data]
    return "" if data is None else str(data).replace("\r\n", "\n")


def _control(attribute: AttributeDefinition, language: str) -> Any:
    """An unbound field: WTForms makes the control when the form is made."""
    label = attribute.display_name.text(language)
    description = attribute.description.text(language)
    return _maker(attribute)(attribute, label, description, language)


Maker = Callable[[AttributeDefinition, str, str, str], Any]


def _maker(attribute: AttributeDefinition) -> Maker:
    if attribute.type in {"Picklist", "Status", "Boolean"}:
        return _one_option
    if attribute.type == "Lookup":
        return lambda _, label, description, __: SelectField(
            label, description=description, choices=[], validate_choice=False
        )  # its choices are the records of the moment: see `lookups`
    if attribute.type == "MultiSelectPicklist":
        return _many_options
    if attribute.type in FILES:
        return _file
    return _memo if attribute.type == "Memo" else _line


def _line(attribute: AttributeDefinition, label: str, description: str, language: str) -> Any:
    keywords: dict[str, object] = {"maxlength": attribute.max_length, "autocomplete": "off"}
    if attribute.type in NUMBERS:
        keywords = {"inputmode": "decimal", "autocomplete": "off"}
    widget = INPUTS.get(attribute.format, widgets.TextInput)()
    if attribute.type == "DateTime":
        is_day = attribute.behaviour == "date_only"
        widget = widgets.DateInput() if is_day else widgets.DateTimeLocalInput()
        keywords = {}
        if attribute.behaviour == "utc":
            description = f"{description} {gettext('In UTC: nine hours behind Japan.')}".strip()
    return StringField(label, description=description, widget=widget, render_kw=keywords)


def _memo(attribute: AttributeDefinition, label: str, description: str, language: str) -> Any:
    return TextAreaField(label, description=description, render_kw={"rows": 8})


def _file(attribute: AttributeDefinition, label: str, description: str, language: str) -> Any:
    keywords = {"accept": PICTURES} if attribute.type == "Image" else {}
    return FileField(label, description=description, render_kw=keywords)


def _options(attribute: AttributeDefinition, language: str) -> list[SelectChoice]:
    if attribute.options is not None:
        return [
            SelectChoice(str(o.value), o.label.text(language)) for o in attribute.options.options
        ]
    return [SelectChoice("1", gettext("Yes")), SelectChoice("0", gettext("No"))]


def _one_option(
    attribute: AttributeDefinition, label: str, description: str, language: str
) -> Any:
    choices = [SelectChoice("", gettext("Choose")), *_options(attribute, language)]
    return SelectField(label, description=description, choices=choices, validate_choice=False)


def _many_options(
    attribute: AttributeDefinition, label: str, description: str, language: str
) -> Any:
    return SelectMultipleField(
        label,
        description=description,
        choices=_options(attribute, language),
        validate_choice=False,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
