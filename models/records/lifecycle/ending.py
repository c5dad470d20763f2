"""From which day a record is kept: written by the platform when it comes into a status reason that
a retention rule names, and taken back when it leaves them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.records.store import StoredRow


def begin(
    catalog: Catalog, entity: EntityDefinition, batch: Iterable[dict[str, Any]], *, on: datetime
) -> None:
    for rule in catalog.retention_of(entity.logical_name):
        for values in batch if rule.entered else ():
            is_there = values.get("statuscode") in rule.entered
            values[rule.counted_from] = on if is_there else None


def move(
    catalog: Catalog,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, dict[str, Any]]],
    *,
    on: datetime,
) -> None:
    for rule in catalog.retention_of(entity.logical_name):
        for row, values in changes if rule.entered else ():
            if "statuscode" not in values:
                continue
            was, is_now = (one["statuscode"] in rule.entered for one in (row.values, values))
            if was != is_now:
                values[rule.counted_from] = on if is_now else None
