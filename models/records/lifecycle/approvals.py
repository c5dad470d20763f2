"""Status reasons that only some may give, and those that are an approval: what one person wrote,
another lets through, as it stands; and so it stays while it has them.

It decides by definitions, the caller and everyone who wrote in the record since it was last
approved. The platform itself is not held to it: it ends merged records, and brings what an import
of another system stated.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.metadata.definitions import EntityDefinition, Option
from models.metadata.errors import Problem
from models.records.lifecycle import authors
from models.records.lifecycle.authors import STATE
from models.records.lifecycle.awaiting import STATUS
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.security.caller import Caller

Values = Mapping[str, Any]


def problems_of_new(
    caller: Caller, entity: EntityDefinition, batch: Sequence[Values]
) -> Iterator[Problem]:
    """A new record has nobody who looked at it."""
    for position, values in enumerate(batch if _holds(caller, entity) else ()):
        option = option_of(entity, values[STATUS])
        if option is not None and option.approval:
            yield _problem(entity, "approved_by_another", option, position)
        elif option is not None and not option.is_given_by(caller.roles):
            yield _problem(entity, "given_by_others", option, position)


def problems_of_changes(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, Values]],
) -> Iterator[Problem]:
    for position, (row, values) in enumerate(changes if _holds(caller, entity) else ()):
        present, wanted = _from_and_to(entity, row, values)
        if present is not None and present.approval and _changes_more(entity, row, values):
            yield _problem(entity, "stays_as_approved", present, position)
        elif wanted is not None and wanted != present:
            code = _held_back(unit, caller, entity, wanted, change=(row, values))
            if code:
                yield _problem(entity, code, wanted, position)


def note(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, Values]],
) -> None:
    """Into the audit, once nothing is in the way: who writes on begins a new text."""
    for row, values in changes if _holds(caller, entity) else ():
        present, wanted = _from_and_to(entity, row, values)
        if wanted is not None and wanted.approval and wanted != present:
            authors.note_approval(unit, caller, entity, row.id)


def option_of(entity: EntityDefinition, status: object) -> Option | None:
    options = entity.attributes[STATUS].options
    return options.option(status) if options and isinstance(status, int) else None


def _from_and_to(
    entity: EntityDefinition, row: StoredRow, values: Values
) -> tuple[Option | None, Option | None]:
    present = row.values[STATUS]
    return option_of(entity, present), option_of(entity, values.get(STATUS, present))


def _held_back(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    wanted: Option,
    *,
    change: tuple[StoredRow, Values],
) -> str:
    """Why the caller does not give it to this record; "" if nothing is in the way."""
    row, values = change
    if not wanted.is_given_by(caller.roles):
        return "given_by_others"
    if not wanted.approval:
        return ""
    wrote = {row.values["createdby"], row.values["modifiedby"]}
    wrote |= authors.of(unit, entity, row.id)
    if wrote & {one.id for one in caller.acting}:
        return "approved_by_another"
    return "approved_as_it_stands" if _changes_more(entity, row, values) else ""


def _changes_more(entity: EntityDefinition, row: StoredRow, values: Values) -> bool:
    """Whether it changes anything but the status. Of what is sealed, to be written is enough."""
    return any(
        entity.attributes[name].sealed or values[name] != row.values[name]
        for name in values.keys() - {STATUS, STATE}
    )


def _holds(caller: Caller, entity: EntityDefinition) -> bool:
    """Whether the caller is held to anything here."""
    options = entity.attributes[STATUS].options
    found = options.options if options else ()
    return caller.kind != "system" and any(one.roles or one.approval for one in found)


def _problem(entity: EntityDefinition, code: str, option: Option, position: int) -> Problem:
    label = entity.attributes[STATUS].display_name
    return Problem(STATUS, code, label, {"option": option.label}, position)
