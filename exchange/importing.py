"""Import: a CSV file's rows as new records, all of them or none.

The header names attributes, by logical name or by display name. It reads text; which values are
right is the record service's to say.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from exchange.columns import unguarded
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import DefinitionError, Problem, ValidationFailed
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller

BATCH = 1000
MOST_PROBLEMS = 100
LARGEST_CELL = 2 * 1024 * 1024
FIRST_ROW = 2
"""Rows are counted as a spreadsheet counts them: the header is row 1, whatever lines they take."""


def import_csv(
    engine: RecordEngine,
    caller: Caller,
    entity_name: str,
    path: Path,
    *,
    encoding: str = "utf-8-sig",
) -> int:
    """How many records were made. ValidationFailed counts records from the file's first."""
    entity = engine.catalog.entity(entity_name)

    def work(service: RecordService) -> int:
        count, problems = 0, []
        for batch in _batches(entity, path, encoding):
            try:
                service.create_multiple(caller, entity_name, batch)
            except ValidationFailed as error:
                problems += [_moved(problem, count) for problem in error.problems]
            count += len(batch)
            if len(problems) >= MOST_PROBLEMS:
                break
        if problems:
            raise ValidationFailed(problems[:MOST_PROBLEMS])
        service.audit(caller, "import", entity=entity_name, count=count, encoding=encoding)
        return count

    return engine.run(work)


def _batches(
    entity: EntityDefinition, path: Path, encoding: str
) -> Iterator[list[Mapping[str, object]]]:
    csv.field_size_limit(LARGEST_CELL)
    batch: list[Mapping[str, object]] = []
    try:
        with path.open(encoding=encoding, newline="") as file:
            rows = csv.reader(file, strict=True)
            names = _names(entity, next(rows, []))
            for number, row in enumerate(rows, start=FIRST_ROW):
                batch.append(_values(names, row, number=number))
                if len(batch) == BATCH:
                    yield batch
                    batch = []
    except (UnicodeDecodeError, csv.Error) as error:
        raise DefinitionError(f"the file is no CSV in {encoding}", where=path.name) from error
    if batch:
        yield batch


def _names(entity: EntityDefinition, header: list[str]) -> list[str]:
    """The attributes of the columns. What the header says is not repeated in an error: where it
    was forgotten, it is somebody's record."""
    names = []
    for number, cell in enumerate(header, start=1):
        found = _called(entity, unguarded(cell.strip()))
        if len(found) != 1:
            told = "more than one attribute" if found else "no attribute"
            raise DefinitionError(
                f"column {number} of the header names {told} of {entity.logical_name}"
            )
        names += found
    if not names or len(set(names)) != len(names):
        raise DefinitionError("the header names each attribute once")
    return names


def _called(entity: EntityDefinition, text: str) -> list[str]:
    """The attributes of that name or label; those the platform sets only if there is no other."""
    if text in entity.attributes:
        return [text]
    found = [
        attribute
        for attribute in entity.attributes.values()
        if text and text in (attribute.display_name.ja, attribute.display_name.en)
    ]
    given = [attribute for attribute in found if not attribute.is_read_only]
    return [attribute.logical_name for attribute in given or found]


def _values(names: list[str], row: list[str], *, number: int) -> dict[str, object]:
    if len(row) != len(names):
        raise DefinitionError(f"row {number} has {len(row)} cells instead of {len(names)}")
    return {name: unguarded(cell) for name, cell in zip(names, row, strict=True) if cell != ""}


def _moved(problem: Problem, by: int) -> Problem:
    return Problem(
        problem.attribute,
        problem.code,
        problem.label,
        problem.parameters,
        problem.record + by,
    )
