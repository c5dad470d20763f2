"""Import: a CSV file's rows as new records, all of them or none.

The header names attributes, by logical name or by display name. It reads text; which values are
right is the record service's to say.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

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


Rows = list[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class CsvFile:
    path: Path
    encoding: str = "utf-8-sig"
    progress: Callable[[int], None] | None = None
    """Told after each batch how many bytes were read; from 0 again if the import is retried."""


def import_csv(engine: RecordEngine, caller: Caller, entity_name: str, file: CsvFile) -> int:
    """How many records were made. ValidationFailed counts records from the file's first."""
    entity = engine.catalog.entity(entity_name)

    def work(service: RecordService) -> int:
        count, problems = 0, []
        for batch, read in _batches(entity, file):
            try:
                service.create_multiple(caller, entity_name, batch)
            except ValidationFailed as error:
                problems += [_moved(problem, count) for problem in error.problems]
            count += len(batch)
            if file.progress is not None:
                file.progress(read)
            if len(problems) >= MOST_PROBLEMS:
                break
        if problems:
            raise ValidationFailed(problems[:MOST_PROBLEMS])
        service.audit(caller, "import", entity=entity_name, count=count, encoding=file.encoding)
        return count

    return engine.run(work)


def _batches(entity: EntityDefinition, source: CsvFile) -> Iterator[tuple[Rows, int]]:
    """The rows in batches, each with the number of bytes read by then; of a pipe that is 0."""
    csv.field_size_limit(LARGEST_CELL)
    batch: Rows = []
    try:
        with source.path.open(encoding=source.encoding, newline="") as file:
            rows = csv.reader(file, strict=True)
            names = _names(entity, next(rows, []))
            for number, row in enumerate(rows, start=FIRST_ROW):
                batch.append(_values(names, row, number=number))
                if len(batch) == BATCH:
                    yield batch, _bytes_read(file)
                    batch = []
            read = _bytes_read(file)
    except (UnicodeDecodeError, csv.Error) as error:
        message = f"the file is no CSV in {source.encoding}"
        raise DefinitionError(message, where=source.path.name) from error
    if batch:
        yield batch, read


def _bytes_read(file: TextIO) -> int:
    return file.buffer.tell() if file.seekable() else 0


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
