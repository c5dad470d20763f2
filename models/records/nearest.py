"""The records nearest to where a page begins, looked up owner by owner and business unit by
business unit, in the order of the index of each: few or many, near or far, they cost the same.

It decides nothing. Which ways lead to records is `visibility`'s to say, and whatever is found here
must still pass its clause to get onto the page (ADR 15).
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, column, false, func, select, union

from models.metadata.query import Filter, Query
from models.metadata.tables import COUNTED
from models.records.keyset import Walk
from models.security.visibility import Visible

WALKED = "createdon"
"""What the indexes of owners and of business units go on with."""
NEVER_LEADING = {"statuscode"}
"""Indexed, but no reason to leave the walk: whoever filters by it still has many records."""
MOST_WAYS = 64
"""Each costs a tenth of a millisecond, and SQLite joins 500 at most."""


def can_be_walked(query: Query, visible: Visible, table: Table) -> bool:
    """Whether the order is the indexes', and no condition is better answered by another one."""
    by_index = bool(query.order) and query.order[0].attribute == WALKED
    is_narrow = query.ids is not None or query.related is not None
    is_linked = any(link.inner for link in query.links)
    listed = [index for index in table.indexes if COUNTED not in index.info]
    led = {next(iter(index.columns)).name for index in listed} - NEVER_LEADING
    is_led = any(name in led or name not in table.c for name in _named(query.filter))
    return by_index and not (is_narrow or is_linked or is_led) and 0 < visible.size <= MOST_WAYS


def matching(
    table: Table, visible: Visible, asked: ColumnElement[bool], *, walk: Walk
) -> ColumnElement[bool]:
    """True for the walk's records: those that are visible and asked for."""
    found = _ids(table, visible, _plainly(and_(asked, visible.besides)), walk=walk)
    return and_(table.c.id.in_(found), _plainly(visible.clause))


def _ids(
    table: Table, visible: Visible, wanted: ColumnElement[bool], *, walk: Walk
) -> Select[Any]:
    """By each way the first records; the first of all these."""
    columns = walk.columns(table)
    names: list[ColumnElement[Any]] = [column(one.name) for one in columns]
    beginning = walk.first(select(*columns).where(walk.beyond(table), wanted), table)
    # SQLite knows no order inside of what a UNION joins: hence a SELECT around each
    around = select(*names)
    parts = [around.select_from(beginning.where(one).subquery()) for one in visible.singly()]
    found = union(*parts).subquery("found")
    return walk.first(select(found.c.id), found)


def _plainly(clause: ColumnElement[bool]) -> ColumnElement[bool]:
    """The clause in a form that leads no database to an index of its own."""
    return func.coalesce(clause, false())


def _named(part: Filter) -> Iterator[str]:
    for one in part.parts:
        if isinstance(one, Filter):
            yield from _named(one)
        else:
            yield one.attribute
