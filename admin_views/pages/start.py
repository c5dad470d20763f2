"""The start page: what waits, and what the person may do here."""

from dataclasses import dataclass, replace

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.disclosure import waiting as requests
from admin_views.extraction import waiting as extracts
from admin_views.extraction.waiting import Waits
from admin_views.guarding import GuardedIndex
from admin_views.language import language
from admin_views.menu import dashboard_items, readable_entities
from admin_views.pages.reminders import reminders
from admin_views.records.offers import list_offer
from admin_views.records.rights import EntityRights
from admin_views.retention import waiting as retention
from admin_views.signed_in import signed_in
from extensions import engine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Miscellaneous, Privilege


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Desk:
    """One entity: how many records each of its views holds for this caller, and their rights."""

    name: str
    counts: tuple[Count, ...]
    may: tuple[str, ...]
    create_url: str


class StartPage(GuardedIndex):
    @expose()
    def index(self) -> ResponseReturnValue:
        caller = signed_in()
        desks, waits, reminded = engine().run(
            lambda service: (
                [_desk(service, caller, name) for name in readable_entities(caller)],
                _what_waits(service, caller),
                reminders(service, caller),
            )
        )
        found = {"desks": desks, "waits": waits, "reminders": reminded}
        found["dashboards"] = dashboard_items(caller)
        return self.render("admin/index.html", may=_miscellaneous(caller), **found)


def _what_waits(service: RecordService, caller: Caller) -> list[Waits]:
    return [
        one for room in (extracts, requests, retention) for one in room.what_waits(service, caller)
    ]


def _desk(service: RecordService, caller: Caller, name: str) -> Desk:
    entity = service.catalog.entity(name)
    rights = EntityRights.of(caller, service.catalog, entity)
    offer = list_offer(service.catalog, entity, rights)
    counts = []
    for view in offer.views.values():
        query = replace(view.query, columns=(), order=(), page_size=1, count=True)
        found = service.retrieve_multiple(caller, query).count or 0
        url = url_for("records.index_view", entity=name, view=view.name)
        counts.append(Count(view.display_name.text(language()), url, found))
    create = rights.may(Privilege.CREATE)
    return Desk(
        entity.display_collection_name.text(language()),
        tuple(counts),
        tuple(text for privilege, text in _record_rights() if rights.may(privilege)),
        url_for("records.create_view", entity=name) if create else "",
    )


def _record_rights() -> tuple[tuple[Privilege, str], ...]:
    return (
        (Privilege.READ, gettext("Read")),
        (Privilege.CREATE, gettext("Create")),
        (Privilege.WRITE, gettext("Change")),
        (Privilege.ASSIGN, gettext("Assign")),
        (Privilege.DELETE, gettext("Delete")),
    )


def _miscellaneous(caller: Caller) -> tuple[str, ...]:
    texts = {
        Miscellaneous.REVEAL: gettext("Show masked personal values one record at a time"),
        Miscellaneous.EXPORT: gettext("Export records, personal data with another’s approval"),
        Miscellaneous.EXPORT_WITHOUT_APPROVAL: gettext("Export personal data without approval"),
        Miscellaneous.APPROVE_EXPORT: gettext("Approve another’s export of personal data"),
        Miscellaneous.REQUEST_PUBLICATION: gettext("Request that a public view be published"),
        Miscellaneous.APPROVE_PUBLICATION: gettext("Approve another’s request for publication"),
        Miscellaneous.READ_AUDIT: gettext("Read the audit log"),
        Miscellaneous.READ_JOBS: gettext("See system jobs"),
        Miscellaneous.MANAGE_USERS: gettext("Manage users and roles"),
        Miscellaneous.CUSTOMIZE: gettext("See the metadata"),
        Miscellaneous.ERASE: gettext("Approve erasures, and put records on hold"),
        Miscellaneous.ANSWER_REQUESTS: gettext("Answer requests of persons"),
        Miscellaneous.ACT_ON_BEHALF: gettext("See the back office as another account does"),
    }
    return tuple(text for privilege, text in texts.items() if caller.may(privilege))
