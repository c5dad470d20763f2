"""The report of an incident: written, printed, taken as a file; and whom to tell of it."""

from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.extraction.showing import formats
from admin_views.guarding import GuardedView
from admin_views.incidents import notices, register
from admin_views.incidents.draft import report
from admin_views.incidents.law import ITEMS
from admin_views.incidents.reading import Opened, read_incident
from admin_views.incidents.texts import LONGEST
from admin_views.language import language, local_time
from admin_views.papers.files import PaperFile, paper_formats, require_format, write
from admin_views.people.entering import Entered
from admin_views.records.reading import identifier
from admin_views.records.showing import show
from admin_views.records.versions import version_sent
from admin_views.signed_in import signed_in
from exchange.formats import FORMATS
from exchange.papers.paper import Paper, Section
from extensions import engine
from models.metadata.errors import ConcurrencyConflict, RecordNotFound, ValidationFailed
from models.records.service import RecordService
from models.security.contracts import today
from models.security.privileges import Miscellaneous


class ReportPages(GuardedView):
    @expose("/report/", methods=("GET", "POST"))
    def report(self) -> ResponseReturnValue:
        """GET shows the nine items, to be changed or printed; POST keeps what was written."""
        incident = identifier(request.values.get("id", ""))
        if request.method == "GET":
            return self._report(incident)
        items = {name: request.form.get(name, "") for name in ITEMS}
        caller, version = signed_in(), version_sent()
        try:
            engine().run(
                lambda s: register.write_report(s, caller, incident, items, version=version)
            )
        except ValidationFailed as error:
            return self._report(incident, Entered.sent_again(items).explained(error)), 400
        except ConcurrencyConflict:
            flash(gettext("It was changed by somebody else meanwhile. Nothing was done."), "error")
        else:
            flash(gettext("The report was saved."), "success")
        return redirect(self.get_url(".report", id=incident), 303)

    @expose("/file/", methods=("POST",))
    def file(self) -> ResponseReturnValue:
        incident, caller = identifier(request.form.get("id", "")), signed_in()
        format = require_format(request.form.get("format", ""))

        def make(service: RecordService) -> PaperFile:
            made = write(_paper(read_incident(service, incident)), format)
            service.audit(
                caller,
                "write_incident_report",
                record_id=incident,
                format=format,
                sha256=made.sha256,
            )
            return made

        return engine().run(make).answer("incident")

    @expose("/notice/", methods=("GET", "POST"))
    def notice(self) -> ResponseReturnValue:
        """GET lists the affected records as the reader sees them; POST asks for them as a file."""
        incident, caller = identifier(request.values.get("id", "")), signed_in()
        name = request.values.get("about", "")
        if request.method == "GET":
            return self._notices(incident, name)
        if request.form.get("format") not in FORMATS:
            raise RecordNotFound("no such format")
        try:
            extract = notices.request_notices(
                caller, incident, name, format=request.form["format"]
            )
        except ValidationFailed as error:
            [problem, *_] = error.problems
            return self._notices(incident, name, problem.text(language())), 400
        flash(gettext("The request was sent. You can follow it on this page."), "success")
        return redirect(self.get_url("extracts.details", extract=extract), 303)

    def _report(self, incident: UUID, entered: Entered | None = None) -> str:
        opened = engine().run(lambda service: read_incident(service, incident))
        return self.render(
            "admin/incidents/report.html",
            opened=opened,
            entered=entered or Entered.sent_again(report(opened)),
            items={name: label.text(language()) for name, label in ITEMS.items()},
            formats=paper_formats(),
            longest=LONGEST,
            may_write=signed_in().supporter is None and not opened.shown.is_closed,
            made_on=today(),
        )

    def _notices(self, incident: UUID, name: str, problem: str = "") -> str:
        caller, speaks = signed_in(), language()
        opened, found = engine().run(
            lambda s: (
                read_incident(s, incident),
                notices.read_notices(s, caller, incident, name),
            )
        )
        rows = [
            [
                show(one, row.get(one.logical_name), language=speaks, names={})
                for one in found.columns
            ]
            for row in found.records
        ]
        return self.render(
            "admin/incidents/notices.html",
            opened=opened,
            found=found,
            rows=rows,
            shown=notices.SHOWN,
            most=notices.MOST,
            formats=formats(),
            problem=problem,
            may_request=caller.may(Miscellaneous.EXPORT) and caller.supporter is None,
        )


def _paper(opened: Opened) -> Paper:
    number = opened.shown.number(language())
    titles = (label.text(language()) for label in ITEMS.values())
    return Paper(
        title=gettext("Report of an incident: %(number)s", number=number),
        introduction=gettext("Known since %(time)s", time=local_time(opened.facts.known_on)),
        columns=(gettext("Item"), gettext("Content")),
        sections=(Section("", tuple(zip(titles, report(opened).values(), strict=True))),),
    )
