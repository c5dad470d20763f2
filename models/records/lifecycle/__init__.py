"""The course of a record: which status it begins with, what may follow what, what another person
has to approve, which stage it is in, from when it is kept, and what the business rules say of it.

Asked by the record service at every create and update, whatever the door. It decides by
definitions and by the record as it is; who reaches the record was decided before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import Problem
from models.records import business_rules, validation
from models.records.erasing import holds
from models.records.lifecycle import (
    approvals,
    awaiting,
    describing,
    ending,
    following,
    processes,
)
from models.records.lifecycle.awaiting import first as first_status
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.records.validation import NewRecord
from models.security.caller import Caller

__all__ = ["begin", "change", "first_status", "problems_of_new"]


def problems_of_new(
    catalog: Catalog, caller: Caller, entity: EntityDefinition, batch: Sequence[dict[str, Any]]
) -> list[Problem]:
    return [
        *awaiting.problems_of_new(catalog, caller, entity, batch),
        *business_rules.of_new(catalog.rules_of(entity.logical_name), entity, batch),
        *approvals.problems_of_new(caller, entity, batch),
        *processes.problems_of_new(catalog, caller, entity, batch),
        *describing.problems_of_new(entity, batch),
    ]


def begin(
    catalog: Catalog, entity: EntityDefinition, records: Sequence[NewRecord], *, on: datetime
) -> None:
    """To be called before new records are written: they enter their first stage."""
    given = [record.values for record in records]
    processes.begin(catalog, entity, given, on=on)
    ending.begin(catalog, entity, given, on=on)


def change(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, dict[str, Any]]],
    *,
    on: datetime,
) -> None:
    """To be called before changes are written: records that are moved enter another stage.
    Raises ValidationFailed where they may not."""
    validation.require_none(
        [
            *awaiting.problems_of_changes(unit.catalog, caller, entity, changes),
            *business_rules.of_changes(
                unit.catalog.rules_of(entity.logical_name), entity, changes
            ),
            *holds.problems_of_changes(unit, entity, changes),
            *following.problems_of_changes(entity, changes),
            *approvals.problems_of_changes(unit, caller, entity, changes),
            *processes.problems_of_changes(unit, caller, entity, changes),
            *describing.problems_of_changes(entity, changes),
        ]
    )
    approvals.note(unit, caller, entity, changes)
    processes.move(unit, caller, entity, changes, on=on)
    ending.move(unit.catalog, entity, changes, on=on)
