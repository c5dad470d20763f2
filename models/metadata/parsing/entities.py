"""Entities and relationships from what was stated."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from models.metadata.calculations import with_calculations
from models.metadata.definitions import (
    AlternateKey,
    Answered,
    AttributeDefinition,
    EntityDefinition,
    OptionSet,
    Ownership,
)
from models.metadata.errors import DefinitionError
from models.metadata.parsing.attributes import (
    check_name,
    parse_attribute,
    parse_option_set,
    public_name,
    schema_name,
)
from models.metadata.parsing.stated import Stated
from models.metadata.relationships import DeleteBehaviour, ManyToMany, OneToMany
from models.metadata.system_attributes import system_attributes

MOST_ATTRIBUTES = 500
"""SQLite takes 2,000 columns, PostgreSQL 1,600, and a statement not many more values."""
RESERVED = {"data_key_id"}
CLASSIFICATIONS = range(1, 4)


def parse_entity(
    name: str,
    stated: Stated,
    *,
    number: int,
    attribute_numbers: Mapping[str, int],
    option_sets: Mapping[str, OptionSet],
) -> EntityDefinition:
    """One entity; `attribute_numbers` are those given to its attributes by name."""
    check_name(name, stated.where)
    attributes = {
        attribute_name: parse_attribute(
            attribute_name,
            part,
            number=attribute_numbers[attribute_name],
            option_sets=option_sets,
        )
        for attribute_name, part in stated.members("attributes")
    }
    ownership = stated.choice("ownership", Ownership, Ownership.USER)
    status = parse_option_set(f"{name}_statuscode", stated_status(stated))
    system = _labelled(system_attributes(name, ownership, status), stated)
    personal = any(a.sealed for a in attributes.values())
    display_name = stated.label("display_name")
    entity = EntityDefinition(
        number=number,
        logical_name=name,
        schema_name=public_name(stated, "schema_name", schema_name(name)),
        entity_set_name=public_name(stated, "entity_set_name", f"{name}s"),
        display_name=display_name,
        display_collection_name=stated.label("display_collection_name", display_name),
        description=stated.label("description", None),
        ownership=ownership,
        primary_name=stated.text("primary_name"),
        attributes=_with_system_attributes(attributes, system, stated.where),
        keys=tuple(_keys(stated)),
        key_bucket=_key_bucket(stated, "record" if personal else "month"),
        classification=_classification(stated, attributes),
        **_office_work(stated),
    )
    stated.finish()
    entity = with_calculations(entity, stated.where)
    _check_entity(entity, stated.where)
    return entity


def _labelled(
    system: Mapping[str, AttributeDefinition], stated: Stated
) -> dict[str, AttributeDefinition]:
    """The system attributes, called as the entity says under `system_labels`."""
    labels = stated.part("system_labels") or Stated({}, stated.where)
    named = {
        name: replace(attribute, display_name=labels.label(name, attribute.display_name))
        for name, attribute in system.items()
    }
    labels.finish()
    return named


def _with_system_attributes(
    own: Mapping[str, AttributeDefinition], system: Mapping[str, AttributeDefinition], where: str
) -> dict[str, AttributeDefinition]:
    for name in own.keys() & (system.keys() | RESERVED):
        raise DefinitionError(f"{name!r} is the platform's own name", where=where)
    return {**own, **system}


def stated_status(stated: Stated) -> Stated:
    """The status reasons; without any, one for each state as in CDS."""
    reasons = stated.value("status", None) or [
        {"value": 1, "state": 0, "label": {"ja": "アクティブ", "en": "Active"}},
        {"value": 2, "state": 1, "label": {"ja": "非アクティブ", "en": "Inactive"}},
    ]
    return Stated({"options": reasons}, f"{stated.where} › status")


def parse_one_to_many(name: str, stated: Stated) -> OneToMany:
    relationship = OneToMany(
        name=name,
        referenced=stated.text("referenced"),
        referencing=stated.text("referencing"),
        lookup=stated.text("lookup"),
        on_delete=stated.choice("on_delete", DeleteBehaviour, DeleteBehaviour.REMOVE_LINK),
    )
    stated.finish()
    return relationship


def parse_many_to_many(name: str, stated: Stated) -> ManyToMany:
    check_name(name, stated.where)
    pair = ManyToMany(name=name, first=stated.text("first"), second=stated.text("second"))
    stated.finish()
    return pair


def _key_bucket(stated: Stated, default: str) -> Literal["month", "record"]:
    bucket = stated.text("key_bucket", default)
    if bucket not in {"month", "record"}:
        raise DefinitionError("key_bucket is month or record", where=stated.where)
    return "record" if bucket == "record" else "month"


def _classification(stated: Stated, attributes: Mapping[str, AttributeDefinition]) -> int:
    """Personal data makes it 2 at least."""
    is_personal = any(attribute.personal for attribute in attributes.values())
    found = stated.integer("classification", 2 if is_personal else 1, among=CLASSIFICATIONS)
    if is_personal and found == 1:
        raise DefinitionError("personal data is of classification 2 or 3", where=stated.where)
    return found


def _office_work(stated: Stated) -> dict[str, Any]:
    """What the office does about its records."""
    return {
        "has_activities": stated.flag("activities", default=False),
        "answered": _answered(stated),
        "has_queue": stated.flag("queue", default=False),
    }


def _answered(stated: Stated) -> Answered | None:
    part = stated.part("answered")
    if part is None:
        return None
    found = Answered(at=part.text("at"), hours=part.text("hours", ""))
    part.finish()
    return found


def _keys(stated: Stated) -> Iterator[AlternateKey]:
    keys = stated.part("keys")
    for name in keys.mapping if keys else ():
        names = keys.texts(name) if keys else ()
        if not names:
            raise DefinitionError(f"key {name} names no attribute", where=stated.where)
        yield AlternateKey(str(name), names)


def _check_entity(entity: EntityDefinition, where: str) -> None:
    if len(entity.attributes) > MOST_ATTRIBUTES:
        raise DefinitionError(f"{MOST_ATTRIBUTES} attributes at most", where=where)
    primary = entity.attributes.get(entity.primary_name)
    if primary is None or primary.type not in {"String", "AutoNumber"} or primary.secured:
        raise DefinitionError("primary_name must be an unsecured String attribute", where=where)
    if primary.is_volatile:
        raise DefinitionError("primary_name must not change with the day", where=where)
    for key in entity.keys:
        for name in key.attributes:
            attribute = entity.attributes.get(name)
            # a secured one could be found out: a record with its value is refused as a duplicate
            is_guarded = attribute is None or attribute.sealed or attribute.secured
            if attribute is None or is_guarded or attribute.is_derived:
                raise DefinitionError(f"key {key.name} cannot use {name!r}", where=where)
