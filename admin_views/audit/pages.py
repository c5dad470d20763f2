"""The log's page and the page of one record's history, for those who inspect the audit."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.audit import words
from admin_views.audit.choices import Choices
from admin_views.audit.entries import show
from admin_views.audit.filters import entry_number, read_filter
from admin_views.audit.finding import find
from admin_views.audit.history import read_history
from admin_views.guarding import GuardedView
from admin_views.signed_in import signed_in
from extensions import engine
from models.records.service import RecordService
from models.security.contracts import today
from models.security.privileges import Miscellaneous, Privilege

PAGE_SIZE = 50


class AuditPage(GuardedView):
    privilege = Miscellaneous.READ_AUDIT

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.render(
            "admin/audit/log.html", acts=words.acts(), groups=words.groups(), **engine().run(_log)
        )

    @expose("/record/<entity>/<uuid:record>/")
    def history(self, entity: str, record: UUID) -> ResponseReturnValue:
        """Told by the log alone, so that it outlives the record and its entity."""
        before = entry_number(request.args.get("before", ""))
        found = engine().run(lambda s: read_history(s, entity, record, before=before))
        return self.render(
            "admin/audit/history.html",
            history=found,
            entity=entity,
            record=record,
            may_read=signed_in().has(entity, Privilege.READ),
            printed_on=today(),
        )


def _log(service: RecordService) -> dict[str, object]:
    choices = Choices.read(service.transaction)
    wanted = read_filter(request.args, choices)
    rows = []
    if not wanted.problems:
        rows = find(service.transaction, wanted.question, most=PAGE_SIZE + 1)
    entries = show(service.transaction, rows[:PAGE_SIZE])
    older = entries[-1].sequence if len(rows) > PAGE_SIZE else None
    return {
        "choices": choices,
        "wanted": wanted,
        "entries": entries,
        "older": older,
        "is_first": wanted.question.before is None,
    }
