"""Records fetched for a page: each value ready to be shown, each pointer named."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from admin_views.language import language
from admin_views.records.naming import names_in
from admin_views.records.showing import Shown, show
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import RecordNotFound
from models.metadata.query import Query
from models.records.service import RecordService

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    name: str
    """The primary name: what links and buttons of the row are called."""
    values: Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Listed:
    rows: tuple[Row, ...]
    next: str | None
    previous: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Opened:
    """One record, typed and shown."""

    record: Record
    values: Mapping[str, Shown]
    name: str

    @property
    def version(self) -> object:
        return self.record.get("versionnumber")


def identifier(text: str) -> UUID:
    """A record's id from an address; RecordNotFound for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise RecordNotFound("not an identifier") from error


def read_list(
    entity: EntityDefinition, query: Query, *, columns: tuple[AttributeDefinition, ...]
) -> Listed:
    caller, speaks = signed_in(), language()

    def work(service: RecordService) -> Listed:
        page = service.retrieve_multiple(caller, query)
        names = names_in(service, caller, entity=entity, records=page.records)
        rows = [_row(entity, columns, record, (speaks, names)) for record in page.records]
        return Listed(tuple(rows), page.next, page.previous, page.count or 0)

    return engine().run(work)


def read_record(
    entity: EntityDefinition,
    record_id: UUID,
    *,
    readable: Mapping[str, AttributeDefinition],
    revealed: Mapping[str, object] | None = None,
) -> Opened:
    """A record with all the caller may read; `revealed` values in place of masked ones."""
    caller, speaks = signed_in(), language()

    def work(service: RecordService) -> Opened:
        record = service.retrieve(caller, entity.logical_name, record_id)
        shown = {**record, **(revealed or {})}
        names = names_in(service, caller, entity=entity, records=[record])
        row = _row(entity, tuple(readable.values()), shown, (speaks, names))
        return Opened(record, row.values, row.name)

    return engine().run(work)


def _row(
    entity: EntityDefinition,
    columns: tuple[AttributeDefinition, ...],
    record: Record,
    speaking: tuple[str, Mapping[UUID, str]],
) -> Row:
    speaks, names = speaking
    record_id, name = record["id"], record.get(entity.primary_name)
    if not isinstance(record_id, UUID):
        raise RecordNotFound("a record without an id")
    values = {
        a.logical_name: show(a, record.get(a.logical_name), language=speaks, names=names)
        for a in columns
    }
    return Row(record_id, "" if name is None else str(name), values)
