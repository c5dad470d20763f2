"""Names of what records point to: users, teams, business units, and other records.

A linked record is named only if the caller may read it; the record service decides.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.query import Query
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.principals import BusinessUnit, SystemUser, Team
from models.tables.session import Transaction


def names_in(
    service: RecordService,
    caller: Caller,
    *,
    entity: EntityDefinition,
    records: Iterable[Mapping[str, object]],
) -> dict[UUID, str]:
    """Everything named by the lookups and owners of these records."""
    records = list(records)
    pointed = {a: _ids(a, records) for a in entity.attributes.values()}
    owners = [i for a, ids in pointed.items() if a.type == "Owner" for i in ids]
    found = principal_names(service.transaction, owners)
    for attribute, ids in pointed.items():
        if attribute.type == "Lookup" and ids:
            found |= linked_names(service, caller, targets=attribute.targets, ids=ids)
    return found


def principal_names(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Users by full name, teams and business units by name."""
    wanted = tuple(set(ids))
    if not wanted:
        return {}
    tables = (
        (SystemUser.id, SystemUser.full_name),
        (Team.id, Team.name),
        (BusinessUnit.id, BusinessUnit.name),
    )
    return {
        row["id"]: row["name"]
        for column, name in tables
        for row in transaction.read(
            select(column.label("id"), name.label("name")).where(column.in_(wanted))
        ).mappings()
    }


def _ids(
    attribute: AttributeDefinition, records: Iterable[Mapping[str, object]]
) -> tuple[UUID, ...]:
    values = (record.get(attribute.logical_name) for record in records)
    return tuple({value for value in values if isinstance(value, UUID)})


def linked_names(
    service: RecordService, caller: Caller, *, targets: tuple[str, ...], ids: tuple[UUID, ...]
) -> dict[UUID, str]:
    """Primary names of those of the records that the caller may read."""
    found: dict[UUID, str] = {}
    for target in targets:
        entity = service.catalog.entities.get(target)
        readable = caller.has(target, Privilege.READ)
        if entity is None or not readable or not entity.primary_name:
            continue
        query = Query(entity=target, columns=(entity.primary_name,), ids=ids, page_size=len(ids))
        for record in service.retrieve_multiple(caller, query).records:
            name = record.get(entity.primary_name)
            if isinstance(record["id"], UUID):
                found[record["id"]] = "" if name is None else str(name)
    return found
