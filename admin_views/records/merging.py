"""Two records side by side, and what the person chose of them. The merging is the service's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import request

from admin_views.records.reading import Opened
from admin_views.records.showing import Shown
from admin_views.records.versions import version_sent
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.records.matching import merging
from models.records.matching.merging import Merging
from models.security import column_security
from models.security.caller import Caller
from models.security.masking import Masked

FIRST, SECOND = SIDES = "first", "second"
OF_EVERY_CHANGE = {"versionnumber", "modifiedon", "modifiedby"}


@dataclass(frozen=True, slots=True)
class Compared:
    """One attribute of both records."""

    name: str
    label: str
    values: Mapping[str, Shown]
    """By side."""
    chosen: str
    """The side whose value stays; "" where it is the master's, whichever that is."""


def compared(entity: EntityDefinition, sides: Mapping[str, Opened], speaks: str) -> list[Compared]:
    """What differs, or may differ unseen; as the person chose it, if they did."""
    offered = _offered(entity)
    return [
        Compared(
            attribute.logical_name,
            attribute.display_name.text(speaks),
            {side: sides[side].values[attribute.logical_name] for side in SIDES},
            _chosen(attribute, sides) if attribute.logical_name in offered else "",
        )
        for attribute in _differing(entity, sides)
    ]


def wanted(entity: EntityDefinition, sides: Mapping[str, Opened]) -> Merging:
    """What was sent. Of what was not offered the master's value stays, whatever was sent."""
    side = master_side()
    other = SECOND if side == FIRST else FIRST
    ids = {one: UUID(str(sides[one].record["id"])) for one in SIDES}
    taken = {
        attribute.logical_name
        for attribute in _differing(entity, sides)
        if attribute.logical_name in _offered(entity)
        and request.form.get(f"keep-{attribute.logical_name}") == other
    }
    return Merging(
        master=ids[side],
        other=ids[other],
        versions={ids[one]: version_sent(f"version-{one}") for one in SIDES},
        taken=frozenset(taken),
    )


def master_side() -> str:
    sent = request.form.get("master", FIRST)
    return sent if sent in SIDES else FIRST


def merge(entity: EntityDefinition, what: Merging) -> None:
    caller, name = signed_in(), entity.logical_name
    engine().run(lambda service: merging.merge(service, caller, name, what))


def _offered(entity: EntityDefinition) -> set[str]:
    caller = signed_in()
    found = engine().run(lambda service: merging.choosable(service, entity))
    return {one.logical_name for one in found if _may_set(caller, entity, one)}


def _may_set(caller: Caller, entity: EntityDefinition, attribute: AttributeDefinition) -> bool:
    return column_security.rights(caller, entity, attribute).update


def _differing(
    entity: EntityDefinition, sides: Mapping[str, Opened]
) -> Iterator[AttributeDefinition]:
    for name, attribute in entity.attributes.items():
        if name not in sides[FIRST].values or name in {*OF_EVERY_CHANGE, entity.primary_id}:
            continue
        first, second = (sides[side].record.get(name) for side in SIDES)
        if first != second or isinstance(first, Masked):
            yield attribute


def _chosen(attribute: AttributeDefinition, sides: Mapping[str, Opened]) -> str:
    """At first the older record's; the other's where that has none."""
    name = attribute.logical_name
    sent = request.form.get(f"keep-{name}", "")
    if sent in SIDES:
        return sent
    return SECOND if sides[FIRST].record.get(name) is None else FIRST
