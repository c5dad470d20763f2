"""Whom to tell of an incident: the affected records as the reader may see them, and the same asked
for as a file, by the way of every extract: with another person's approval, and in the ledger.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from admin_views.incidents.affected import affected_ids
from admin_views.incidents.register import row_of
from admin_views.incidents.rights import require_keeper
from admin_views.incidents.suspicion import kept
from admin_views.language import language
from admin_views.records.rights import EntityRights
from exchange.extracts import requesting
from exchange.orders import Door, ExportOrder
from extensions import engine
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import AccessDenied, RecordNotFound
from models.metadata.labels import Label
from models.metadata.query import Query
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Privilege

SHOWN, MOST = 200, 5000
"""Records on the page, and in one file."""
KEPT_FOR = timedelta(days=30)
PURPOSE = Label("漏えい等の本人への通知", "Telling the persons of an incident")
RECIPIENT = Label("本人", "The persons themselves")


@dataclass(frozen=True, slots=True)
class Notices:
    entity: EntityDefinition
    columns: tuple[AttributeDefinition, ...]
    records: list[dict[str, object]]
    affected: int
    """As the log has them; of these some may be erased by now, or out of the reader's sight."""


def read_notices(service: RecordService, caller: Caller, incident: UUID, name: str) -> Notices:
    """Read through the record service as the caller, which notes it with the purpose that the page
    has. Raises AccessDenied, RecordNotFound."""
    caller = caller.for_purpose(PURPOSE.text(language()))
    entity = _entity(service, caller, name)
    columns = _columns(service, caller, entity)
    ids = _ids(service, incident, name, most=MOST)
    query = Query(
        entity=name,
        columns=tuple(one.logical_name for one in columns),
        ids=tuple(ids[:SHOWN]),
        page_size=SHOWN,
    )
    page = service.retrieve_multiple(caller, query)
    return Notices(entity, columns, page.records, len(ids))


def request_notices(caller: Caller, incident: UUID, name: str, *, format: str) -> UUID:
    """The extract's id. Raises AccessDenied, RecordNotFound, ValidationFailed."""
    require_keeper(caller)

    def read(service: RecordService) -> Query:
        entity = _entity(service, caller, name)
        columns = tuple(one.logical_name for one in _columns(service, caller, entity))
        ids = tuple(_ids(service, incident, name, most=MOST))
        return Query(entity=name, columns=columns, ids=ids)

    order = ExportOrder(
        query=engine().run(read),
        purpose=PURPOSE.text(language()),
        recipient=RECIPIENT.text(language()),
        format=format,
        language=language(),
        keep_until=today() + KEPT_FOR,
        door=Door.REQUEST,
    )
    return requesting.request(engine(), caller, order)


def _entity(service: RecordService, caller: Caller, name: str) -> EntityDefinition:
    if name not in service.catalog.entities:
        raise RecordNotFound("no such entity")
    if not caller.has(name, Privilege.READ):
        raise AccessDenied(f"reading {name}", caller=caller)
    return service.catalog.entity(name)


def _columns(
    service: RecordService, caller: Caller, entity: EntityDefinition
) -> tuple[AttributeDefinition, ...]:
    """How the record is called, its number, and the personal values that the caller sees."""
    readable = EntityRights.of(caller, service.catalog, entity).readable(entity)
    return tuple(
        one
        for one in readable
        if one.personal or one.type == "AutoNumber" or one.logical_name == entity.primary_name
    )


def _ids(service: RecordService, incident: UUID, entity: str, *, most: int) -> list[UUID]:
    suspicion = kept(row_of(service, incident).suspicion)
    return affected_ids(service.transaction, suspicion, entity, most=most) if suspicion else []
