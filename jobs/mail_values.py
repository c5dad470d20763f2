"""The values that a workflow's mails may name: of the records, and of records they point to.

The platform reads them, whoever changed the record: what may be told was decided by the solution.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from models.metadata.catalog import Catalog
from models.metadata.components import Workflow
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import LANGUAGES
from models.metadata.query import LARGEST_PAGE, Query
from models.metadata.templates import placeholders
from models.records.service import RecordService
from models.records.steps import Message, Operation, RecordChange
from models.security.caller import Caller

COMPOSER = Caller.system("composing a mail of a workflow")
Known = Mapping[UUID, Mapping[str, Any]]


def told_by(operation: Operation, workflow: Workflow, changes: Sequence[RecordChange]) -> Known:
    """By record and path, as far as the workflow's mails and their addresses need them."""
    paths = _paths(operation.service.catalog, workflow)
    known = _values(operation, changes)
    return _with_linked(operation.service, operation.entity, known, paths=paths)


def _paths(catalog: Catalog, workflow: Workflow) -> set[str]:
    """All that the mails of the workflow may name, and where they go."""
    template = catalog.mail_templates[workflow.template]
    texts = [
        one.text(language) for one in (template.subject, template.body) for language in LANGUAGES
    ]
    return {workflow.to, workflow.language}.union(*map(placeholders, texts))


def _values(
    operation: Operation, changes: Sequence[RecordChange]
) -> Mapping[UUID, Mapping[str, Any]]:
    """All values of the records: a change holds some only, the rest is read again, opened."""
    if operation.message is Message.CREATE:
        return {change.id: change.values for change in changes}
    found: dict[UUID, Mapping[str, Any]] = {change.id: {} for change in changes}
    name, ids = operation.entity.logical_name, list(found)
    for start in range(0, len(ids), LARGEST_PAGE):
        some = tuple(ids[start : start + LARGEST_PAGE])
        query = Query(entity=name, ids=some, page_size=LARGEST_PAGE)
        for record in operation.service.retrieve_multiple(COMPOSER, query).records:
            if isinstance(record["id"], UUID):
                found[record["id"]] = record
    return found


def _with_linked(
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
        for record in service.retrieve_multiple(COMPOSER, query).records:
            found[record["id"]] = record
    return found
