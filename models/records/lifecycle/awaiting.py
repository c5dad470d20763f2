"""Status reasons in which a record waits for the public to confirm it: the mail's link ends them.

What waits is erased in the end, and leaving that state is the applicant's consent. So no user puts
a record there or takes one out; what the office enters itself waits for nobody.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import Problem
from models.records.store import StoredRow
from models.security.caller import Caller

STATUS = "statuscode"
FIRST_OF_NONE = 1


def first(catalog: Catalog, entity: EntityDefinition) -> int:
    """A new record's, where nothing else is said: the first in which nothing is waited for."""
    options = entity.attributes[STATUS].options
    values = [option.value for option in options.options] if options else [FIRST_OF_NONE]
    awaited = catalog.awaited_statuses(entity.logical_name)
    return next((value for value in values if value not in awaited), values[0])


def problems_of_new(
    catalog: Catalog, caller: Caller, entity: EntityDefinition, batch: Sequence[Mapping[str, Any]]
) -> list[Problem]:
    """A user makes no record that waits."""
    awaited = _closed_to(caller, catalog, entity)
    return [
        _problem(entity, position)
        for position, values in enumerate(batch)
        if values[STATUS] in awaited
    ]


def problems_of_changes(
    catalog: Catalog,
    caller: Caller,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, Mapping[str, Any]]],
) -> list[Problem]:
    """A user changes neither to a status in which a record waits, nor from it."""
    awaited = _closed_to(caller, catalog, entity)
    return [
        _problem(entity, position)
        for position, (row, values) in enumerate(changes)
        if values.get(STATUS, row.values[STATUS]) != row.values[STATUS]
        and awaited & {values[STATUS], row.values[STATUS]}
    ]


def _closed_to(caller: Caller, catalog: Catalog, entity: EntityDefinition) -> frozenset[int]:
    is_closed = caller.kind in {"user", "applicant"}
    return catalog.awaited_statuses(entity.logical_name) if is_closed else frozenset()


def _problem(entity: EntityDefinition, position: int) -> Problem:
    label = entity.attributes[STATUS].display_name
    return Problem(STATUS, "awaits_confirmation", label, record=position)
