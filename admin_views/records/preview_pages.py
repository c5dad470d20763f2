"""A record as the world will see it, on a page of the office; and the same page in the way of a
change that would let out what should be looked at first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.publication.words import kinds
from admin_views.records.detail_pages import DetailPages
from admin_views.records.previewing import Warned, read_preview, typed, warnings
from admin_views.records.showing import show
from models.metadata.errors import RecordNotFound
from models.metadata.public_views import PublicViewDefinition
from models.security.privileges import Privilege


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that waits for the person to look: the form that asked for it, sent again."""

    endpoint: str
    attribute: str
    value: str
    sent: Mapping[str, str]
    """The form's controls besides the record's id."""


class PreviewPages(DetailPages):
    @expose("/preview/")
    def preview_view(self) -> ResponseReturnValue:
        self.require(Privilege.READ)
        return self.render_preview(request.args.get("id", ""))

    def looked_first(self, record_id: str, pending: Pending) -> str:
        """The page in the way of a change; "" where nothing is."""
        record = self.open(record_id).record
        warned = warnings(self.entity, record, {pending.attribute: pending.value})
        if not warned:
            return ""
        return self.render_preview(record_id, pending=pending, warned=warned)

    def render_preview(
        self, record_id: str, *, pending: Pending | None = None, warned: Sequence[Warned] = ()
    ) -> str:
        opened = self.open(record_id)
        chosen = self._public_view(warned[0].view if warned else request.args.get("view", ""))
        wanted = typed(self.entity, {pending.attribute: pending.value}) if pending else {}
        return str(
            self.render(
                "admin/model/preview.html",
                opened=opened,
                record_id=opened.record["id"],
                preview=read_preview(self.entity, chosen, opened.record, wanted=wanted),
                kinds=kinds(),
                pending=pending,
                warned=warned,
                said=self._said(pending),
                status=[] if pending else self.status_options(opened.record),
            )
        )

    def _public_view(self, name: str) -> PublicViewDefinition:
        """The one of that name; the first where none is named."""
        found = [one for one in self.public_views if name in ("", one.name)]
        if not found:
            raise RecordNotFound("no such public view of this entity")
        return found[0]

    def _said(self, pending: Pending | None) -> str:
        """What a change makes of the record, in words."""
        if pending is None:
            return ""
        attribute = self.entity.attributes[pending.attribute]
        value = typed(self.entity, {pending.attribute: pending.value}).get(pending.attribute)
        return show(attribute, value, language=self.language, names={}).text
