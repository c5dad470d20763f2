"""The form by which an applicant corrects what they gave: the controls of the public form for
what may be corrected, filled in with what the record holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from forms.building import PlainForm, public_form
from models.metadata.attribute_types import LOCAL_ZONE, type_of
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.definitions import AttributeDefinition
from models.records.sealing import SHREDDED
from models.security.applicants import corrected


def correction_form(form: FormDefinition) -> FormDefinition:
    """The public form without all that is not corrected, and without what keeps robots out."""
    allowed = set(corrected(form))
    parts = (
        replace(one, controls=tuple(c for c in one.controls if c.attribute in allowed))
        for one in form.sections
    )
    sections = tuple(one for one in parts if one.controls)
    name = f"{form.name} corrected"  # no form's name has a blank
    return replace(form, name=name, sections=sections, consent=None, captcha=False)


def entered(
    catalog: Catalog, form: FormDefinition, sent: "MultiDict[str, str]", *, language: str
) -> PlainForm:
    return public_form(catalog, correction_form(form), language)(sent)


def present(
    catalog: Catalog, form: FormDefinition, record: Mapping[str, Any]
) -> "MultiDict[str, str]":
    """What the record holds, as its controls would send it."""
    attributes = catalog.entity(form.entity).attributes
    sent = MultiDict[str, str]()
    for name in corrected(form):
        for text in _sent(attributes[name], record.get(name)):
            sent.add(name, text)
    return sent


def changes(
    catalog: Catalog, form: FormDefinition, filled: PlainForm, record: Mapping[str, Any]
) -> dict[str, object]:
    """The typed values that are others than those the controls came with; of a valid form. What a
    control cannot say, as the seconds of a time, is no change."""
    attributes = catalog.entity(form.entity).attributes
    unchanged = type(filled)(present(catalog, form, record))
    found = {}
    for name in corrected(form):
        kind = type_of(attributes[name])
        value = kind.parse(attributes[name], filled[name].data)
        if value != kind.parse(attributes[name], unchanged[name].data):
            found[name] = value
    return found


def _sent(attribute: AttributeDefinition, value: Any) -> list[str]:
    if value is None or value is SHREDDED:
        return []
    if isinstance(value, bool):
        return ["1" if value else "0"]
    if isinstance(value, tuple):
        return [str(one) for one in value]
    if isinstance(value, datetime):
        local = value if attribute.behaviour == "utc" else value.astimezone(LOCAL_ZONE)
        return [local.replace(tzinfo=None).isoformat("T", "minutes")]
    if isinstance(value, date):
        return [value.isoformat()]
    return [f"{value:f}" if isinstance(value, Decimal) else str(value)]
