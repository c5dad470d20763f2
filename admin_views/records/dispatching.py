"""One registered view for all entities: it finds the delegate for the entity and the rights.

Flask takes no new routes after its first request, and entities are published at any time;
hence delegates that are never registered, kept until the metadata's version changes.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.guarding import GuardedView
from admin_views.language import language
from admin_views.records.record_view import RecordView
from admin_views.records.rights import EntityRights
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import RecordNotFound

Key = tuple[str, EntityRights, str]


def _delegated(url: str, name: str, methods: Iterable[str] = ("GET",)) -> Any:
    def handler(self: "Dispatcher", entity: str) -> ResponseReturnValue:
        answer: Callable[[], ResponseReturnValue] = getattr(self.delegate(entity), name)
        return answer()

    handler.__name__ = name
    return expose(url, tuple(methods))(handler)


class Dispatcher(GuardedView):
    """`/admin/t/<entity>/…`"""

    index_view = _delegated("/", "index_view")
    search_view = _delegated("/search/", "search_view", ("POST",))
    details_view = _delegated("/details/", "details_view")
    preview_view = _delegated("/preview/", "preview_view")
    reveal_view = _delegated("/reveal/", "reveal_view", ("POST",))
    picture_view = _delegated("/picture/", "picture_view")
    file_view = _delegated("/file/", "file_view")
    create_view = _delegated("/new/", "create_view", ("GET", "POST"))
    edit_view = _delegated("/edit/", "edit_view", ("GET", "POST"))
    status_view = _delegated("/status/", "status_view", ("POST",))
    mail_view = _delegated("/mail/", "mail_view", ("GET", "POST"))
    suggestions_view = _delegated("/suggestions/", "suggestions_view")
    stage_view = _delegated("/stage/", "stage_view", ("POST",))
    board_view = _delegated("/board/", "board_view")
    duplicates_view = _delegated("/duplicates/", "duplicates_view", ("GET", "POST"))
    merge_view = _delegated("/merge/", "merge_view", ("GET", "POST"))
    assign_view = _delegated("/assign/", "assign_view", ("GET", "POST"))
    share_view = _delegated("/share/", "share_view", ("GET", "POST"))
    delete_view = _delegated("/delete/", "delete_view", ("GET", "POST"))

    def __init__(self) -> None:
        super().__init__(name="Records", endpoint="records", url="t/<entity>")
        self._delegates: dict[Key, RecordView] = {}
        self._version = -1
        self._lock = threading.Lock()

    def delegate(self, name: str) -> RecordView:
        """The view of that entity for this caller; RecordNotFound if there is no such entity."""
        catalog, speaks = engine().catalog, language()
        entity = catalog.entities.get(name)
        if entity is None:
            raise RecordNotFound("no such entity")
        rights = EntityRights.of(signed_in(), catalog, entity)
        key = (name, rights, speaks)
        with self._lock:
            if self._version != catalog.version:
                self._delegates, self._version = {}, catalog.version
            found = self._delegates.get(key)
            if found is None:
                found = RecordView(catalog, entity, rights=rights, language=speaks)
                found.admin, found.url = self.admin, self.url
                self._delegates[key] = found
        return found
