"""From given values to typed ones: every rule of the definitions, every problem at once.

It reads no record; whether a lookup's target exists is asked by `references`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.definitions import SEQUENCE, AttributeDefinition, EntityDefinition
from models.metadata.errors import Problem, ValidationFailed
from models.metadata.labels import Label
from models.records.autonumber import make_number
from models.security.caller import Caller
from models.tables.base import new_id

TO_COME = ""
CHOSEN = {"Picklist", "MultiSelectPicklist", "Boolean", "Lookup", "Status"}


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to be stored: its id and the typed values of all its attributes."""

    id: UUID
    values: dict[str, Any]


def new_records(
    entity: EntityDefinition,
    batch: Sequence[Mapping[str, object]],
    *,
    caller: Caller,
    on: datetime,
    first_status: int,
) -> tuple[list[NewRecord], list[Problem]]:
    """Typed, complete records with defaults, numbers and system attributes; and all problems,
    which are to be refused together with what others find (`require_none`)."""
    problems: list[Problem] = []
    records, defaults = [], _defaults(entity)
    for position, given in enumerate(batch):
        record_id = given.get("id")
        typed = _typed(entity, given, problems, position=position)
        if typed.get("statuscode") is None:
            typed["statuscode"] = first_status
        values = _with_defaults(entity, typed, defaults, on=on)
        problems += _missing(entity, values, position=position)
        values |= _system_values(entity, values, caller=caller, on=on)
        records.append(NewRecord(record_id if isinstance(record_id, UUID) else new_id(), values))
    return records, problems


def require_none(problems: Sequence[Problem]) -> None:
    if problems:
        raise ValidationFailed(problems)


def changed_values(
    entity: EntityDefinition, batch: Sequence[Mapping[str, object]]
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The typed values of changes, and all problems; what is not named stays as it is."""
    problems: list[Problem] = []
    changes = []
    for position, given in enumerate(batch):
        typed = _typed(entity, given, problems, position=position)
        named = [entity.attributes[name] for name in typed]
        problems += [
            missing_value(attribute, position)
            for attribute in named
            if _is_needed(attribute) and typed[attribute.logical_name] is None
        ]
        problems += [
            Problem(a.logical_name, "read_only", a.display_name, record=position)
            for a in named
            if not a.valid_for_update
        ]
        if typed.get("statuscode") is not None:
            typed["statecode"] = _state_of(entity, typed["statuscode"])
        changes.append(typed)
    return changes, problems


def _is_needed(attribute: AttributeDefinition) -> bool:
    """A new record gets its first status reason by itself; later it cannot be without one."""
    return attribute.is_required or attribute.type == "Status"


def _typed(
    entity: EntityDefinition,
    given: Mapping[str, object],
    problems: list[Problem],
    *,
    position: int,
) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, value in given.items():
        if name == "id":
            continue
        attribute = entity.attributes.get(name)
        if attribute is None:
            parameters: dict[str, object] = {"name": name[:60]}
            problems.append(Problem(name, "unknown_attribute", Label(""), parameters, position))
            continue
        label = attribute.display_name
        if attribute.is_read_only:
            code = "derived" if attribute.is_derived else "read_only"
            problems.append(Problem(name, code, label, record=position))
            continue
        try:
            typed[name] = type_of(attribute).parse(attribute, value)
        except InvalidValue as error:
            problems.append(Problem(name, error.code, label, error.parameters, position))
            typed[name] = Refused
    return typed


class Refused:
    """In place of a value that was refused, so that it is not reported as missing too."""


def _defaults(entity: EntityDefinition) -> dict[str, Any]:
    """By attribute what a record has where nothing is given."""
    return {
        name: type_of(attribute).parse(attribute, attribute.default)
        for name, attribute in entity.attributes.items()
        if not attribute.is_system and attribute.default is not None
    }


def _with_defaults(
    entity: EntityDefinition,
    typed: dict[str, Any],
    defaults: Mapping[str, Any],
    *,
    on: datetime,
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, attribute in entity.attributes.items():
        value = typed.get(name)
        if value is None and not attribute.is_system:
            if attribute.type == "AutoNumber":
                value = _number(attribute, on=on)
            else:
                value = defaults.get(name)
        values[name] = value
    for name in entity.without_column:
        values.pop(name, None)
    return values


def _number(attribute: AttributeDefinition, *, on: datetime) -> str:
    """The place in a sequence is given once all is found right: until then the number is empty."""
    if SEQUENCE in attribute.number_format:
        return TO_COME
    return make_number(attribute.number_format, on=on)


def _missing(
    entity: EntityDefinition, values: Mapping[str, Any], *, position: int
) -> Iterable[Problem]:
    return [
        missing_value(attribute, position)
        for attribute in entity.required_attributes
        if values.get(attribute.logical_name) is None
    ]


def missing_value(attribute: AttributeDefinition, position: int) -> Problem:
    code = "choose" if attribute.type in CHOSEN else "required"
    return Problem(attribute.logical_name, code, attribute.display_name, record=position)


def _system_values(
    entity: EntityDefinition, values: Mapping[str, Any], *, caller: Caller, on: datetime
) -> dict[str, Any]:
    system: dict[str, Any] = {
        "createdon": on,
        "createdby": caller.id,
        "modifiedon": on,
        "modifiedby": caller.id,
        "statecode": _state_of(entity, values["statuscode"]),
        "versionnumber": 1,
    }
    if entity.is_user_owned:
        system["ownerid"] = caller.owner or caller.id
        system["owningbusinessunit"] = caller.business_unit
    return system


def _state_of(entity: EntityDefinition, status: object) -> int:
    options = entity.attributes["statuscode"].options
    option = options.option(status) if options and isinstance(status, int) else None
    return option.state or 0 if option else 0
