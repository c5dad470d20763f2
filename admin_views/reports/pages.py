"""The pages of contractors' monthly reports, for who manages users or reads the audit."""

from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from sqlalchemy import select

from admin_views.audit.inspections.months import Month
from admin_views.extraction.downloads import file_answer
from admin_views.extraction.showing import formats
from admin_views.guarding import GuardedView
from admin_views.identity import current_caller
from admin_views.language import language
from admin_views.records.reading import identifier
from admin_views.reports.reading import read_report, write_report
from admin_views.reports.subject import may_read, months_of
from admin_views.signed_in import signed_in
from exchange.formats import FORMATS
from extensions import engine
from models.metadata.errors import RecordNotFound
from models.records.service import RecordService
from models.security.contracts import today
from models.tables.principals import Contractor


@dataclass(frozen=True, slots=True)
class Reported:
    id: UUID
    name: str
    months: tuple[Month, ...]


class ReportsPage(GuardedView):
    def is_accessible(self) -> bool:
        caller = current_caller()
        return caller is not None and may_read(caller)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.render("admin/reports/list.html", contractors=engine().run(_contractors))

    @expose("/<contractor>/<month>/")
    def report(self, contractor: str, month: str) -> ResponseReturnValue:
        caller, wanted = signed_in(), identifier(contractor)
        found = engine().run(lambda service: read_report(service, caller, wanted, month))
        return self.render(
            "admin/reports/report.html",
            report=found,
            formats=formats(),
            made_on=today(),
        )

    @expose("/<contractor>/<month>/file/", methods=("POST",))
    def file(self, contractor: str, month: str) -> ResponseReturnValue:
        caller, wanted, name = signed_in(), identifier(contractor), request.form.get("format", "")
        if name not in FORMATS:
            raise RecordNotFound("no such format")
        found, content = engine().run(
            lambda service: write_report(service, caller, wanted, month, format=name)
        )
        told = found.subject.month.text(language())
        title = f"{gettext('Report on contracted work')}_{found.subject.name}_{told}"
        return file_answer([content], format=name, title=title, plain_name=f"report_{month}")


def _contractors(service: RecordService) -> list[Reported]:
    rows = service.transaction.read(select(Contractor.__table__).order_by(Contractor.name))
    return [Reported(row.id, row.name, tuple(months_of(row))) for row in rows]
