"""Legal holds: a record that is held is deleted by nobody, whatever the door or the rule; nor is
what belongs to it, by relationships that cascade.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import Problem, ValidationFailed
from models.records import parental
from models.records.store import StoredRow, chunks
from models.records.unit import UnitOfWork
from models.security.contracts import today
from models.tables.retention import LegalHold

CODE = "held"


def standing(on: date | None = None) -> ColumnElement[bool]:
    """Which holds keep a record on that day, today unless said otherwise."""
    return LegalHold.lifted_on.is_(None) & or_(
        LegalHold.until.is_(None), LegalHold.until >= (on or today())
    )


def held_among(unit: UnitOfWork, entity: EntityDefinition, ids: Iterable[UUID]) -> set[UUID]:
    return set(ids) & all_held(unit, entity)


def all_held(unit: UnitOfWork, entity: EntityDefinition) -> set[UUID]:
    """The entity's records that are held, or that belong to one that is."""
    names = set(_upwards(unit, entity.logical_name))
    statement = select(LegalHold.entity, LegalHold.record_id).where(
        LegalHold.entity.in_(sorted(names)), standing()
    )
    held = defaultdict(list)
    for row in unit.transaction.read(statement):
        held[row.entity].append(row.record_id)
    found = set(held[entity.logical_name])
    for name, ids in held.items():
        above = unit.catalog.entity(name)
        for belonging, some in parental.below(unit, above, ids, of_organization=True):
            if belonging.logical_name == entity.logical_name:
                found.update(some)
    return found


def _upwards(unit: UnitOfWork, name: str) -> Iterator[str]:
    """It, and what its records belong to in turn; each once."""
    seen, waiting = {name}, [name]
    while waiting:
        one = waiting.pop()
        yield one
        above = {relationship.referenced for relationship in unit.catalog.parents_of(one)} - seen
        seen |= above
        waiting.extend(above)


def problems_of_changes(
    unit: UnitOfWork,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, Mapping[str, object]]],
) -> list[Problem]:
    """Taken away from what is held, a record would be held no longer."""
    lookups = {one.lookup for one in unit.catalog.parents_of(entity.logical_name)}
    moved = [
        (place, row.id, name)
        for place, (row, values) in enumerate(changes)
        for name in sorted(lookups & values.keys())
        if values[name] != row.values[name]
    ]
    held = held_among(unit, entity, {one for _, one, _ in moved}) if moved else set()
    return [
        Problem(name, "held_there", entity.attributes[name].display_name, record=place)
        for place, one, name in moved
        if one in held
    ]


def held_themselves(unit: UnitOfWork, ids: Iterable[UUID]) -> set[UUID]:
    """Those of which a hold speaks, not those that belong to one."""
    found: set[UUID] = set()
    for chunk in chunks(list(ids), 500):
        of_these = LegalHold.record_id.in_(chunk)
        statement = select(LegalHold.record_id).where(of_these, standing())
        found |= set(unit.transaction.read(statement).scalars())
    return found


def require_none(unit: UnitOfWork, entity: EntityDefinition, ids: Sequence[UUID]) -> None:
    """Raise ValidationFailed where one of the records is held."""
    held = held_among(unit, entity, ids)
    if held:
        problems = [
            Problem("statecode", CODE, entity.display_name, record=place)
            for place, one in enumerate(ids)
            if one in held
        ]
        raise ValidationFailed(problems)
