"""What points to a record, on its page: of each entity the newest, and the way to make another.

Activities have a section of their own (`timeline`). Everything is read as the caller.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from admin_views.language import language
from admin_views.records.showing import show
from models.metadata.definitions import EntityDefinition
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.metadata.relationships import OneToMany
from models.records.service import RecordService
from models.security import column_security
from models.security.caller import Caller
from models.security.privileges import Privilege

MOST_SHOWN = 10
TOLD = ("statuscode", "createdon")


@dataclass(frozen=True, slots=True)
class Pointing:
    """One record, as its line says."""

    url: str
    name: str
    status: str
    created: str


@dataclass(frozen=True, slots=True)
class Subgrid:
    key: str
    """Unlike any other on the page, for anchors."""
    title: str
    records: tuple[Pointing, ...]
    more: bool
    new_url: str
    """"" for who may make none."""


def read_subgrids(
    service: RecordService, caller: Caller, entity: EntityDefinition, *, record_id: UUID
) -> list[Subgrid]:
    return [
        _subgrid(service, caller, relationship, record_id)
        for relationship in _told(service, caller, entity)
    ]


def _told(service: RecordService, caller: Caller, entity: EntityDefinition) -> Iterator[OneToMany]:
    for one in service.catalog.references_to(entity.logical_name):
        other = service.catalog.entity(one.referencing)
        lookup = other.attributes[one.lookup]
        is_told = column_security.rights(caller, other, lookup).read and not lookup.sealed
        may_read = caller.has(one.referencing, Privilege.READ)
        if is_told and may_read and one.referencing != entity.activity_entity:
            yield one


def _subgrid(
    service: RecordService, caller: Caller, relationship: OneToMany, record_id: UUID
) -> Subgrid:
    entity = service.catalog.entity(relationship.referencing)
    query = Query(
        entity=entity.logical_name,
        columns=(entity.primary_name, *TOLD),
        filter=Filter((Condition(relationship.lookup, Operator.EQUAL, record_id),)),
        order=(Order("createdon", descending=True),),
        page_size=MOST_SHOWN + 1,
    )
    found = service.retrieve_multiple(caller, query).records
    title = entity.display_collection_name.text(language())
    return Subgrid(
        key=f"{entity.logical_name}-{relationship.lookup}",
        title=title,
        records=tuple(_pointing(entity, one) for one in found[:MOST_SHOWN]),
        more=len(found) > MOST_SHOWN,
        new_url=_new_url(caller, relationship, record_id),
    )


def _pointing(entity: EntityDefinition, record: dict[str, object]) -> Pointing:
    told = {
        name: show(entity.attributes[name], record.get(name), language=language(), names={}).text
        for name in TOLD
    }
    url = url_for("records.details_view", entity=entity.logical_name, id=record["id"])
    name = record.get(entity.primary_name)
    return Pointing(url, "" if name is None else str(name), told["statuscode"], told["createdon"])


def _new_url(caller: Caller, relationship: OneToMany, record_id: UUID) -> str:
    may = caller.has(relationship.referencing, Privilege.CREATE) and caller.has(
        relationship.referenced, Privilege.APPEND_TO
    )
    where: dict[str, Any] = {"entity": relationship.referencing, relationship.lookup: record_id}
    return url_for("records.create_view", **where) if may else ""
