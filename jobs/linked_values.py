"""Values of records that others point to, for mails that name them: read all at once, by lookup.

The platform reads them, whoever changed the record: what may be told was decided by the solution.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from models.metadata.definitions import EntityDefinition
from models.metadata.query import LARGEST_PAGE, Query
from models.records.service import RecordService
from models.security.caller import Caller

READER = Caller.system("composing a mail of a workflow")
Known = Mapping[UUID, Mapping[str, Any]]


def with_linked(
    service: RecordService, entity: EntityDefinition, known: Known, *, paths: Iterable[str]
) -> Known:
    """The records' values, and by their paths those of the records they point to."""
    wanted: dict[str, list[str]] = {}
    for path in paths:
        lookup, _, name = path.rpartition(".")
        if lookup:
            wanted.setdefault(lookup, []).append(name)
    found = {record_id: dict(values) for record_id, values in known.items()}
    for lookup, names in wanted.items():
        target = entity.attributes[lookup].targets[0]
        linked = _read(service, target, {values.get(lookup) for values in found.values()}, names)
        for values in found.values():
            other = linked.get(values.get(lookup), {})
            values.update({f"{lookup}.{name}": other.get(name) for name in names})
    return found


def _read(
    service: RecordService, target: str, ids: Iterable[object], names: list[str]
) -> dict[object, Mapping[str, Any]]:
    several = [one for one in ids if isinstance(one, UUID)]
    found: dict[object, Mapping[str, Any]] = {}
    for start in range(0, len(several), LARGEST_PAGE):
        query = Query(
            entity=target,
            columns=tuple(names),
            ids=tuple(several[start : start + LARGEST_PAGE]),
            page_size=LARGEST_PAGE,
        )
        for record in service.retrieve_multiple(READER, query).records:
            found[record["id"]] = record
    return found
