"""Which stored records a caller reaches, as ONE SQL clause for every operation alike.

It reads no record; retrieve, query, update and delete all put this clause into their WHERE.
"""

from sqlalchemy import ColumnElement, Table, false, or_, true

from models.metadata.definitions import EntityDefinition
from models.security.access import own_principals
from models.security.caller import AccessLevel, Caller, Privilege


def clause(
    caller: Caller, privilege: Privilege, entity: EntityDefinition, table: Table
) -> ColumnElement[bool]:
    """True for the records of `entity` that `caller` reaches with `privilege`."""
    level = caller.level(entity.logical_name, privilege)
    if level is AccessLevel.GLOBAL:
        return true()
    if level is AccessLevel.NONE or not entity.is_user_owned:
        return false()
    reached: list[ColumnElement[bool]] = [table.c.ownerid.in_(sorted(own_principals(caller)))]
    if level is AccessLevel.LOCAL:
        reached.append(table.c.owningbusinessunit == caller.business_unit)
    if level is AccessLevel.DEEP:
        reached.append(table.c.owningbusinessunit.in_(sorted(caller.units_below)))
    return or_(*reached)
