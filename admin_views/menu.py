"""The Flask-Admin of the house, and its menu: what the caller may open, and nothing else.

The menu has entities and a few rooms; a room's pages are told in a second row, inside it.
"""

from collections.abc import Iterator
from typing import Any

from flask import request, url_for
from flask_admin import Admin
from flask_babel import gettext

from admin_views.dashboards.offers import offered_dashboards
from admin_views.language import language
from admin_views.rooms import DASHBOARDS, QUEUES, ROOMS, MenuItem, MenuPage, MenuRoom, view_of
from admin_views.signed_in import signed_in
from extensions import engine
from models.security.caller import Caller
from models.security.privileges import Privilege


class BackOffice(Admin):
    """Flask-Admin builds its menu when the application starts; ours is the caller's."""

    def menu(self) -> list[Any]:
        """MenuItems; the templates of the house draw them."""
        caller = signed_in()
        home = MenuItem(gettext("Home"), url_for("admin.index"), _is_home())
        return [
            home,
            *_queues(caller),
            *_dashboards(caller),
            *_entities(caller),
            *_rooms(caller),
        ]

    def pages_beside(self) -> list[MenuItem]:
        """The pages of the room that is open; none where it has but one for the caller."""
        caller = signed_in()
        if view_of(request.endpoint or "") == DASHBOARDS:
            return several(dashboard_items(caller))
        if any(item.is_current for item in _items(caller, of_activities=True)):
            return several(_items(caller, of_activities=True))
        for _, pages in _open_to(caller):
            if len(pages) > 1 and any(page.is_open for page in pages):
                return [page.item for page in pages]
        return []


def readable_entities(caller: Caller) -> list[str]:
    """Logical names of the entities with records the caller may read, as the catalog has them."""
    return [name for name in engine().catalog.entities if caller.has(name, Privilege.READ)]


def dashboard_items(caller: Caller) -> list[MenuItem]:
    """The dashboards that show records of the caller."""
    return [
        MenuItem(
            one.display_name.text(language()),
            url_for(f"{DASHBOARDS}.show", dashboard=one.name),
            (request.view_args or {}).get("dashboard") == one.name,
        )
        for one in offered_dashboards(engine().catalog, caller)
    ]


def _queues(caller: Caller) -> list[MenuItem]:
    """For who takes records out of one."""
    catalog = engine().catalog
    taken = (
        one.has_queue and caller.has(name, Privilege.READ) and caller.has(name, Privilege.ASSIGN)
        for name, one in catalog.entities.items()
    )
    if not any(taken):
        return []
    is_open = view_of(request.endpoint or "") == QUEUES
    return [MenuItem(gettext("Queues"), url_for(f"{QUEUES}.index"), is_open)]


def _dashboards(caller: Caller) -> list[MenuItem]:
    """One by its own name; several as a room."""
    items = dashboard_items(caller)
    if not several(items):
        return items
    is_open = view_of(request.endpoint or "") == DASHBOARDS
    return [MenuItem(gettext("Dashboards"), items[0].url, is_open)]


def several(items: list[MenuItem]) -> list[MenuItem]:
    return items if len(items) > 1 else []


def _entities(caller: Caller) -> list[MenuItem]:
    """Each by its own name; what is kept about their records, if it is several, as a room."""
    items, kept = _items(caller), _items(caller, of_activities=True)
    if not several(kept):
        return [*items, *kept]
    is_open = any(item.is_current for item in kept)
    return [*items, MenuItem(gettext("Activities"), kept[0].url, is_open)]


def _items(caller: Caller, *, of_activities: bool = False) -> list[MenuItem]:
    catalog = engine().catalog
    return [
        MenuItem(
            catalog.entity(name).display_collection_name.text(language()),
            url_for("records.index_view", entity=name),
            (request.view_args or {}).get("entity") == name,
        )
        for name in readable_entities(caller)
        if (catalog.regarding(name) is not None) is of_activities
    ]


def _rooms(caller: Caller) -> list[MenuItem]:
    return [
        MenuItem(
            str(room.name if len(pages) > 1 else pages[0].name),
            pages[0].item.url,
            any(page.is_open for page in pages),
        )
        for room, pages in _open_to(caller)
    ]


def _open_to(caller: Caller) -> Iterator[tuple[MenuRoom, list[MenuPage]]]:
    for room in ROOMS:
        pages = [page for page in room.pages if page.is_for(caller)]
        if pages:
            yield room, pages


def _is_home() -> bool:
    return view_of(request.endpoint or "") == "admin"
