"""N:N relationships: records related to one another, and parted again.

As with a lookup, the caller needs to append the record of the first entity and to append to that
of the second. Who is related to whom is asked by a query's `related`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from models.metadata.relationships import ManyToMany
from models.records.auditing import Act
from models.records.changes import Change
from models.records.locking import locked_rows
from models.records.store import Pair
from models.records.unit import UnitOfWork
from models.security import access
from models.security.caller import Caller
from models.security.privileges import Privilege


def associate(unit: UnitOfWork, caller: Caller, name: str, pairs: Sequence[Pair]) -> None:
    relationship = unit.catalog.relationship(name)
    _lock_both_sides(unit, caller, relationship, pairs)
    new = set(pairs) - unit.store.related(relationship, pairs)
    if new:
        unit.store.relate(relationship, sorted(new))
        _audit(unit, caller, "associate", relationship=relationship, pairs=new)


def disassociate(unit: UnitOfWork, caller: Caller, name: str, pairs: Sequence[Pair]) -> None:
    relationship = unit.catalog.relationship(name)
    _lock_both_sides(unit, caller, relationship, pairs)
    old = unit.store.related(relationship, pairs)
    if old:
        unit.store.part(relationship, old)
        _audit(unit, caller, "disassociate", relationship=relationship, pairs=old)


def _lock_both_sides(
    unit: UnitOfWork, caller: Caller, relationship: ManyToMany, pairs: Sequence[Pair]
) -> None:
    """Reached by the caller, and there until the transaction ends."""
    sides = ((relationship.first, Privilege.APPEND), (relationship.second, Privilege.APPEND_TO))
    entities = [unit.catalog.entity(name) for name, _ in sides]
    for entity, (_, privilege) in zip(entities, sides, strict=True):
        access.require(caller, privilege, entity)
    ids = ({first for first, _ in pairs}, {second for _, second in pairs})
    for entity, (_, privilege), wanted in zip(entities, sides, ids, strict=True):
        batch = [Change(one, {}) for one in sorted(wanted)]
        locked_rows(unit.store, caller, privilege, entity=entity, batch=batch)


def _audit(
    unit: UnitOfWork,
    caller: Caller,
    action: str,
    *,
    relationship: ManyToMany,
    pairs: Iterable[Pair],
) -> None:
    """One entry for each record of the first entity."""
    related: dict[UUID, list[str]] = defaultdict(list)
    for first, second in sorted(pairs):
        related[first].append(second.hex)
    for record_id, others in related.items():
        details = {"relationship": relationship.name, "related": others}
        act = Act(action=action, entity=relationship.first, record_id=record_id, details=details)
        unit.auditing.act(caller, act)
