"""Which stored records a caller reaches, as ONE SQL clause for every operation alike.

It reads no record; retrieve, query, update and delete all put this clause into their WHERE.
"""

from sqlalchemy import ColumnElement, Table, and_, false, or_, select, true

from models.metadata.definitions import EntityDefinition
from models.security.caller import Caller
from models.security.privileges import SHAREABLE, Privilege
from models.tables.sharing import SharedRecord


def clause(
    caller: Caller, privilege: Privilege, entity: EntityDefinition, table: Table
) -> ColumnElement[bool]:
    """True for the records of `entity` that `caller` reaches with `privilege`."""
    clauses = [_reached(one, privilege, entity, table) for one in caller.acting]
    return clauses[0] if len(clauses) == 1 else and_(*clauses)


def _reached(
    caller: Caller, privilege: Privilege, entity: EntityDefinition, table: Table
) -> ColumnElement[bool]:
    reach = caller.reach(entity.logical_name, privilege)
    if not reach or not (reach.everything or entity.is_user_owned):
        return false()
    parts = [] if reach.everything else [or_(*_ways(caller, privilege, entity, table))]
    parts += _within_contract(caller, entity, table)
    return and_(true(), *parts)


def _ways(
    caller: Caller, privilege: Privilege, entity: EntityDefinition, table: Table
) -> list[ColumnElement[bool]]:
    """The record's owner, the owner's business unit, or the record's being shared."""
    reach = caller.reach(entity.logical_name, privilege)
    ways: list[ColumnElement[bool]] = [table.c.ownerid.in_(sorted(reach.owners))]
    if reach.units:
        ways.append(table.c.owningbusinessunit.in_(sorted(reach.units)))
    if entity.logical_name in caller.shared_entities and privilege in SHAREABLE:
        shared = select(SharedRecord.record_id).where(
            SharedRecord.principal_id.in_(sorted(caller.receivers(privilege))),
            SharedRecord.entity == entity.logical_name,
            SharedRecord.rights.bitwise_and(SHAREABLE[privilege]) != 0,
        )
        ways.append(table.c.id.in_(shared))
    return ways


def _within_contract(
    caller: Caller, entity: EntityDefinition, table: Table
) -> list[ColumnElement[bool]]:
    """What a contractor's records must have; an attribute that is gone lets none through."""
    allowed = (caller.scope or {}).get(entity.logical_name, {})
    return [
        table.c[name].in_(sorted(values)) if name in table.c else false()
        for name, values in allowed.items()
    ]
