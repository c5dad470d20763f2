"""Attributes and option sets from what was stated.

Defaults stand here, once: a solution states only what differs.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from models.metadata.attribute_types import ATTRIBUTE_TYPES, InvalidValue, type_of
from models.metadata.definitions import AttributeDefinition, Option, OptionSet, RequiredLevel
from models.metadata.errors import DefinitionError
from models.metadata.parsing.derived import check_derived, with_source
from models.metadata.parsing.numbering import check_numbering
from models.metadata.parsing.stated import Stated

LOGICAL_NAME = re.compile(r"[a-z][a-z0-9]{1,7}_[a-z0-9_]{1,41}")
"""At most 50 characters, so that names of indexes fit into PostgreSQL's 63."""
PUBLIC_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
OF_THE_PLATFORM = {"State", "Status", "Owner", "BigInt"}
WITHOUT_DEFAULT = {"Lookup", "File", "Image", "AutoNumber", "UniqueIdentifier"}
STATES = (None, 0, 1)
FORMATS = {"", "Text", "Email", "Phone", "Url"}
INDEX_OF_FORMAT = {"Email": "email", "Phone": "phone"}
MASKING_OF_FORMAT = {"Email": "email", "Phone": "phone"}
LONGEST = {"String": 4000, "Memo": 1_048_576, "AutoNumber": 100}


def parse_option_set(name: str, stated: Stated, *, is_global: bool = False) -> OptionSet:
    options = []
    for item in stated.items("options"):
        state = item.value("state", None)
        if state not in STATES or isinstance(state, bool):
            raise DefinitionError("state is 0 (active) or 1 (inactive)", where=item.where)
        options.append(
            Option(
                item.integer("value"),
                item.label("label"),
                state,
                _following(item),
                frozenset(item.texts("roles")),
                item.flag("approval", default=False),
            )
        )
        item.finish()
    stated.finish()
    _check_options(options, stated.where)
    return OptionSet(name, tuple(options), is_global=is_global)


def _following(item: Stated) -> tuple[int, ...] | None:
    return None if item.value("next", None) is None else item.integers("next")


def _check_options(options: Sequence[Option], where: str) -> None:
    values = [option.value for option in options]
    if not options or len(values) != len(set(values)):
        raise DefinitionError("options need values, each once", where=where)
    for option in options:
        for value in option.next or ():
            if value not in values:
                message = f"{value}, which is to follow {option.value}, is no option"
                raise DefinitionError(message, where=where)


def parse_attribute(
    name: str, stated: Stated, *, number: int, option_sets: Mapping[str, OptionSet]
) -> AttributeDefinition:
    check_name(name, stated.where)
    kind, text_format = stated.text("type"), stated.text("format", "")
    if kind not in ATTRIBUTE_TYPES or kind in OF_THE_PLATFORM:
        raise DefinitionError(f"there is no attribute type {kind!r}", where=stated.where)
    if text_format not in FORMATS or (text_format and kind != "String"):
        raise DefinitionError(f"{kind} has no format {text_format!r}", where=stated.where)
    personal = stated.flag("personal", default=False)
    sealed = stated.flag("sealed", default=personal or kind == "File")
    usual = INDEX_OF_FORMAT.get(text_format, "text" if personal and kind == "String" else "")
    index = stated.text("index", usual if sealed else "")
    attribute = AttributeDefinition(
        number=number,
        logical_name=name,
        schema_name=public_name(stated, "schema_name", schema_name(name)),
        type=kind,
        display_name=stated.label("display_name"),
        description=stated.label("description", None),
        format="" if text_format == "Text" else text_format,
        required=_required(stated),
        max_length=stated.integer("max_length", _default_length(kind, text_format)),
        minimum=stated.number("minimum"),
        maximum=stated.number("maximum"),
        precision=stated.integer("precision", 0 if kind == "Money" else 2, among=range(11)),
        default=stated.value("default", None),
        options=_options(name, stated, option_sets),
        targets=stated.texts("targets"),
        behaviour=_behaviour(stated),
        number_format=stated.text("number_format", ""),
        alt=stated.text("alt", ""),
        personal=personal,
        sealed=sealed,
        secured=stated.flag("secured", default=personal),
        index=_index(index, stated, kind=kind, text_format=text_format),
        masking=stated.text("masking", MASKING_OF_FORMAT.get(text_format, "")),
        is_read_only=kind == "AutoNumber",
        valid_for_update=stated.flag("valid_for_update", default=True),
    )
    attribute = with_source(attribute, stated)
    stated.finish()
    _check_attribute(attribute, stated.where)
    return attribute


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
    shared = stated.text("option_set", "")
    if shared:
        if shared not in option_sets:
            raise DefinitionError(f"there is no option set {shared!r}", where=stated.where)
        return option_sets[shared]
    stated_options: Any = stated.value("options", None)
    if stated_options is None:
        return None
    return parse_option_set(name, Stated({"options": stated_options}, stated.where))


