"""The register of applicants' requests, as far as a caller may see the records they are about.

A request whose record is gone is shown to those only who may read every record of its entity.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, select

from forms.applicants import register
from forms.applicants.sealed_texts import KEEPER, open_text
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import RecordNotFound
from models.records.sealing import ANSWER_PAYLOAD, STATEMENT_PAYLOAD
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.applicants import REQUESTED, SubjectRequest
from models.tables.base import utc_now

TABLE = SubjectRequest.__table__
MOST = 200


@dataclass(frozen=True, slots=True)
class Request:
    row: Any
    entity: EntityDefinition
    is_there: bool
    """Whether its record is."""
    may_decide: bool
    attributes: tuple[str, ...] = ()
    statement: str = ""
    answer: str = ""

    @property
    def is_open(self) -> bool:
        return bool(self.row.state == REQUESTED)

    @property
    def is_overdue(self) -> bool:
        due: date | None = self.row.due_on
        return self.is_open and due is not None and due < today()


def served_entities(catalog: Catalog, caller: Caller) -> list[str]:
    """The entities that applicants have pages for, and of which the caller may read records."""
    return [
        name
        for name in catalog.entities
        if catalog.self_service_of(name) and caller.has(name, Privilege.READ)
    ]


def read_requests(service: RecordService, caller: Caller) -> tuple[list[Request], bool]:
    """Open ones by their due day, then the others, the newest first; and whether there are more
    than are shown."""
    names = served_entities(service.catalog, caller)
    is_open = case((TABLE.c.state == REQUESTED, 0), else_=1)
    statement = (
        select(TABLE)
        .where(TABLE.c.entity.in_(names))
        .order_by(is_open, TABLE.c.due_on, TABLE.c.requested_on.desc())
        .limit(MOST + 1)
    )
    rows = service.transaction.read(statement).all()
    return _visible(service, caller, rows[:MOST]), len(rows) > MOST


def read_request(service: RecordService, caller: Caller, identifier: UUID) -> Request:
    """With what the person wrote, and what was answered, to whom personal data is open; who reads
    that is noted. Raises RecordNotFound."""
    names = served_entities(service.catalog, caller)
    this = TABLE.c.id == identifier, TABLE.c.entity.in_(names)
    row = service.transaction.read(select(TABLE).where(*this)).first()
    found = _visible(service, caller, [row] if row is not None else [])
    if not found:
        raise RecordNotFound("subject request")
    [one] = found
    said = {
        "statement": (one.row.statement, STATEMENT_PAYLOAD),
        "answer": (one.row.answer, ANSWER_PAYLOAD),
    }
    texts = {
        name: open_text(service, envelope, number=number, about=identifier)
        for name, (envelope, number) in said.items()
        if not caller.is_closed
    }
    if any(texts.values()):
        of = {"entity": one.row.entity, "record_id": one.row.record_id}
        service.audit(caller, "read_request", request=identifier.hex, **of)
    return Request(one.row, one.entity, one.is_there, one.may_decide, one.attributes, **texts)


def open_requests(service: RecordService, record_id: UUID) -> list[Any]:
    """Of a record that the caller sees."""
    this = TABLE.c.record_id == record_id, TABLE.c.state == REQUESTED
    return list(service.transaction.read(select(TABLE).where(*this)))


def today() -> date:
    return utc_now().astimezone(LOCAL_ZONE).date()


def _visible(service: RecordService, caller: Caller, rows: Iterable[Any]) -> list[Request]:
    rows, store = list(rows), service.unit.store
    ids: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        ids[row.entity].add(row.record_id)
    seen, deletable, there = set[UUID](), set[UUID](), set[UUID]()
    for name, some in ids.items():
        entity = service.catalog.entity(name)
        seen |= store.visible_ids(caller, Privilege.READ, entity, some)
        if caller.has(name, Privilege.DELETE):
            deletable |= store.visible_ids(caller, Privilege.DELETE, entity, some)
        there |= store.visible_ids(KEEPER, Privilege.READ, entity, some)
    return [
        Request(
            row,
            service.catalog.entity(row.entity),
            row.record_id in there,
            row.record_id in seen & deletable,
            register.named(row),
        )
        for row in rows
        if row.record_id in seen or (row.record_id not in there and sees_all(caller, row.entity))
    ]


def sees_all(caller: Caller, entity: str) -> bool:
    return all(
        one.scope is None and one.reach(entity, Privilege.READ).everything for one in caller.acting
    )
