"""A typed value as a person reads it on a page; links lead only where the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from models.metadata.attribute_types import LOCAL_ZONE, type_of
from models.metadata.definitions import AttributeDefinition
from models.security.masking import Masked

LINK_SCHEMES = {"Email": "mailto:", "Phone": "tel:"}


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    href: str = ""
    is_masked: bool = False
    is_long: bool = False


def show(
    attribute: AttributeDefinition,
    value: object,
    *,
    language: str,
    names: Mapping[UUID, str],
) -> Shown:
    """`names` are those of the records, users and teams that values point to."""
    if isinstance(value, Masked):
        return Shown(str(value), is_masked=True)
    if isinstance(value, UUID) and attribute.type in {"Lookup", "Owner"}:
        return Shown(names.get(value, ""))
    text = type_of(attribute).text(attribute, value, language=language, zone=LOCAL_ZONE)
    return Shown(text, _href(attribute, text), is_long=attribute.type == "Memo")


def _href(attribute: AttributeDefinition, text: str) -> str:
    if not text or attribute.type != "String":
        return ""
    if attribute.format == "Url":
        return text
    scheme = LINK_SCHEMES.get(attribute.format)
    return f"{scheme}{text.replace(' ', '')}" if scheme else ""
