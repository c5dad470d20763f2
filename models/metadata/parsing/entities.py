"""Entities, attributes, option sets and relationships from what was stated.

Defaults stand here, once: a solution states only what differs.
"""

import re
from collections.abc import Mapping
from typing import Any

from models.metadata.attribute_types import ATTRIBUTE_TYPES
from models.metadata.definitions import (
    AlternateKey,
    AttributeDefinition,
    DeleteBehaviour,
    EntityDefinition,
    ManyToMany,
    OneToMany,
    Option,
    OptionSet,
    Ownership,
    RequiredLevel,
)
from models.metadata.errors import DefinitionError
from models.metadata.parsing.stated import Stated
from models.metadata.system_attributes import system_attributes

LOGICAL_NAME = re.compile(r"[a-z][a-z0-9]{1,7}_[a-z0-9_]{1,50}")
FORMATS = {"", "Text", "Email", "Phone", "Url"}
INDEX_OF_FORMAT = {"Email": "email", "Phone": "phone"}
MASKING_OF_FORMAT = {"Email": "email", "Phone": "phone"}
LONGEST = {"String": 4000, "Memo": 1_048_576, "AutoNumber": 100}


def parse_option_set(name: str, stated: Stated, *, is_global: bool = False) -> OptionSet:
    options = []
    for item in stated.items("options"):
        state = item.value("state", None)
        options.append(Option(item.integer("value"), item.label("label"), state))
        item.finish()
    values = [option.value for option in options]
    if not options or len(values) != len(set(values)):
        raise DefinitionError("options need values, each once", where=stated.where)
    return OptionSet(name, tuple(options), is_global=is_global)


def parse_entity(
    name: str,
    stated: Stated,
    *,
    number: int,
    attribute_numbers: Mapping[str, int],
    option_sets: Mapping[str, OptionSet],
) -> EntityDefinition:
    """One entity; `attribute_numbers` are those given to its attributes by name."""
    _check_name(name, stated.where)
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
    personal = any(a.sealed for a in attributes.values())
    bucket = stated.text("key_bucket", "record" if personal else "month")
    if bucket not in {"month", "record"}:
        raise DefinitionError("key_bucket is month or record", where=stated.where)
    display_name = stated.label("display_name")
    entity = EntityDefinition(
        number=number,
        logical_name=name,
        schema_name=stated.text("schema_name", _schema_name(name)),
        entity_set_name=stated.text("entity_set_name", f"{name}s"),
        display_name=display_name,
        display_collection_name=stated.label("display_collection_name", display_name),
        description=stated.label("description", None),
        ownership=ownership,
        primary_name=stated.text("primary_name"),
        attributes=attributes | system_attributes(name, ownership, status),
        keys=tuple(_keys(stated)),
        key_bucket="record" if bucket == "record" else "month",
    )
    stated.finish()
    _check_entity(entity, stated.where)
    return entity


def stated_status(stated: Stated) -> Stated:
    """The status reasons; without any, one for each state as in CDS."""
    reasons = stated.value("status", None) or [
        {"value": 1, "state": 0, "label": {"ja": "アクティブ", "en": "Active"}},
        {"value": 2, "state": 1, "label": {"ja": "非アクティブ", "en": "Inactive"}},
    ]
    return Stated({"options": reasons}, f"{stated.where} › status")


def parse_attribute(
    name: str, stated: Stated, *, number: int, option_sets: Mapping[str, OptionSet]
) -> AttributeDefinition:
    _check_name(name, stated.where)
    kind, text_format = stated.text("type"), stated.text("format", "")
    if kind not in ATTRIBUTE_TYPES or kind in {"State", "Status", "Owner", "BigInt"}:
        raise DefinitionError(f"there is no attribute type {kind!r}", where=stated.where)
    if text_format not in FORMATS or (text_format and kind != "String"):
        raise DefinitionError(f"{kind} has no format {text_format!r}", where=stated.where)
    personal = stated.flag("personal", default=False)
    sealed = stated.flag("sealed", default=personal or kind == "File")
    index = stated.text("index", INDEX_OF_FORMAT.get(text_format, "") if sealed else "")
    attribute = AttributeDefinition(
        number=number,
        logical_name=name,
        schema_name=stated.text("schema_name", _schema_name(name)),
        type=kind,
        display_name=stated.label("display_name"),
        description=stated.label("description", None),
        format="" if text_format == "Text" else text_format,
        required=_required(stated),
        max_length=stated.integer("max_length", _default_length(kind, text_format)),
        minimum=stated.number("minimum"),
        maximum=stated.number("maximum"),
        precision=stated.integer("precision", 0 if kind == "Money" else 2),
        default=stated.value("default", None),
        options=_options(name, stated, option_sets),
        targets=stated.texts("targets"),
        behaviour=stated.value("behaviour", "user_local"),
        number_format=stated.text("number_format", ""),
        personal=personal,
        sealed=sealed,
        secured=stated.flag("secured", default=personal),
        index=_index(index, stated.where),
        masking=stated.text("masking", MASKING_OF_FORMAT.get(text_format, "")),
        is_read_only=kind == "AutoNumber",
    )
    stated.finish()
    _check_attribute(attribute, stated.where)
    return attribute


