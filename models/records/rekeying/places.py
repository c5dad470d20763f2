"""Where sealed values are: the attributes of entities, and what the platform seals besides.

A place is a table that is gone over by its primary key, and says of a row which cells are sealed
and for what. It knows neither keys nor how a value is opened.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Table, true

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.tables import DATA_KEY
from models.records import sealing
from models.tables.applicants import AddressChange, SubjectRequest
from models.tables.base import table_of
from models.tables.incidents import Incident
from models.tables.intake import FormSession
from models.tables.principals import StaffSession
from models.tables.record_data import SystemJob
from models.tables.requests import PersonRequest

SEND_MAIL, EXPORT_DOWNLOAD = "send_mail", "export_download"
"""Kinds of jobs: whose payload is a mail, and whose is a report that is sealed for its reader."""


class Cell(NamedTuple):
    """One sealed value: in which column, as which attribute or payload, and for which record."""

    column: str
    envelope: bytes
    number: int
    identity: bytes


Row = Mapping[Any, Any]
Cells = Callable[[Row], Iterator[Cell]]


@dataclass(frozen=True)
class Place:
    """`envelopes` are the columns that hold them; `besides` what else a row is read by."""

    name: str
    table: Table
    key: str
    envelopes: tuple[str, ...]
    cells: Cells
    besides: tuple[str, ...] = ()
    data_key: str | None = None
    """The column that names the key of a record's values."""
    condition: ColumnElement[bool] = field(default_factory=true)

    @property
    def columns(self) -> tuple[str, ...]:
        named = () if self.data_key is None else (self.data_key,)
        return (self.key, *self.envelopes, *named, *self.besides)

    def cursor_of(self, row: Row) -> str:
        """The row's key as text."""
        key = row[self.key]
        return key.hex if isinstance(key, UUID) else bytes(key).hex()

    def key_of(self, cursor: str) -> UUID | bytes:
        is_id = self.table.c[self.key].type.python_type is UUID
        return UUID(cursor) if is_id else bytes.fromhex(cursor)


def entity_place(catalog: Catalog, entity: EntityDefinition) -> Place:
    numbers = {one.logical_name: one.number for one in entity.sealed_attributes}

    def cells(row: Row) -> Iterator[Cell]:
        for name, number in numbers.items():
            if row[name] is not None:
                yield Cell(name, row[name], number, row["id"].bytes)

    table = catalog.tables.entities[entity.logical_name]
    return Place(entity.logical_name, table, "id", tuple(numbers), cells, data_key=DATA_KEY)


def platform_places() -> tuple[Place, ...]:
    """What the platform seals besides attributes. A report of an export is left out: it is sealed
    for a reader whom its row does not name by itself, and goes within a day."""
    job = table_of(SystemJob)
    return (
        Place(
            *("systemjob", job, "id", ("payload",), _of_job),
            besides=("kind",),
            condition=job.c.kind != EXPORT_DOWNLOAD,
        ),
        _place(FormSession, "token_hash", {"draft": sealing.DRAFT_PAYLOAD}, about="record_id"),
        _place(
            AddressChange, "token_hash", {"address": sealing.ADDRESS_PAYLOAD}, about="record_id"
        ),
        _place(
            SubjectRequest,
            "id",
            {"statement": sealing.STATEMENT_PAYLOAD, "answer": sealing.ANSWER_PAYLOAD},
        ),
        _place(Incident, "id", {"texts": sealing.INCIDENT_PAYLOAD}),
        _place(
            PersonRequest,
            "id",
            {"person": sealing.PERSON_PAYLOAD, "answer": sealing.DECISION_PAYLOAD},
        ),
        Place("staffsession", table_of(StaffSession), "token_hash", ("payload",), _of_session),
    )


def all_places(catalog: Catalog) -> tuple[Place, ...]:
    entities = (one for one in catalog.entities.values() if one.sealed_attributes)
    return (*(entity_place(catalog, one) for one in entities), *platform_places())


def _place(mapped: Any, key: str, numbers: Mapping[str, int], *, about: str = "") -> Place:
    """`about` is the column of what the texts belong to; the row's own id where none is named."""

    def cells(row: Row) -> Iterator[Cell]:
        for name, number in numbers.items():
            if row[name] is not None:
                yield Cell(name, row[name], number, row[about or key].bytes)

    besides = (about,) if about else ()
    table = table_of(mapped)
    return Place(table.name, table, key, tuple(numbers), cells, besides=besides)


def _of_job(row: Row) -> Iterator[Cell]:
    if row["payload"] is not None:
        is_mail = row["kind"] == SEND_MAIL
        number = sealing.MAIL_PAYLOAD if is_mail else sealing.ASKED_PAYLOAD
        yield Cell("payload", row["payload"], number, row["id"].bytes)


def _of_session(row: Row) -> Iterator[Cell]:
    if row["payload"] is not None:
        hashed = row["token_hash"]
        yield Cell("payload", row["payload"], sealing.SESSION_PAYLOAD, bytes(hashed[:16]))
