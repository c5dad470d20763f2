"""Which stored records a caller reaches, as ONE SQL clause for every operation alike.

It reads no record; retrieve, query, update and delete all put this clause into their WHERE. The
ways it is made of are told besides, for who walks them one by one (`models/records/nearest.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, false, or_, select, true

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.security import parents
from models.security.caller import Caller
from models.security.contracts import today
from models.security.parents import Parent
from models.security.privileges import SHAREABLE, Privilege
from models.tables.base import utc_now
from models.tables.sharing import SharedRecord


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach records: by their owners, by these' business units, or as shared ones."""

    column: ColumnElement[Any]
    keys: Sequence[UUID] | Select[UUID]

    @property
    def clause(self) -> ColumnElement[bool]:
        return self.column.in_(self.keys)

    @property
    def size(self) -> int:
        return 1 if isinstance(self.keys, Select) else len(self.keys)

    def singly(self) -> list[ColumnElement[bool]]:
        """The clause's parts: one for each owner or business unit."""
        keys = self.keys
        return [self.clause] if isinstance(keys, Select) else [self.column == key for key in keys]


@dataclass(frozen=True, slots=True)
class Visible:
    """The records that one of the ways leads to (all, where none is named), as far as `besides`
    holds."""

    ways: tuple[Way, ...]
    besides: ColumnElement[bool]

    @property
    def clause(self) -> ColumnElement[bool]:
        if not self.ways:
            return self.besides
        return and_(or_(*(way.clause for way in self.ways)), self.besides)

    @property
    def size(self) -> int:
        return sum(way.size for way in self.ways)


def clause(
    catalog: Catalog,
    caller: Caller,
    privilege: Privilege,
    entity: EntityDefinition,
    *,
    table: Table,
) -> ColumnElement[bool]:
    """True for the records of `entity` that `caller` reaches with `privilege`."""
    return visible(catalog, caller, privilege, entity, table=table).clause


def visible(
    catalog: Catalog,
    caller: Caller,
    privilege: Privilege,
    entity: EntityDefinition,
    *,
    table: Table,
) -> Visible:
    """All who act must reach a record; the ways told are those of one who does not reach all."""
    found = [_reached(catalog, one, privilege, entity, table=table) for one in caller.acting]
    found.sort(key=lambda one: not one.ways)
    first, *others = found
    if not others:
        return first
    return Visible(first.ways, and_(first.besides, *(one.clause for one in others)))


def _reached(
    catalog: Catalog,
    caller: Caller,
    privilege: Privilege,
    entity: EntityDefinition,
    *,
    table: Table,
) -> Visible:
    reach = caller.reach(entity.logical_name, privilege)
    if not reach or not (reach.everything or entity.is_user_owned):
        return Visible((), false())
    ways = () if reach.everything else tuple(_ways(caller, privilege, entity, table))
    besides = (
        *_within_contract(catalog, caller, entity, table),
        *_own(caller, privilege, table),
        *_not_suspended(caller, table),
        *_not_past(caller, entity, table),
    )
    return Visible(ways, and_(*besides) if besides else true())


def _ways(
    caller: Caller, privilege: Privilege, entity: EntityDefinition, table: Table
) -> list[Way]:
    """The record's owner, the owner's business unit, or the record's being shared."""
    reach = caller.reach(entity.logical_name, privilege)
    ways = [Way(table.c.ownerid, sorted(reach.owners))]
    if reach.units:
        ways.append(Way(table.c.owningbusinessunit, sorted(reach.units)))
    if entity.logical_name in caller.shared_entities and privilege in SHAREABLE:
        shared = select(SharedRecord.record_id).where(
            SharedRecord.principal_id.in_(sorted(caller.receivers(privilege))),
            SharedRecord.entity == entity.logical_name,
            SharedRecord.rights.bitwise_and(SHAREABLE[privilege]) != 0,
        )
        ways.append(Way(table.c.id, shared))
    return ways


def _not_suspended(caller: Caller, table: Table) -> list[ColumnElement[bool]]:
    """Few at any time: most callers are kept from none, and asked for nothing."""
    return [table.c.id.not_in(sorted(caller.kept_from))] if caller.kept_from else []


def _not_past(caller: Caller, entity: EntityDefinition, table: Table) -> list[ColumnElement[bool]]:
    """What a public view tells until a day or a moment; as `PublicViewDefinition.lets_out`."""
    name = caller.until.get(entity.logical_name)
    if name is None:
        return []
    column, is_day = table.c[name], entity.attributes[name].behaviour == "date_only"
    return [or_(column.is_(None), column >= (today() if is_day else utc_now()))]


def _own(caller: Caller, privilege: Privilege, table: Table) -> list[ColumnElement[bool]]:
    """An applicant's one record, to be changed only while it is as the form says."""
    if caller.own is None:
        return []
    when = {} if privilege is Privilege.READ else caller.own.when
    return [table.c.id == caller.own.id, *_having(table, when)]


def _within_contract(
    catalog: Catalog, caller: Caller, entity: EntityDefinition, table: Table
) -> list[ColumnElement[bool]]:
    """What a contractor's records must have, and what these belong to; an attribute that is gone
    lets none through."""
    having = _having(table, (caller.scope or {}).get(entity.logical_name, {}))
    above = parents.limiting(catalog, caller, entity)
    return [*having, *(_belonging(catalog, table, parent) for parent in above)]


def _belonging(catalog: Catalog, table: Table, parent: Parent) -> ColumnElement[bool]:
    """Looked up by its primary key, record by record: a page costs as many look-ups as it has
    records, however many there are of the parent."""
    # nosemgrep: record-read-elsewhere - a part of the very clause that filters
    above: Any = catalog.tables.entities[parent.entity.logical_name].alias()
    lookup = table.c[parent.lookup]
    asked = [*_having(above, parent.limits)]
    asked += [_belonging(catalog, above, one) for one in parent.parents]
    there = select(above.c.id).where(above.c.id == lookup, *asked).correlate(table)
    return or_(lookup.is_(None), there.exists())


def _having(table: Table, allowed: Mapping[str, frozenset[int]]) -> list[ColumnElement[bool]]:
    return [
        table.c[name].in_(sorted(values)) if name in table.c else false()
        for name, values in allowed.items()
    ]
