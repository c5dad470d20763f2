"""A Flask-WTF form class built from a form definition: adding a control is editing YAML.

It knows definitions, not requests; the extra controls of a public form (consent, CAPTCHA, the
trap for robots) stand in `public_form`.
"""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, ValidationError

from forms.controls import control_for
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label

CONSENT, CAPTCHA, TRAP = "privacy_confirmed", "captcha", "homepage_title"
"""The trap is a control no person sees; whatever fills it in is no person."""
NOT_CONFIRMED = Label("「{label}」にチェックを入れてください。", "Tick “{label}”.")


class PlainForm(FlaskForm):
    """Without Flask-WTF's own token: public forms have one bound to the form session."""

    # nosemgrep: csrf-left-out - form_token, bound to the visit, is checked instead
    class Meta:
        csrf = False


_made: dict[tuple[str, str], tuple[Catalog, type[PlainForm]]] = {}


def public_form(catalog: Catalog, form: FormDefinition, language: str) -> type[PlainForm]:
    """The class for one public form in one language; made once for each published catalog."""
    known = _made.get((form.name, language))
    if known is not None and known[0] is catalog:
        return known[1]
    made = _public_form(catalog.entity(form.entity), form, language)
    _made[form.name, language] = (catalog, made)
    return made


def _public_form(entity: EntityDefinition, form: FormDefinition, language: str) -> type[PlainForm]:
    fields = _attribute_fields(form, entity, language)
    if form.consent is not None:
        label = form.consent.label.text(language)
        fields[CONSENT] = BooleanField(label, validators=[_Confirmed(label, language)])
    if form.captcha:
        fields[CAPTCHA] = StringField()
    fields[TRAP] = StringField()
    return type("PublicForm", (PlainForm,), fields)


def _attribute_fields(
    form: FormDefinition, entity: EntityDefinition, language: str
) -> dict[str, Any]:
    return {
        control.attribute: control_for(entity.attributes[control.attribute], control, language)
        for section in form.sections
        for control in section.controls
    }


class _Confirmed:
    def __init__(self, label: str, language: str) -> None:
        self._text = NOT_CONFIRMED.text(language).format(label=label)

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data:
            raise ValidationError(self._text)
