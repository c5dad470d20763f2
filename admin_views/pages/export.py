"""CSV export: chosen here, run through the record service as the caller, streamed as a download.

The page shows how far it is; without JavaScript the download simply starts. What the file looks
like is the business of `exchange`.
"""

import re
from dataclasses import asdict, replace
from urllib.parse import quote
from uuid import UUID

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.language import language
from admin_views.pages.export_form import Exportable, ExportForm, exportables
from admin_views.pages.export_progress import ProgressNote, last_export, read_progress
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from exchange.exporting import Export, ExportOrder
from extensions import engine
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import RecordNotFound
from models.security.privileges import Miscellaneous
from models.tables.base import new_id, utc_now

PLACES_SHOWN = 20
"""While one waits; the page shows all that were kept, afterwards and without JavaScript."""


class ExportPage(GuardedView):
    privilege = Miscellaneous.EXPORT

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        views = exportables(signed_in())
        name = request.values.get("view", "")
        if name and name not in views:
            raise RecordNotFound("no such view")
        chosen = views.get(name) or next(iter(views.values()), None)
        if chosen is None:
            return self.render("admin/pages/export.html", views=views, chosen=None, form=None)
        if request.method == "GET":
            return self._page(views, chosen, form=ExportForm.first(chosen))
        form = ExportForm.read(request.form, chosen)
        if form.problems:
            return self._page(views, chosen, form=form), 400
        return _download(chosen, form, job=identifier(request.form.get("job", "")))

    @expose("/progress/<uuid:job>/")
    def progress(self, job: UUID) -> ResponseReturnValue:
        found = read_progress(engine(), signed_in(), job)
        if found is None:
            return jsonify(status="UNKNOWN"), 404
        places = [str(place) for place in found.places[:PLACES_SHOWN]]
        return jsonify({**asdict(found), "places": places})

    def _page(self, views: dict[str, Exportable], chosen: Exportable, *, form: ExportForm) -> str:
        return self.render(
            "admin/pages/export.html",
            views=views,
            chosen=chosen,
            form=form,
            count=_count(chosen),
            last=last_export(engine(), signed_in()),
            places_shown=PLACES_SHOWN,
            job=new_id(),
            encodings={
                "utf-8-sig": gettext("UTF-8 (Excel opens it as it is)"),
                "cp932": gettext("Shift_JIS (cp932), for older software"),
            },
        )


def _count(chosen: Exportable) -> int:
    caller = signed_in()
    query = replace(chosen.view.query, columns=(), order=(), page_size=1, count=True)
    return engine().run(lambda service: service.retrieve_multiple(caller, query).count) or 0


def _download(chosen: Exportable, form: ExportForm, *, job: UUID) -> Response:
    caller, entity = signed_in(), chosen.offer.entity.logical_name
    note = ProgressNote(engine(), caller, id=job, total=_count(chosen))
    order = ExportOrder(
        query=form.query(chosen),
        view=chosen.view.name,
        purpose=form.purpose,
        recipient=form.recipient,
        encoding=form.encoding,
        language=language(),
    )
    export = Export(engine(), caller, order, progress=note.sent)
    note.start(entity)
    response = Response(note.watched(export), content_type=_content_type(form.encoding))
    response.headers["Content-Disposition"] = _disposition(entity, chosen.title)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _content_type(encoding: str) -> str:
    return f"text/csv; charset={'Shift_JIS' if encoding == 'cp932' else 'utf-8'}; header=present"


def _disposition(entity: str, title: str) -> str:
    """A Japanese file name for today's browsers, an ASCII one for the rest (RFC 6266)."""
    stamp = f"{utc_now().astimezone(LOCAL_ZONE):%Y%m%d-%H%M}"
    safe = re.sub(r'[\\/:*?"<>|\s]+', "_", title)
    name = quote(f"{safe}_{stamp}.csv", safe="")
    return f"attachment; filename=\"{entity}_{stamp}.csv\"; filename*=UTF-8''{name}"