def parse_one_to_many(name: str, stated: Stated) -> OneToMany:
    return OneToMany(
        name=name,
        referenced=stated.text("referenced"),
        referencing=stated.text("referencing"),
        lookup=stated.text("lookup"),
        on_delete=stated.choice("on_delete", DeleteBehaviour, DeleteBehaviour.REMOVE_LINK),
    )


def parse_many_to_many(name: str, stated: Stated) -> ManyToMany:
    return ManyToMany(name=name, first=stated.text("first"), second=stated.text("second"))


def _required(stated: Stated) -> RequiredLevel:
    found = stated.value("required", RequiredLevel.NONE)
    if found is True:
        return RequiredLevel.APPLICATION
    return stated.choice("required", RequiredLevel, RequiredLevel.NONE)


def _default_length(kind: str, text_format: str) -> int:
    if kind == "Memo":
        return 2000
    return {"Email": 254, "Phone": 40, "Url": 2048}.get(text_format, 100)


def _options(name: str, stated: Stated, option_sets: Mapping[str, OptionSet]) -> OptionSet | None:
    shared = stated.value("option_set", None)
    if shared is not None:
        if shared not in option_sets:
            raise DefinitionError(f"there is no option set {shared!r}", where=stated.where)
        return option_sets[shared]
    stated_options: Any = stated.value("options", None)
    if stated_options is None:
        return None
    return parse_option_set(name, Stated({"options": stated_options}, stated.where))


def _index(index: str, where: str) -> Any:
    if index not in {"", "email", "phone", "text"}:
        raise DefinitionError("index is email, phone or text", where=where)
    return index


def _keys(stated: Stated) -> list[AlternateKey]:
    stated_keys: Any = stated.value("keys", {})
    return [AlternateKey(str(name), tuple(names)) for name, names in stated_keys.items()]


def _schema_name(name: str) -> str:
    prefix, rest = name.split("_", 1)
    return f"{prefix}_{rest[:1].upper()}{rest[1:]}"


def _check_name(name: str, where: str) -> None:
    if not LOGICAL_NAME.fullmatch(name):
        raise DefinitionError(
            f"{name!r} is no logical name: prefix_name, small letters and digits", where=where
        )


def _check_attribute(attribute: AttributeDefinition, where: str) -> None:
    chosen = attribute.type in {"Picklist", "MultiSelectPicklist"}
    if chosen != (attribute.options is not None) and attribute.type != "Boolean":
        raise DefinitionError("options belong to Picklist and MultiSelectPicklist", where=where)
    if (attribute.type == "Lookup") != bool(attribute.targets):
        raise DefinitionError("targets belong to Lookup, and it needs one", where=where)
    if attribute.type == "Lookup" and (attribute.sealed or len(attribute.targets) != 1):
        raise DefinitionError("a Lookup has one target and is not sealed", where=where)
    if not 1 <= attribute.max_length <= LONGEST.get(attribute.type, 1_048_576):
        raise DefinitionError(f"{attribute.type} cannot be that long", where=where)
    if attribute.index and not attribute.sealed:
        raise DefinitionError("a blind index is for a sealed attribute", where=where)
    if attribute.behaviour not in {"user_local", "utc", "date_only"}:
        raise DefinitionError("behaviour is user_local, utc or date_only", where=where)


def _check_entity(entity: EntityDefinition, where: str) -> None:
    primary = entity.attributes.get(entity.primary_name)
    if primary is None or primary.type not in {"String", "AutoNumber"} or primary.secured:
        raise DefinitionError("primary_name must be an unsecured String attribute", where=where)
    for key in entity.keys:
        for name in key.attributes:
            if name not in entity.attributes or entity.attributes[name].sealed:
                raise DefinitionError(f"key {key.name} cannot use {name!r}", where=where)
