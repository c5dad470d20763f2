"""Export: chosen here; what needs nobody's approval is streamed as a download, the rest is asked
for on a second page that shows how many records and which personal columns it is about.

The page shows how far a download is; without JavaScript it simply starts. What the file looks
like, and which exports need approval, is the business of `exchange`.
"""

from dataclasses import asdict, replace
from uuid import UUID

from flask import Response, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.extraction.downloads import file_answer
from admin_views.extraction.export_form import Exportable, ExportForm, exportables
from admin_views.extraction.export_progress import ProgressNote, last_export, read_progress
from admin_views.extraction.showing import formats
from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from admin_views.steps import problems_of
from exchange.exporting import Export
from exchange.extracts import requesting
from exchange.formats import require_fitting
from exchange.orders import Door
from extensions import engine
from models.metadata.errors import RecordNotFound, ValidationFailed
from models.security.privileges import Miscellaneous
from models.tables.base import new_id

PLACES_SHOWN = 20
TO_CHOOSE = "to choose what is exported"
"""An export states its purpose itself: what may be asked for does not wait for another."""
"""While one waits; the page shows all that were kept, afterwards and without JavaScript."""


class ExportPage(GuardedView):
    privilege = Miscellaneous.EXPORT

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        views, chosen = self._chosen()
        if chosen is None:
            return self.render("admin/extraction/export.html", views=views, chosen=None, form=None)
        if request.method == "GET":
            return self._page(views, chosen, form=ExportForm.first(chosen))
        form = ExportForm.read(request.form, chosen)
        if form.problems:
            return self._page(views, chosen, form=form), 400
        if form.needs_approval(chosen, signed_in()):
            return self._check(views, chosen, form=form)
        return self._export(views, chosen, form=form)

    @expose("/request/", methods=("POST",))
    def ask(self) -> ResponseReturnValue:
        """The request that the second page states once more."""
        views, chosen = self._chosen()
        if chosen is None:
            raise RecordNotFound("no view to export")
        form = ExportForm.read(request.form, chosen)
        try:
            if not form.problems:
                return self._asked(chosen, form)
        except ValidationFailed as refused:
            form = form.with_problems(problems_of(refused))
        return self._page(views, chosen, form=form), 400

    @expose("/progress/<uuid:job>/")
    def progress(self, job: UUID) -> ResponseReturnValue:
        found = read_progress(engine(), signed_in(), job)
        if found is None:
            return jsonify(status="UNKNOWN"), 404
        places = [str(place) for place in found.places[:PLACES_SHOWN]]
        return jsonify({**asdict(found), "places": places})

    def _chosen(self) -> tuple[dict[str, Exportable], Exportable | None]:
        """All views, and the one that was asked for, or the first; RecordNotFound for another."""
        views = exportables(signed_in().for_purpose(TO_CHOOSE))
        name = request.values.get("view", "")
        if name and name not in views:
            raise RecordNotFound("no such view")
        return views, views.get(name) or next(iter(views.values()), None)

    def _page(self, views: dict[str, Exportable], chosen: Exportable, *, form: ExportForm) -> str:
        caller = signed_in()
        is_direct = not form.needs_approval(chosen, caller)
        return self.render(
            "admin/extraction/export.html",
            views=views,
            chosen=chosen,
            form=form,
            count=_count(chosen),
            last=last_export(engine(), caller),
            places_shown=PLACES_SHOWN,
            job=new_id(),
            formats=formats(),
            proof_within=step_up.FOR_MANY,
            asks_proof=is_direct or "proof" in form.problems,
            may_be_direct=caller.may(Miscellaneous.EXPORT_WITHOUT_APPROVAL),
        )

    def _check(
        self, views: dict[str, Exportable], chosen: Exportable, *, form: ExportForm
    ) -> ResponseReturnValue:
        """What would be asked for, before it is; with what is missing for that, the first page."""
        problems = form.problems_at(chosen, Door.REQUEST)
        if problems:
            return self._page(views, chosen, form=form.with_problems(problems)), 400
        return self.render(
            "admin/extraction/check.html",
            chosen=chosen,
            form=form,
            count=_count(chosen),
            titles=form.titles(chosen, signed_in()),
            formats=formats(),
        )

    def _asked(self, chosen: Exportable, form: ExportForm) -> ResponseReturnValue:
        order = form.order(chosen, door=Door.REQUEST)
        extract_id = requesting.request(engine(), signed_in(), order)
        flash(gettext("The request was sent. You can follow it on this page."), "success")
        return redirect(self.get_url("extracts.details", extract=extract_id), 303)

    def _export(
        self, views: dict[str, Exportable], chosen: Exportable, *, form: ExportForm
    ) -> ResponseReturnValue:
        unproven = step_up.problem(step_up.FOR_MANY)
        problems = {"proof": unproven} if unproven else form.problems_at(chosen, Door.PAGE)
        try:
            if not problems:
                return _download(chosen, form, job=identifier(request.form.get("job", "")))
        except ValidationFailed as refused:
            problems = problems_of(refused)
        return self._page(views, chosen, form=form.with_problems(problems)), 400


def _count(chosen: Exportable) -> int:
    caller = signed_in()
    query = replace(chosen.view.query, columns=(), order=(), page_size=1, count=True)
    return engine().run(lambda service: service.retrieve_multiple(caller, query).count) or 0


def _download(chosen: Exportable, form: ExportForm, *, job: UUID) -> Response:
    caller, entity = signed_in(), chosen.offer.entity.logical_name
    note = ProgressNote(engine(), caller, id=job, total=_count(chosen))
    export = Export(engine(), caller, form.order(chosen, door=Door.PAGE), progress=note.sent)
    require_fitting(form.format, export.columns, records=note.total)
    note.start(entity)
    return file_answer(
        note.watched(export), format=form.format, title=chosen.title, plain_name=entity
    )
