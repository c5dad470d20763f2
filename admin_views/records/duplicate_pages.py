"""Likely duplicates of an entity, and two of its records merged."""

from collections.abc import Mapping

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.records import merging
from admin_views.records.course_pages import CoursePages
from admin_views.records.likely import are_looked_for
from admin_views.records.merging import FIRST, SECOND
from admin_views.records.pairs import pair_of, read_pairs
from admin_views.records.reading import Opened
from admin_views.signed_in import signed_in
from extensions import engine
from jobs.duplicates import FIND
from jobs.outbox import ask_for
from models.metadata.errors import ConcurrencyConflict, RecordNotFound, ValidationFailed
from models.records.matching import candidates
from models.security.privileges import Privilege


class DuplicatePages(CoursePages):
    @expose("/duplicates/", methods=("GET", "POST"))
    def duplicates_view(self) -> ResponseReturnValue:
        self.require(Privilege.READ)
        if not are_looked_for(self.entity):
            raise RecordNotFound("no rules that this caller may know of")
        if request.method == "GET":
            page = read_pairs(self.entity, request.args.get("after", ""))
            return self.render("admin/model/duplicates.html", page=page)
        self.require(Privilege.WRITE)
        if request.form.get("act") == "find":
            self._find()
        else:
            self._dismiss(request.form.get("pair", ""))
        return redirect(self.get_url(".duplicates_view"), 303)

    @expose("/merge/", methods=("GET", "POST"))
    def merge_view(self) -> ResponseReturnValue:
        """GET shows both, POST merges them; the version numbers come from the page shown."""
        self.require(Privilege.READ)
        self.require(Privilege.WRITE)
        if not engine().catalog.duplicate_rules_of(self.entity.logical_name):
            raise RecordNotFound("no rule says that there are duplicates")
        sides = {
            FIRST: self.open(request.values.get("id", "")),
            SECOND: self.open(request.values.get("other", "")),
        }
        if sides[FIRST].record["id"] == sides[SECOND].record["id"]:
            raise RecordNotFound("a record is no duplicate of itself")
        if request.method == "GET":
            return self._merge_page(sides, [])
        wanted = merging.wanted(self.entity, sides)
        try:
            merging.merge(self.entity, wanted)
        except ValidationFailed as error:
            return self._merge_page(
                sides, [one.text(self.language) for one in error.problems]
            ), 400
        except ConcurrencyConflict:
            text = gettext(
                "Someone else has changed one of these records. Nothing was merged. Compare again."
            )
            return self._merge_page(sides, [text]), 409
        flash(gettext("The records were merged. This is the one that stays."), "success")
        return redirect(self.get_url(".details_view", id=wanted.master), 303)

    def looks_for_duplicates(self) -> bool:
        """Whether lists lead to the page; asked by their template."""
        return are_looked_for(self.entity)

    def _merge_page(self, sides: Mapping[str, Opened], problems: list[str]) -> str:
        return str(
            self.render(
                "admin/model/merge.html",
                sides=sides,
                compared=merging.compared(self.entity, sides, self.language),
                master=merging.master_side(),
                problems=problems,
            )
        )

    def _find(self) -> None:
        if engine().run(lambda service: ask_for(service.transaction, FIND)):
            flash(gettext("A worker looks for likely duplicates now. Come back later."), "success")
        else:
            flash(gettext("Likely duplicates are being looked for already."), "info")

    def _dismiss(self, text: str) -> None:
        pair, caller, name = pair_of(text), signed_in(), self.entity.logical_name
        if pair is None:
            raise RecordNotFound("no pair")
        engine().run(lambda service: candidates.dismiss(service, caller, name, pair))
        flash(gettext("These records are not proposed as duplicates any more."), "success")
