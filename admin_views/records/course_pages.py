"""A record moved from stage to stage, on its page and on the board."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.records import saving
from admin_views.records.boards import read_board
from admin_views.records.listing import ListAddress
from admin_views.records.preview_pages import Pending
from admin_views.records.reading import identifier
from admin_views.records.share_pages import SharePages
from admin_views.records.versions import version_sent
from models.metadata.errors import RecordNotFound, ValidationFailed
from models.metadata.processes import ProcessDefinition
from models.security.privileges import Privilege

ON_THE_BOARD = "board"
KEPT = ("version", "process", "stage", "view", "from")
"""Controls of the form that moves a record."""


class CoursePages(SharePages):
    @expose("/board/")
    def board_view(self) -> ResponseReturnValue:
        self.require(Privilege.READ)
        process = self._process(request.args.get("process", ""))
        address = ListAddress.read({"view": request.args.get("view", "")}, self.offer)
        board = read_board(self.entity, process, query=address.query(self.offer))
        return self.render(
            "admin/model/board.html", board=board, address=address, offer=self.offer
        )

    @expose("/stage/", methods=("POST",))
    def stage_view(self) -> ResponseReturnValue:
        self.require(Privilege.WRITE)
        process = self._process(request.form.get("process", ""))
        record = self.open(request.form.get("id", "")).record
        stage = request.form.get("stage", "")
        sent = {name: request.form.get(name, "") for name in KEPT}
        pending = Pending(".stage_view", process.attribute, stage, sent)
        if page := self.looked_first(str(record["id"]), pending):
            return page, 409
        values = {process.attribute: stage}
        try:
            saving.change(self.entity, record, values=values, version=version_sent())
        except ValidationFailed as error:
            return self.render_details(str(record["id"]), stopped=self.told(error)), 400
        flash(gettext("The record was moved."), "success")
        if request.form.get("from") == ON_THE_BOARD:
            view = request.form.get("view", "")
            return redirect(self.get_url(".board_view", process=process.name, view=view), 303)
        where = self.get_url(".details_view", id=identifier(str(record["id"])))
        return redirect(where, 303)

    def _process(self, name: str) -> ProcessDefinition:
        """The one of that name; the first where none is named."""
        found = [one for one in self.processes if name in ("", one.name)]
        if not found:
            raise RecordNotFound("no such process")
        return found[0]
