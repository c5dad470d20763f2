"""The rooms of the back office's menu: pages that are no entity's, and for whom they are.

It draws nothing; `menu` asks what a caller may open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext

from admin_views.applicants.reading import served_entities
from admin_views.incidents.rights import may_keep
from admin_views.papers.reading import may_read as may_read_papers
from extensions import engine
from models.security.caller import Caller
from models.security.privileges import Miscellaneous


@dataclass(frozen=True, slots=True)
class MenuItem:
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class MenuPage:
    """A page that is no entity's; for who holds one of the privileges, or has something there."""

    name: Any
    endpoint: str
    privileges: tuple[Miscellaneous, ...] = ()
    has: Callable[[Caller], object] | None = None

    def is_for(self, caller: Caller) -> bool:
        if self.has is not None and self.has(caller):
            return True
        return any(caller.may(privilege) for privilege in self.privileges)

    @property
    def item(self) -> MenuItem:
        return MenuItem(str(self.name), url_for(self.endpoint), self.is_open)

    @property
    def is_open(self) -> bool:
        return view_of(request.endpoint or "") == view_of(self.endpoint)


@dataclass(frozen=True, slots=True)
class MenuRoom:
    """Pages that belong together; called by its own name where the caller may open several."""

    name: Any
    pages: tuple[MenuPage, ...]


DASHBOARDS, QUEUES = "dashboards", "queues"
EXTRACTORS = (Miscellaneous.EXPORT, Miscellaneous.APPROVE_EXPORT)
PUBLISHERS = (Miscellaneous.REQUEST_PUBLICATION, Miscellaneous.APPROVE_PUBLICATION)
REPORT_READERS = (Miscellaneous.MANAGE_USERS, Miscellaneous.READ_AUDIT)
RETENTION_READERS = (Miscellaneous.ERASE, Miscellaneous.READ_AUDIT)
LEDGER_READERS = (Miscellaneous.READ_AUDIT, Miscellaneous.APPROVE_EXPORT)


def _has_applicants(caller: Caller) -> bool:
    return bool(served_entities(engine().catalog, caller))


ROOMS = (
    MenuRoom(
        lazy_gettext("Requests of persons"),
        (
            MenuPage(
                lazy_gettext("Requests from applicants"), "applicants.index", has=_has_applicants
            ),
            MenuPage(
                lazy_gettext("Requests for disclosure, correction and suspension"),
                "disclosure.index",
                (Miscellaneous.ANSWER_REQUESTS,),
            ),
        ),
    ),
    MenuRoom(
        lazy_gettext("Extraction"),
        (
            MenuPage(lazy_gettext("Data export"), "export.index", (Miscellaneous.EXPORT,)),
            MenuPage(lazy_gettext("Requests and files"), "extracts.index", EXTRACTORS),
            MenuPage(lazy_gettext("Statistics"), "statistics.index", (Miscellaneous.EXPORT,)),
            MenuPage(lazy_gettext("Ledger of extracts"), "ledger.index", LEDGER_READERS),
        ),
    ),
    MenuRoom(
        lazy_gettext("Publication"),
        (MenuPage(lazy_gettext("Publication"), "publication.index", PUBLISHERS),),
    ),
    MenuRoom(
        lazy_gettext("Personal data"),
        (
            MenuPage(lazy_gettext("Retention"), "retention.index", RETENTION_READERS),
            MenuPage(lazy_gettext("Register of incidents"), "incidents.index", has=may_keep),
            MenuPage(lazy_gettext("Papers on personal data"), "papers.index", has=may_read_papers),
        ),
    ),
    MenuRoom(
        lazy_gettext("Audit"),
        (
            MenuPage(lazy_gettext("Audit log"), "audit.index", (Miscellaneous.READ_AUDIT,)),
            MenuPage(
                lazy_gettext("Monthly inspections"),
                "inspections.index",
                (Miscellaneous.READ_AUDIT,),
            ),
            MenuPage(lazy_gettext("Reports on contracted work"), "reports.index", REPORT_READERS),
        ),
    ),
    MenuRoom(
        lazy_gettext("People and rights"),
        (
            MenuPage(
                lazy_gettext("Users and roles"), "users.index", (Miscellaneous.MANAGE_USERS,)
            ),
            MenuPage(lazy_gettext("Teams"), "teams.index", (Miscellaneous.MANAGE_USERS,)),
            MenuPage(
                lazy_gettext("Contractors"), "contractors.index", (Miscellaneous.MANAGE_USERS,)
            ),
            MenuPage(
                lazy_gettext("Single sign-on"),
                "federation_page.index",
                (Miscellaneous.MANAGE_USERS,),
            ),
            MenuPage(lazy_gettext("Why?"), "why.index", (Miscellaneous.MANAGE_USERS,)),
            MenuPage(
                lazy_gettext("Support session"), "support.index", (Miscellaneous.ACT_ON_BEHALF,)
            ),
            MenuPage(
                lazy_gettext("Account reviews"), "reviews.index", (Miscellaneous.MANAGE_USERS,)
            ),
            MenuPage(
                lazy_gettext("Pledge and training"),
                "training.index",
                (Miscellaneous.MANAGE_USERS,),
            ),
            MenuPage(
                lazy_gettext("Settings of the organization"),
                "organization.index",
                (Miscellaneous.MANAGE_USERS,),
            ),
        ),
    ),
    MenuRoom(
        lazy_gettext("System"),
        (
            MenuPage(lazy_gettext("System jobs"), "jobs.index", (Miscellaneous.READ_JOBS,)),
            MenuPage(lazy_gettext("Metadata"), "metadata.index", (Miscellaneous.CUSTOMIZE,)),
        ),
    ),
)


def view_of(endpoint: str) -> str:
    return endpoint.partition(".")[0]
