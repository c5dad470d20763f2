"""One page of records for a caller; a search by secured values, and seeing them unmasked, leaves
a trace."""

from typing import Any
from uuid import UUID

from models.metadata.query import LARGEST_PAGE, Page, Query
from models.records import keyset, searching
from models.records.auditing import Act
from models.records.opening import RowOpener
from models.records.searching import sealed_search
from models.records.selecting import QueryCompiler, Selection
from models.records.unit import UnitOfWork
from models.security.caller import Caller


def read_page(unit: UnitOfWork, caller: Caller, query: Query) -> Page:
    compiler = QueryCompiler(unit.catalog, caller, sealed_search(unit))
    selection = compiler.page(query)
    rows = unit.transaction.read(selection.statement).all()
    size = max(1, min(query.page_size, LARGEST_PAGE))
    more = len(rows) > size
    rows = rows[:size]
    if query.backwards:
        rows = rows[::-1]
    opener = RowOpener(unit.keyring, caller, selection.columns, unit.catalog.masking_rules)
    records = opener.records(rows)
    searching.note(unit, caller, query, compiler=compiler)
    audit_reading(unit, caller, query, opener=opener, ids=[row[0] for row in rows])
    count = unit.transaction.read(compiler.count(query)).scalar() if query.count else None
    forwards, backwards = _neighbours(unit, query, selection, records, more=more)
    return Page(records, forwards, backwards, count)


def audit_reading(
    unit: UnitOfWork, caller: Caller, query: Query, *, opener: RowOpener, ids: list[UUID]
) -> None:
    """Who saw whose personal data: the records, and the names of the attributes."""
    if not opener.unmasked or not ids or caller.kind == "system":
        return
    act = Act(
        action="read",
        entity=query.entity,
        record_id=ids[0] if len(ids) == 1 else None,
        details={"attributes": list(opener.unmasked), "records": [one.hex for one in ids]},
    )
    unit.auditing.act(caller, act)


def _neighbours(
    unit: UnitOfWork,
    query: Query,
    selection: Selection,
    records: list[dict[str, Any]],
    *,
    more: bool,
) -> tuple[str | None, str | None]:
    """The tokens of the next and the previous page; None at the ends."""
    if not records:
        return None, None
    entity = unit.catalog.entity(query.entity)
    first = keyset.token(selection.order, records[0], entity)
    last = keyset.token(selection.order, records[-1], entity)
    if query.backwards:
        return last, first if more else None
    return last if more else None, first if query.after else None
