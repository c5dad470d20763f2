"""What is kept about a record: notes, calls, mails, appointments and tasks, the newest first.

Activities are records of an entity of their own; what of them a caller may see and do is asked of
the record service, as of any record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import url_for

from admin_views.language import language, local_time
from admin_views.records.naming import principal_names
from admin_views.records.reading import Record
from jobs import office_mails
from models.metadata.activities import (
    APPOINTMENT,
    CALL,
    DONE,
    INCOMING,
    MAIL,
    NOTE,
    TASK,
    activity_attribute,
)
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.definitions import EntityDefinition
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.base import utc_now

SHOWN = 50
ENTERED: Mapping[str, Mapping[str, int]] = {
    "note": {"kind": NOTE},
    "call": {"kind": CALL, "statuscode": DONE},
    "received": {"kind": MAIL, "direction": INCOMING, "statuscode": DONE},
    "appointment": {"kind": APPOINTMENT},
    "task": {"kind": TASK},
}
"""What is entered by hand, and what the form has chosen at first; the office's mails are sent. A
call or a mail is written down when it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    id: UUID
    kind: str
    subject: str
    description: str
    direction: str
    sender: str
    """Masked where the caller sees it so; "" where there is none."""
    starts_on: str
    due_on: str
    is_overdue: bool
    is_open: bool
    status: str
    by: str
    on: str
    version: object
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    entity: str
    """The entity of the activities."""
    activities: tuple[Activity, ...]
    older_url: str
    """The record's page with those before; "" where there are none."""
    newest_url: str
    """The record's page with the newest, where others are shown."""
    new_urls: dict[str, str]
    """By kind; none for who may not enter one."""
    may_finish: bool
    done: int
    """The status reason of what is finished."""
    may_mail: bool


def read_timeline(
    service: RecordService,
    caller: Caller,
    entity: EntityDefinition,
    *,
    record_id: UUID,
    after: str = "",
) -> Timeline | None:
    """None where the entity keeps none, and for who may not read them. `after` is from the address
    of a page of older ones; DefinitionError if it is none."""
    name = entity.activity_entity
    if not name or not caller.has(name, Privilege.READ):
        return None
    kept = service.catalog.entity(name)
    reading = _Reading(service, kept)
    query = reading.query(record_id, after)
    page = service.retrieve_multiple(caller, query)
    may_create = caller.has(name, Privilege.CREATE)
    return Timeline(
        entity=name,
        activities=reading.activities(page.records),
        older_url=_url(entity, record_id, after=page.next) if page.next else "",
        newest_url=_url(entity, record_id) if after else "",
        new_urls=_new_urls(kept, record_id) if may_create else {},
        may_finish=caller.has(name, Privilege.WRITE),
        done=DONE,
        may_mail=may_create and bool(office_mails.addresses(caller, entity)),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    service: RecordService
    entity: EntityDefinition

    def query(self, record_id: UUID, after: str) -> Query:
        about = Condition(named(self.entity, "regarding"), Operator.EQUAL, record_id)
        return Query(
            entity=self.entity.logical_name,
            filter=Filter((about,)),
            order=(Order("createdon", descending=True),),
            page_size=SHOWN,
            after=after or None,
        )

    def activities(self, records: list[Record]) -> tuple[Activity, ...]:
        makers = {one for record in records if isinstance(one := record["createdby"], UUID)}
        names = principal_names(self.service.transaction, makers)
        return tuple(self._activity(record, names) for record in records)

    def _activity(self, record: Record, names: dict[UUID, str]) -> Activity:
        due, is_note = record.get(named(self.entity, "dueon")), self._is_note(record)
        is_open = record["statecode"] == 0 and not is_note
        maker, identifier = record["createdby"], UUID(str(record["id"]))
        return Activity(
            id=identifier,
            kind=self._text(record, "kind"),
            subject=self._text(record, "subject"),
            description=self._text(record, "description"),
            direction=self._text(record, "direction"),
            sender=self._text(record, "sender"),
            starts_on=_moment(record.get(named(self.entity, "startson"))),
            due_on=due.isoformat() if isinstance(due, date) else "",
            is_overdue=is_open and self._is_late(record),
            is_open=is_open,
            status="" if is_note else self._label("statuscode", record["statuscode"]),
            by=names.get(maker, "") if isinstance(maker, UUID) else "",
            on=_moment(record["createdon"]),
            version=record["versionnumber"],
            url=url_for("records.details_view", entity=self.entity.logical_name, id=identifier),
        )

    def _is_late(self, record: Record) -> bool:
        """By its day; an appointment by the day it began, too."""
        due, starts = (record.get(named(self.entity, part)) for part in ("dueon", "startson"))
        is_held = record.get(named(self.entity, "kind")) == APPOINTMENT
        if is_held and isinstance(starts, datetime):
            starts_day = starts.astimezone(LOCAL_ZONE).date()
            if starts_day < _today():
                return True
        return isinstance(due, date) and due < _today()

    def _is_note(self, record: Record) -> bool:
        """There is nothing to be done about it."""
        return record.get(named(self.entity, "kind")) == NOTE

    def _text(self, record: Record, part: str) -> str:
        name = named(self.entity, part)
        value = record.get(name)
        if name not in self.entity.attributes:  # made before there was this one
            return ""
        if self.entity.attributes[name].options is not None:
            return self._label(name, value)
        return "" if value is None else str(value)

    def _label(self, name: str, value: object) -> str:
        options = self.entity.attributes[name].options
        option = options.option(value) if options and isinstance(value, int) else None
        return option.label.text(language()) if option else ""


def named(entity: EntityDefinition, part: str) -> str:
    """The attribute of an entity of activities, by what it is after the publisher's prefix."""
    return activity_attribute(entity.logical_name, part)


def _url(entity: EntityDefinition, record_id: UUID, *, after: str | None = None) -> str:
    return url_for(
        "records.details_view",
        entity=entity.logical_name,
        id=record_id,
        activities=after,
        _anchor="timeline",
    )


def _new_urls(entity: EntityDefinition, record_id: UUID) -> dict[str, str]:
    page = url_for("records.create_view", entity=entity.logical_name)
    found = {}
    for one, chosen in ENTERED.items():
        choice = {_control(entity, part): str(value) for part, value in chosen.items()}
        about = {named(entity, "regarding"): str(record_id)}
        found[one] = f"{page}?{urlencode(about | choice)}"
    return found


def _control(entity: EntityDefinition, part: str) -> str:
    return part if part in entity.attributes else named(entity, part)


def _moment(value: object) -> str:
    return local_time(value) if isinstance(value, datetime) else ""


def _today() -> date:
    return utc_now().astimezone(LOCAL_ZONE).date()
