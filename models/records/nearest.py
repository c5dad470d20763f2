"""The records nearest to where a page begins, looked up owner by owner and business unit by
business unit, in the order of the index of each: few or many, near or far, they cost the same.

It decides nothing. Which ways lead to records is `visibility`'s to say, and whatever is found here
must still pass its clause to get onto the page (ADR 15).
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    column,
    false,
    func,
    select,
    true,
    union,
    union_all,
)

from models.metadata.query import Query
from models.metadata.tables import COUNTED
from models.records.keyset import Walk
from models.security.visibility import Visible

WALKED = "createdon"
"""What the indexes of owners and of business units go on with."""
NEVER_LEADING = {"statuscode"}
"""Indexed, but no reason to leave the walk: whoever filters by it still has many records."""
MOST_WAYS = 64
"""Each costs a tenth of a millisecond, and SQLite joins 500 at most."""
MOST_KEPT = 256
_made: dict[Hashable, ColumnElement[bool]] = {}
"""By all that each was made of. They are told apart by tables, which every catalog has anew."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks, as a clause; and in words, if that was made of nothing but these."""

    clause: ColumnElement[bool]
    words: str


def can_be_walked(query: Query, visible: Visible, table: Table) -> bool:
    """Whether the order is the indexes', and no condition is better answered by another one."""
    by_index = bool(query.order) and query.order[0].attribute == WALKED
    is_narrow = query.ids is not None or query.related is not None
    is_linked = any(link.inner for link in query.links)
    listed = [index for index in table.indexes if COUNTED not in index.info]
    led = {next(iter(index.columns)).name for index in listed} - NEVER_LEADING
    named = [condition.attribute for condition in query.filter.conditions]
    is_led = any(name in led or name not in table.c for name in named)
    return by_index and not (is_narrow or is_linked or is_led) and 0 < visible.size <= MOST_WAYS


def matching(table: Table, visible: Visible, asked: Asked, *, walk: Walk) -> ColumnElement[bool]:
    """True for the walk's records: those that are visible and asked for."""
    key = _key(table, visible, asked, walk=walk)
    found = _made.get(key) if key else None
    if found is None:
        wanted = _plainly(and_(asked.clause, visible.besides))
        found = table.c.id.in_(_ids(table, visible, wanted, walk=walk))
        if key:
            _keep(key, found)
    return and_(found, _plainly(visible.clause))


def _key(table: Table, visible: Visible, asked: Asked, *, walk: Walk) -> Hashable:
    """All that the statement is made of; None where it is made of more than can be told. It costs
    SQLAlchemy more to put one together than SQLite to run it."""
    if not asked.words or visible.besides is not true():
        return None
    ways = []
    for way in visible.ways:
        if isinstance(way.keys, Select):
            return None
        ways.append((way.column.name, *way.keys))
    return (table, tuple(ways), walk, asked.words)


def _keep(key: Hashable, found: ColumnElement[bool]) -> None:
    if len(_made) >= MOST_KEPT:
        _made.clear()
    _made[key] = found


def _ids(
    table: Table, visible: Visible, wanted: ColumnElement[bool], *, walk: Walk
) -> Select[Any]:
    """By each way the first records; the first of all these. A record is one owner's and one
    unit's: only what several ways lead to can be found twice."""
    columns = walk.columns(table)
    beginning = walk.first(select(*columns).where(walk.beyond(table), wanted), table)
    # SQLite knows no order inside of what a UNION joins: hence a SELECT around each
    names: list[ColumnElement[Any]] = [column(one.name) for one in columns]
    around = select(*names)
    ways = []
    for way in visible.ways:
        parts = [around.select_from(beginning.where(key).subquery()) for key in way.singly()]
        found = (parts[0] if len(parts) == 1 else union_all(*parts)).subquery()
        ways.append(around.select_from(walk.first(select(found), found).subquery()))
    found = (ways[0] if len(ways) == 1 else union(*ways)).subquery("found")
    return walk.first(select(found.c.id), found)


def _plainly(clause: ColumnElement[bool]) -> ColumnElement[bool]:
    """The clause in a form that leads no database to an index of its own."""
    return func.coalesce(clause, false())
