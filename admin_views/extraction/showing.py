"""How an extract is told: its state, its columns, why it failed, as the reader speaks."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from admin_views.extraction.export_report import Place
from admin_views.language import language
from exchange.extracts.deciding import Objection
from exchange.extracts.ledger import Entry
from exchange.extracts.seeing import OF_SEVERAL
from exchange.extracts.states import State
from exchange.orders import Door
from extensions import engine
from models.metadata.definitions import EntityDefinition
from models.records.service import RecordService
from models.tables.principals import SystemUser

GOOD = {State.READY, State.DELETED}
BAD = {State.REJECTED, State.FAILED, State.EXPIRED}


@dataclass(frozen=True, slots=True)
class Person:
    """Who acted, as the ledger knew them then and as they are called now."""

    address: str
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.address)


@dataclass(frozen=True, slots=True)
class Shown:
    """One extract in words."""

    entry: Entry
    title: str
    columns: tuple[tuple[str, bool], ...]
    """Each with whether it is personal."""
    state: str
    mark: str
    """The class of the state's label: good, bad, or neither."""
    requester: Person
    decider: Person
    door: str
    format: str
    failure: str

    @property
    def row(self) -> Any:
        return self.entry.row

    @property
    def count(self) -> int:
        """Of the records in the file; until there is one, of those asked for."""
        return int(self.row.count if self.row.built is None else self.row.built)

    @property
    def places(self) -> list[Place]:
        """Where the first characters were replaced; which they were, only the records know."""
        titles = [title for title, _ in self.columns]
        return [Place(row, titles[place], "") for row, place in json.loads(self.row.replaced_in)]


def show(entry: Entry, names: dict[UUID, str]) -> Shown:
    row = entry.row
    state, door = State(row.state), Door(row.door)
    return Shown(
        entry,
        _title(row),
        tuple((_column(row.entity, name), name in entry.personal) for name in entry.columns),
        gettext("Overdue") if entry.is_overdue else _state(state, door),
        _mark(state, is_overdue=entry.is_overdue),
        Person(row.requested_by_name, names.get(row.requested_by, "")),
        Person(row.decided_by_name, names.get(row.decided_by, "")),
        doors()[door],
        formats().get(row.format, row.format),
        failures().get(row.failure, ""),
    )


def full_names(service: RecordService, entries: Iterable[Entry]) -> dict[UUID, str]:
    """Of the accounts that the entries name."""
    wanted = {one for e in entries for one in (e.row.requested_by, e.row.decided_by) if one}
    statement = select(SystemUser.id, SystemUser.full_name).where(SystemUser.id.in_(wanted))
    return {row.id: row.full_name for row in service.transaction.read(statement)}


def formats() -> dict[str, str]:
    return {
        "csv": gettext("CSV, UTF-8 (Excel opens it as it is)"),
        "csv_cp932": gettext("CSV, Shift_JIS (cp932), for older software"),
        "xlsx": gettext("XLSX (Excel workbook)"),
    }


def doors() -> dict[Door, str]:
    return {
        Door.REQUEST: gettext("By approval"),
        Door.PAGE: gettext("Directly"),
        Door.SHELL: gettext("From the server’s command line"),
        Door.PERSON: gettext("For the person who asked"),
    }


def failures() -> dict[str, str]:
    """Why a file was not made."""
    return {
        "no_right": gettext(
            "When the file was to be made, the requester’s account no longer had the rights that"
            " it needs."
        ),
        "changed": gettext("The view was changed after the request. Ask again."),
        "too_large": gettext("The format cannot hold what was asked for. Ask again for CSV."),
        "unopened": gettext(
            "A sealed value does not open. Tell your administrator: data may be damaged."
        ),
        "late": gettext(
            "The file was not made within a day. Tell your administrator: no worker may be"
            " running."
        ),
    }


def objections() -> dict[Objection, str]:
    """Why the reader cannot decide on a request."""
    return {
        Objection.OWN: gettext("Another person has to approve your request."),
        Objection.SAME_CONTRACTOR: gettext(
            "The requester works for the same contractor as you: somebody else has to decide."
        ),
        Objection.SUPPORT: gettext("In a support session nothing is decided."),
        Objection.OVER: gettext("The day until which the file was to be kept is past."),
    }


def _title(row: Any) -> str:
    """Entity and view, as far as the catalog knows them."""
    if row.entity == OF_SEVERAL:
        return gettext("What is held on the person")
    catalog = engine().catalog
    entity, view = catalog.entities.get(row.entity), catalog.views.get(row.view)
    named = entity.display_collection_name.text(language()) if entity else row.entity
    return f"{named}: {view.display_name.text(language())}" if view else str(named)


def _column(entity_name: str, name: str) -> str:
    """A linked entity's column is told with the lookup that leads to it; in a file of several
    entities a column with its own."""
    catalog = engine().catalog
    entity = catalog.entities.get(entity_name)
    lookup, dot, linked = name.partition(".")
    if entity_name == OF_SEVERAL and lookup in catalog.entities:
        own = catalog.entities[lookup]
        return f"{own.display_name.text(language())}: {_display(own, linked)}"
    if not dot:
        return _display(entity, name)
    found = entity.attributes.get(lookup) if entity else None
    target = catalog.entities.get(found.targets[0]) if found and found.targets else None
    return f"{_display(entity, lookup)}: {_display(target, linked)}"


def _display(entity: EntityDefinition | None, name: str) -> str:
    found = entity.attributes.get(name) if entity else None
    return found.display_name.text(language()) if found else name


def _mark(state: State, *, is_overdue: bool) -> str:
    if state in BAD or is_overdue:
        return "bad"
    return "good" if state in GOOD else ""


def _state(state: State, door: Door) -> str:
    if door is not Door.REQUEST and state is State.BUILDING:
        return gettext("Being written")
    if door is not Door.REQUEST and state is State.FAILED:
        return gettext("Broken off")
    return {
        State.REQUESTED: gettext("Waiting for approval"),
        State.APPROVED: gettext("Approved"),
        State.REJECTED: gettext("Rejected"),
        State.WITHDRAWN: gettext("Withdrawn"),
        State.EXPIRED: gettext("Expired"),
        State.BUILDING: gettext("Being made"),
        State.READY: gettext("Ready to download"),
        State.FAILED: gettext("Not made"),
        State.DOWNLOADED: gettext("Downloaded"),
        State.DELETED: gettext("Deletion confirmed"),
    }[state]
