"""The purpose that a record was given under, as its applicant was shown it: the words that stand
behind the version which the record keeps.
"""

from collections.abc import Mapping
from typing import Any

from models.metadata import purposes
from models.metadata.definitions import EntityDefinition
from models.metadata.purposes import ShownPurpose
from models.records.service import RecordService


def purposes_of(
    service: RecordService, entity: EntityDefinition, record: Mapping[str, Any]
) -> dict[str, ShownPurpose]:
    """By the attribute that keeps the version; nothing for a version that nobody knows."""
    forms: dict[str, list[str]] = {}
    for form in service.catalog.forms.values():
        if form.entity == entity.logical_name and form.purpose_attribute:
            forms.setdefault(form.purpose_attribute, []).append(form.name)
    found = {}
    for attribute, names in forms.items():
        version = record.get(attribute)
        connection = service.transaction.connection
        shown = purposes.shown_under(connection, names, str(version)) if version else None
        if shown is not None:
            found[attribute] = shown
    return found
