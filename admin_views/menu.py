"""The Flask-Admin of the house, and its menu: what the caller may open, and nothing else."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_admin import Admin
from flask_babel import gettext

from admin_views.language import language
from admin_views.signed_in import signed_in
from extensions import engine
from models.security.caller import Caller
from models.security.privileges import Miscellaneous, Privilege


@dataclass(frozen=True, slots=True)
class MenuItem:
    name: str
    url: str
    is_current: bool


class BackOffice(Admin):
    """Flask-Admin builds its menu when the application starts; ours is the caller's."""

    def menu(self) -> list[Any]:
        """MenuItems; the templates of the house draw them."""
        caller = signed_in()
        return [_item(gettext("Home"), "admin.index"), *_entities(caller), *_pages(caller)]


def readable_entities(caller: Caller) -> list[str]:
    """Logical names of the entities with records the caller may read, as the catalog has them."""
    return [name for name in engine().catalog.entities if caller.has(name, Privilege.READ)]


def _entities(caller: Caller) -> list[MenuItem]:
    catalog = engine().catalog
    return [
        MenuItem(
            catalog.entity(name).display_collection_name.text(language()),
            url_for("records.index_view", entity=name),
            (request.view_args or {}).get("entity") == name,
        )
        for name in readable_entities(caller)
    ]


def _pages(caller: Caller) -> list[MenuItem]:
    pages = (
        (Miscellaneous.EXPORT, gettext("CSV export"), "export.index"),
        (Miscellaneous.READ_AUDIT, gettext("Audit log"), "audit.index"),
        (Miscellaneous.READ_JOBS, gettext("System jobs"), "jobs.index"),
        (Miscellaneous.MANAGE_USERS, gettext("Users and roles"), "users.index"),
        (Miscellaneous.CUSTOMIZE, gettext("Metadata"), "metadata.index"),
    )
    return [_item(name, endpoint) for needed, name, endpoint in pages if caller.may(needed)]


def _item(name: str, endpoint: str) -> MenuItem:
    current = request.endpoint or ""
    return MenuItem(name, url_for(endpoint), current.split(".")[0] == endpoint.split(".")[0])
