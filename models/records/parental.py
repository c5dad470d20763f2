"""What goes along with records because it belongs to them, by relationships that cascade (CDS's
parental ones): when they are assigned or shared as when they are deleted.

It only finds them; whether the caller may do it to them as well is asked by who does it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied, RecordNotFound
from models.records.store import chunks
from models.records.unit import UnitOfWork
from models.security.caller import Caller

AT_ONCE = 500
Records = tuple[EntityDefinition, Sequence[UUID]]


def below(
    unit: UnitOfWork,
    entity: EntityDefinition,
    ids: Iterable[UUID],
    *,
    of_organization: bool = False,
) -> Iterator[Records]:
    """Those that belong to these, and to those in turn; each once, at most 500 at a time. What the
    organization owns only where asked for: it is nobody's to give."""
    seen, waiting = set(ids), [(entity, list(ids))]
    while waiting:
        above, of = waiting.pop(0)
        for relationship in unit.catalog.references_to(above.logical_name):
            referencing = unit.catalog.entity(relationship.referencing)
            is_meant = of_organization or referencing.is_user_owned
            if not (relationship.is_parental and is_meant):
                continue
            pointing = _pointing(unit, referencing, relationship.lookup, of)
            found = [one for one in pointing if one not in seen]
            seen.update(found)
            for chunk in chunks(found, AT_ONCE):
                waiting.append((referencing, list(chunk)))
                yield referencing, chunk


def along(
    unit: UnitOfWork,
    caller: Caller,
    records: Records,
    act: Callable[[EntityDefinition, Sequence[UUID]], None],
) -> None:
    """Do it to all of them, as far as the caller may: else AccessDenied, and nothing is done."""
    for entity, ids in below(unit, *records):
        try:
            act(entity, ids)
        except RecordNotFound:
            what = f"records of {entity.logical_name} that go along"
            raise AccessDenied(what, caller=caller) from None


def _pointing(
    unit: UnitOfWork, entity: EntityDefinition, lookup: str, ids: Sequence[UUID]
) -> Iterator[UUID]:
    """Without a lock, other than `RecordStore.referencing`: pages ask as well."""
    table = unit.store.table(entity)
    for chunk in chunks(ids, AT_ONCE):
        statement = select(table.c.id).where(table.c[lookup].in_(chunk)).order_by(table.c.id)
        yield from unit.transaction.read(statement).scalars()
