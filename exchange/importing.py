"""Import: a CSV file's rows as new records, all of them or none.

The header names attributes, by logical name or by display name. It reads text; which values are
right is the record service's to say.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import DefinitionError, Problem, ValidationFailed
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller

BATCH = 1000
MOST_PROBLEMS = 100
LARGEST_CELL = 2 * 1024 * 1024


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
            for row in rows:
                batch.append(_values(names, row, line=rows.line_num))
                if len(batch) == BATCH:
                    yield batch
                    batch = []
    except (UnicodeDecodeError, csv.Error) as error:
        raise DefinitionError(f"the file is no CSV in {encoding}", where=path.name) from error
    if batch:
        yield batch


def _names(entity: EntityDefinition, header: list[str]) -> list[str]:
    by_label = {
        label: name
        for name, attribute in entity.attributes.items()
        for label in (attribute.display_name.ja, attribute.display_name.en)
        if label
    }
    names = []
    for cell in header:
        text = cell.strip()
        name = text if text in entity.attributes else by_label.get(text)
        if name is None:
            raise DefinitionError(f"{entity.logical_name} has no attribute {text!r}")
        names.append(name)
    if not names or len(set(names)) != len(names):
        raise DefinitionError("the header names each attribute once")
    return names


def _values(names: list[str], row: list[str], *, line: int) -> dict[str, object]:
    if len(row) != len(names):
        raise DefinitionError(f"line {line} has {len(row)} cells instead of {len(names)}")
    return {name: _unguarded(cell) for name, cell in zip(names, row, strict=True) if cell != ""}


def _unguarded(cell: str) -> str:
    """Take off the apostrophe that an export put before what looks like a formula."""
    from_export = cell[:1] == "'" and cell[1:2] in set("=+-@|%＝＋－＠\t\r\n ")
    return cell[1:] if from_export else cell


def _moved(problem: Problem, by: int) -> Problem:
    return Problem(
        problem.attribute,
        problem.code,
        problem.label,
        problem.parameters,
        problem.record + by,
    )
