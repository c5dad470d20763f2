"""Extracts: what a person asked for and took, and what waits for their decision; each on a page of
its own, with what may be done with it now.

Who may do what is `exchange`'s; here is only whom to ask once more who they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.extraction.downloads import file_answer
from admin_views.extraction.export_form import day
from admin_views.extraction.showing import Shown, full_names, objections, show
from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.signed_in import signed_in
from admin_views.steps import problems_of, too_late
from exchange.extracts import confirming, deciding, downloading, requesting
from exchange.extracts.deciding import Objection
from exchange.extracts.downloading import FETCHED_WITHIN, Outdated
from exchange.extracts.ledger import entry_of, own_extracts, to_decide
from exchange.extracts.seeing import visible
from exchange.extracts.states import State
from extensions import engine
from jobs import extracts
from models.metadata.errors import ConcurrencyConflict, ValidationFailed
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today


@dataclass(frozen=True, slots=True)
class Opened:
    """One extract, and what its reader may do with it."""

    shown: Shown
    is_own: bool
    objection: Objection


class ExtractsPage(GuardedView):
    @expose("/")
    def index(self) -> ResponseReturnValue:
        caller = signed_in()

        def read(service: RecordService) -> tuple[list[Shown], list[Shown], int]:
            waiting, own = to_decide(service, caller), own_extracts(service, caller)
            names = full_names(service, (*waiting.entries, *own.entries))
            shown = [[show(one, names) for one in part.entries] for part in (waiting, own)]
            return shown[0], shown[1], own.count

        waiting, own, count = engine().run(read)
        return self.render("admin/extraction/extracts.html", waiting=waiting, own=own, count=count)

    @expose("/<uuid:extract>/")
    def details(self, extract: UUID) -> ResponseReturnValue:
        return self._details(extract)

    @expose("/<uuid:extract>/approve/", methods=("POST",))
    def approve(self, extract: UUID) -> ResponseReturnValue:
        unproven = step_up.problem(step_up.FOR_MANY)
        if unproven:
            return self._details(extract, problems={"proof": unproven}), 400
        caller = signed_in()
        return self._changed(
            extract,
            lambda service: extracts.approve(service, caller, extract),
            said=gettext("The request was approved. The file is being made."),
        )

    @expose("/<uuid:extract>/reject/", methods=("POST",))
    def reject(self, extract: UUID) -> ResponseReturnValue:
        caller, reason = signed_in(), _line("reason")
        return self._changed(
            extract,
            lambda service: deciding.reject(service, caller, extract, reason=reason),
            said=gettext("The request was rejected."),
        )

    @expose("/<uuid:extract>/withdraw/", methods=("POST",))
    def withdraw(self, extract: UUID) -> ResponseReturnValue:
        caller = signed_in()
        return self._changed(
            extract,
            lambda service: requesting.withdraw(service, caller, extract),
            said=gettext("The request was withdrawn."),
        )

    @expose("/<uuid:extract>/confirm/", methods=("POST",))
    def confirm(self, extract: UUID) -> ResponseReturnValue:
        caller, deleted_on, how = signed_in(), day(_line("deleted_on")), _line("deleted_how")
        return self._changed(
            extract,
            lambda service: confirming.confirm(
                service, caller, extract, deleted_on=deleted_on, how=how
            ),
            said=gettext("The deletion of the file was confirmed."),
        )

    @expose("/<uuid:extract>/download/", methods=("POST",))
    def download(self, extract: UUID) -> ResponseReturnValue:
        unproven = step_up.problem(step_up.FOR_MANY)
        if unproven:
            return self._details(extract, problems={"proof": unproven}), 400
        caller = signed_in()
        try:
            found = downloading.fetch(engine(), caller, extract)
        except Outdated:
            return self._built_anew(caller, extract)
        except ConcurrencyConflict:
            return self._too_late(extract)
        row = found.extract
        title = show(entry_of(row), {}).title
        answer = file_answer(found, format=row.format, title=title, plain_name=row.entity)
        answer.headers["Content-Length"] = str(row.size)
        return answer

    def _details(self, extract_id: UUID, *, problems: Mapping[str, str] | None = None) -> str:
        caller = signed_in()
        opened = engine().run(lambda service: _opened(service, caller, extract_id))
        return self.render(
            "admin/extraction/extract.html",
            opened=opened,
            shown=opened.shown,
            extract=opened.shown.row,
            problems=problems or {},
            typed=request.form,
            objections=objections(),
            proof_within=step_up.FOR_MANY,
            states=State,
            fetched_within=FETCHED_WITHIN,
            today=today().isoformat(),
        )

    def _changed(
        self, extract_id: UUID, act: Callable[[RecordService], None], *, said: str
    ) -> ResponseReturnValue:
        try:
            engine().run(act)
        except ValidationFailed as refused:
            return self._details(extract_id, problems=problems_of(refused)), 400
        except ConcurrencyConflict:
            return self._too_late(extract_id)
        flash(said, "success")
        return self._back(extract_id)

    def _built_anew(self, caller: Caller, extract_id: UUID) -> ResponseReturnValue:
        if not engine().run(lambda service: extracts.build_anew(service, caller, extract_id)):
            return self._too_late(extract_id)
        flash(
            gettext(
                "Since the file was made, a record in it was erased, or your rights were changed."
                " It is being made anew: come back in a few minutes."
            ),
            "info",
        )
        return self._back(extract_id)

    def _too_late(self, extract_id: UUID) -> ResponseReturnValue:
        too_late()
        return self._back(extract_id)

    def _back(self, extract_id: UUID) -> ResponseReturnValue:
        return redirect(self.get_url(".details", extract=extract_id), 303)


def _opened(service: RecordService, caller: Caller, extract_id: UUID) -> Opened:
    row = visible(service, caller, extract_id)
    entry = entry_of(row)
    return Opened(
        show(entry, full_names(service, [entry])),
        row.requested_by == caller.id,
        deciding.objection(service.transaction, caller, row),
    )


def _line(name: str) -> str:
    return " ".join(request.form.get(name, "").split())
