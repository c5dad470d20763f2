"""The pages of the register of incidents: the list, a new one, one with its clock and steps."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.audit.names import entity_name
from admin_views.identity import current_caller, step_up
from admin_views.incidents import facts, register, suspicion
from admin_views.incidents.law import DUTIES, ITEMS, KINDS, PROTECTED
from admin_views.incidents.reading import (
    Opened,
    accounts_of,
    contractors_of,
    read_incident,
    read_incidents,
)
from admin_views.incidents.report_pages import ReportPages
from admin_views.incidents.rights import may_ask_log, may_keep
from admin_views.incidents.words import states
from admin_views.language import language
from admin_views.people.entering import Entered
from admin_views.records.reading import identifier
from admin_views.records.versions import version_sent
from admin_views.signed_in import signed_in
from admin_views.steps import problems_of
from extensions import engine
from models.metadata.errors import ConcurrencyConflict, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import utc_now

Act = Callable[[RecordService, Caller], object]


class IncidentsPage(ReportPages):
    def is_accessible(self) -> bool:
        caller = current_caller()
        return caller is not None and may_keep(caller)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = engine().run(lambda service: read_incidents(service.transaction))
        return self.render(
            "admin/incidents/list.html", incidents=found, states=states(), kinds=told(KINDS)
        )

    @expose("/new/", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._form(Entered.nothing(facts.CONTROLS))
        entered, caller = facts.sent(), signed_in()
        if entered.problems:
            return self._form(entered), 400
        try:
            found = engine().run(
                lambda s: register.enter(s, caller, facts.facts_of(entered, _contractors(s)))
            )
        except ValidationFailed as error:
            return self._form(entered.explained(error)), 400
        said = gettext("The incident was entered. The days are counted from when it was known.")
        flash(said, "success")
        return redirect(self.get_url(".show", id=found), 303)

    @expose("/change/", methods=("GET", "POST"))
    def change(self) -> ResponseReturnValue:
        incident = identifier(request.values.get("id", ""))
        opened = engine().run(lambda service: read_incident(service, incident))
        if request.method == "GET":
            return self._form(facts.written(opened.facts), opened)
        entered, version = facts.sent(), version_sent()
        if entered.problems:
            return self._form(entered, opened), 400

        def amend(service: RecordService, caller: Caller) -> None:
            stated = facts.facts_of(entered, _contractors(service))
            register.amend(service, caller, incident, stated, version=version)

        try:
            return self._done(incident, amend, said=gettext("The facts were changed."))
        except ValidationFailed as error:
            return self._form(entered.explained(error), opened), 400

    @expose("/incident/")
    def show(self) -> ResponseReturnValue:
        return self._page(identifier(request.args.get("id", "")))

    @expose("/ask/", methods=("POST",))
    def ask(self) -> ResponseReturnValue:
        """What of the access log is looked at, from now on."""
        incident, version = identifier(request.form.get("id", "")), version_sent()
        typed = {name: request.form.get(name, "").strip() for name in ASKED}
        try:
            asked = suspicion.sent(typed)
        except ValidationFailed as error:
            return self._page(incident, problems_of(error)), 400
        return self._done(
            incident,
            lambda s, caller: register.ask(s, caller, incident, asked, version=version),
            said=gettext("The access log was asked."),
        )

    @expose("/step/", methods=("POST",))
    def step(self) -> ResponseReturnValue:
        incident, step = identifier(request.form.get("id", "")), request.form.get("step", "")
        unproven = step_up.problem(step_up.FOR_MANY)
        if unproven:
            return self._page(incident, {step_up.CONTROL: unproven}), 400
        return self._done(
            incident,
            lambda s, caller: register.take(s, caller, incident, step),
            said=gettext("The step was noted."),
        )

    def _done(self, incident: UUID, act: Act, *, said: str) -> ResponseReturnValue:
        caller = signed_in()
        try:
            engine().run(lambda service: act(service, caller))
        except ConcurrencyConflict:
            flash(gettext("It was changed by somebody else meanwhile. Nothing was done."), "error")
        else:
            flash(said, "success")
        return redirect(self.get_url(".show", id=incident), 303)

    def _form(self, entered: Entered, opened: Opened | None = None) -> str:
        contractors = engine().run(lambda service: contractors_of(service.transaction))
        return self.render(
            "admin/incidents/facts.html",
            entered=entered,
            opened=opened,
            contractors=choices(contractors),
            kinds=[{"name": one, "label": text} for one, text in told(KINDS).items()],
            protections=[{"name": one, "label": text} for one, text in told(PROTECTED).items()],
            now=facts.typed_time(utc_now()),
            proof_within=step_up.FOR_A_VALUE,
        )

    def _page(self, incident: UUID, problems: Mapping[str, str] | None = None) -> str:
        caller = signed_in()

        def read(service: RecordService) -> tuple[Opened, list[object], list[object]]:
            return (
                read_incident(service, incident),
                choices(accounts_of(service.transaction)),
                choices(contractors_of(service.transaction)),
            )

        opened, accounts, contractors = engine().run(read)
        return self.render(
            "admin/incidents/incident.html",
            opened=opened,
            entered=_asked(opened, problems or {}),
            accounts=accounts,
            contractors=contractors,
            states=states(),
            kinds=told(KINDS),
            protections=told(PROTECTED),
            duties=told(DUTIES),
            items=told(ITEMS),
            entity_name=entity_name,
            may_ask=may_ask_log(caller) and caller.supporter is None,
            may_write=caller.supporter is None,
            proof_within=step_up.FOR_MANY,
        )


ASKED = (*suspicion.IDS, *suspicion.TIMES)


def told(labels: Mapping[str, Label]) -> dict[str, str]:
    return {name: label.text(language()) for name, label in labels.items()}


def choices(named: list[tuple[UUID, str]]) -> list[object]:
    return [{"name": str(one), "label": name} for one, name in named]


def _contractors(service: RecordService) -> dict[str, UUID]:
    return {str(one): one for one, _ in contractors_of(service.transaction)}


def _asked(opened: Opened, problems: Mapping[str, str]) -> Entered:
    """The form of the question: as it was sent, or as it stands."""
    if problems:
        return Entered({name: (request.form.get(name, ""),) for name in ASKED}, problems)
    values = {name: (text,) for name, text in opened.suspicion.stored().items()}
    for name in suspicion.TIMES:
        moment = getattr(opened.suspicion, name)
        if moment is not None:
            values[name] = (facts.typed_time(moment),)
    return Entered(values)
