"""Business rules on a public form: what they say of the answers before these are kept."""

from typing import Any

from forms.building import PlainForm
from forms.rules import ForBrowser, as_entered, of_new, problems
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.rule_effects import Effects


def judge(
    catalog: Catalog, form: FormDefinition, entered: PlainForm, *, language: str
) -> tuple[bool, Effects]:
    """Whether nothing is wrong with what was sent, and what the rules do with it. What is wrong is
    written beside its control, but not beside one that nobody is asked."""
    entity, given = catalog.entity(form.entity), _given(form, entered)
    entered.validate()
    found = of_new(catalog.rules_of(form.entity), entity, given)
    for name in found.hidden & set(form.attributes):
        entered[name].errors = []
    for beside, text in problems(entity, found, given, language=language):
        asked = [n for n in beside if n in form.attributes and n not in found.hidden]
        field = entered[asked[0] if asked else form.attributes[0]]
        field.errors = [*field.errors, text]
    return not entered.errors, found


def answers(
    catalog: Catalog, form: FormDefinition, entered: PlainForm, found: Effects
) -> dict[str, Any]:
    """What is kept: as entered, without what nobody was asked, and with what the rules set."""
    entity = catalog.entity(form.entity)
    return {
        name: as_entered(entity.attributes[name], found.set[name])
        if name in found.set
        else as_entered(entity.attributes[name], None)
        if name in found.hidden
        else value
        for name, value in _given(form, entered).items()
    }


def advice(catalog: Catalog, form: FormDefinition, given: dict[str, Any]) -> dict[str, Any]:
    """By attribute what is recommended for these answers."""
    found = of_new(catalog.rules_of(form.entity), catalog.entity(form.entity), given)
    asked = set(form.attributes) - found.hidden
    return {one.attribute: one.message for one in found.recommended if one.attribute in asked}


def for_browser(catalog: Catalog, form: FormDefinition, language: str) -> dict[str, Any] | None:
    entity, controls = catalog.entity(form.entity), frozenset(form.attributes)
    return ForBrowser(entity, controls, {}, language).of(catalog.rules_of(form.entity))


def _given(form: FormDefinition, entered: PlainForm) -> dict[str, Any]:
    return {name: entered[name].data for name in form.attributes}
