"""The form of somebody who lost their link: the mail address, and what keeps robots out."""

from wtforms import StringField

from forms.building import CAPTCHA, TRAP, PlainForm
from forms.controls import control_for
from models.metadata.catalog import Catalog
from models.metadata.components import ControlDefinition, FormDefinition
from models.metadata.labels import Label
from models.security.applicants import stated

ADDRESS = "address"
HINT = Label(
    "お申込みのときに入力したメールアドレスを入力してください。",
    "The e-mail address that you entered when you applied.",
)


def asking_form(catalog: Catalog, form: FormDefinition, language: str) -> type[PlainForm]:
    _, confirmation = stated(form)
    attribute = catalog.entity(form.entity).attributes[confirmation.email]
    control = ControlDefinition(
        attribute=attribute.logical_name, hint=HINT, autocomplete="email", required=True
    )
    fields = {ADDRESS: control_for(attribute, control, language), TRAP: StringField()}
    if form.captcha:
        fields[CAPTCHA] = StringField()
    return type("AskingForm", (PlainForm,), fields)


def visit_name(form: FormDefinition) -> str:
    """Of the visit to this page: another than that to the form, whose code would count for both.
    No form's name has a dot."""
    return f"{form.name}.status"