def _index(index: str, stated: Stated, *, kind: str, text_format: str) -> Any:
    """Refused where the values are not of the kind it is made of."""
    if index not in {"", "email", "phone", "text"}:
        raise DefinitionError("index is email, phone or text", where=stated.where)
    usual = INDEX_OF_FORMAT.get(text_format, "text")
    if index and (kind != "String" or index not in {usual, "text"}):
        of = f"a String with format {index.capitalize()}" if index != "text" else "a String"
        raise DefinitionError(f"an index {index!r} is of {of}", where=stated.where)
    return index


def _behaviour(stated: Stated) -> Any:
    found = stated.text("behaviour", "user_local")
    if found not in {"user_local", "utc", "date_only"}:
        raise DefinitionError("behaviour is user_local, utc or date_only", where=stated.where)
    return found


def check_name(name: str, where: str) -> None:
    if not LOGICAL_NAME.fullmatch(name):
        raise DefinitionError(
            f"{name!r} is no logical name: prefix_name, small letters and digits, 50 at most",
            where=where,
        )


def public_name(stated: Stated, key: str, default: str) -> str:
    """A name as the Web API says it."""
    found = stated.text(key, default)
    if not PUBLIC_NAME.fullmatch(found):
        raise DefinitionError(f"{key} takes letters, digits and _", where=stated.where)
    return found


def schema_name(name: str) -> str:
    prefix, rest = name.split("_", 1)
    return f"{prefix}_{rest[:1].upper()}{rest[1:]}"


def _check_attribute(attribute: AttributeDefinition, where: str) -> None:
    chosen = attribute.type in {"Picklist", "MultiSelectPicklist"}
    if chosen != (attribute.options is not None) and attribute.type != "Boolean":
        raise DefinitionError("options belong to Picklist and MultiSelectPicklist", where=where)
    if (attribute.type == "Image") != bool(attribute.alt):
        raise DefinitionError("alt belongs to Image, and it needs one", where=where)
    if (attribute.type == "Lookup") != bool(attribute.targets):
        raise DefinitionError("targets belong to Lookup, and it needs one", where=where)
    if attribute.type == "Lookup" and (attribute.sealed or len(attribute.targets) != 1):
        raise DefinitionError("a Lookup has one target and is not sealed", where=where)
    if not 1 <= attribute.max_length <= LONGEST.get(attribute.type, 1_048_576):
        raise DefinitionError(f"{attribute.type} cannot be that long", where=where)
    _check_guided(attribute, where)
    if attribute.index and not attribute.sealed:
        raise DefinitionError("a blind index is for a sealed attribute", where=where)
    bounds = (attribute.minimum, attribute.maximum)
    if None not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]  # neither is None
        raise DefinitionError("minimum is more than maximum", where=where)
    check_numbering(attribute, where)
    check_derived(attribute, where)
    _check_default(attribute, where)


def _check_guided(attribute: AttributeDefinition, where: str) -> None:
    options = attribute.options
    if options is None:
        return
    if options.guides and (attribute.type != "Picklist" or attribute.sealed):
        message = "only options of a Picklist that is not sealed say what follows them"
        raise DefinitionError(message, where=where)
    if any(one.roles or one.approval for one in options.options):
        message = "only status reasons are given by roles, or are approvals"
        raise DefinitionError(message, where=where)


def _check_default(attribute: AttributeDefinition, where: str) -> None:
    if attribute.default is None:
        return
    try:
        if attribute.type in WITHOUT_DEFAULT or isinstance(attribute.default, Mapping):
            raise InvalidValue("default")
        type_of(attribute).parse(attribute, attribute.default)
    except InvalidValue as error:
        raise DefinitionError(
            f"the default {attribute.default!r} is no value of it", where=where
        ) from error
