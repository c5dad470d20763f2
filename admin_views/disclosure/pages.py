"""The pages of the register of requests: the list, a new one, one with its steps, and the paper of
all that is held on the person."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.applicants import words as applicants
from admin_views.applicants.reading import read_requests
from admin_views.disclosure import correcting, freezing, gathering, others, register, words
from admin_views.disclosure.deciding import Decision, decide
from admin_views.disclosure.filing import Filing, formats_for
from admin_views.disclosure.others import of_the_same_person
from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from admin_views.steps import problems_of, take, too_late
from extensions import engine
from models.metadata.errors import ConcurrencyConflict, ValidationFailed
from models.records.holdings import Found
from models.records.person_requests import PERSON
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Miscellaneous
from models.tables.requests import KINDS

GIVEN = ("kind", "received_on", *PERSON)
SAID = ("answer", "before", "after", "elsewhere")
HANDLER_PROOF = "handler_proof"
Step = Callable[[RecordService, Caller, UUID], object]


class DisclosurePage(GuardedView):
    privilege = Miscellaneous.ANSWER_REQUESTS

    @expose("/")
    def index(self) -> ResponseReturnValue:
        caller = signed_in()
        found, by_mail = engine().run(
            lambda service: (register.read_all(service, caller), read_requests(service, caller)[0])
        )
        return self._drawn(
            "list",
            requests=found,
            by_mail=by_mail,
            mail_kinds=applicants.kinds(),
            mail_states=applicants.states(),
        )

    @expose("/new/", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        caller = signed_in()
        if request.method == "GET":
            return self._new_page({})
        given = {name: request.form.get(name, "").strip() for name in GIVEN}
        try:
            made = engine().run(lambda service: register.enter(service, caller, given))
        except ValidationFailed as refused:
            return self._new_page(problems_of(refused)), 400
        flash(gettext("The request was entered."), "success")
        return redirect(self.get_url(".show", id=made), 303)

    @expose("/request/")
    def show(self) -> ResponseReturnValue:
        return self._page(identifier(request.args.get("id", "")))

    @expose("/identify/", methods=("POST",))
    def identify(self) -> ResponseReturnValue:
        how = _text("how")
        return self._done(lambda s, caller, one: register.identify(s, caller, one, how=how))

    @expose("/put-off/", methods=("POST",))
    def put_off(self) -> ResponseReturnValue:
        reason = _text("reason")
        return self._done(lambda s, caller, one: register.put_off(s, caller, one, reason=reason))

    @expose("/decide/", methods=("POST",))
    def decide(self) -> ResponseReturnValue:
        said = {name: request.form.get(name, "").strip() for name in SAID}
        chosen = frozenset(int(n) for n in request.form.getlist("change") if n.isdecimal())
        decision = Decision(granted="grant" in request.form, changes=chosen, **said)

        def step(service: RecordService, caller: Caller, one: UUID) -> None:
            decide(service, caller, one, decision)
            if not decision.granted:
                freezing.release(service, caller, one)

        return self._done(step)

    @expose("/freeze/", methods=("POST",))
    def freeze(self) -> ResponseReturnValue:
        return self._done(freezing.freeze)

    @expose("/release/", methods=("POST",))
    def release(self) -> ResponseReturnValue:
        return self._done(freezing.release)

    @expose("/take-over/", methods=("POST",))
    def take_over(self) -> ResponseReturnValue:
        unproven = step_up.problem(step_up.FOR_MANY)
        if unproven:
            asked = identifier(request.form.get("id", ""))
            return self._page(asked, {HANDLER_PROOF: unproven}), 400
        return self._done(freezing.take_over)

    @expose("/held/", methods=("POST",))
    def held(self) -> ResponseReturnValue:
        """All that is held, to be read or printed, or as a file; of who was identified."""
        asked, format = identifier(request.form.get("id", "")), request.form.get("format", "")
        unproven = step_up.problem(step_up.FOR_MANY)
        if unproven:
            return self._page(asked, {step_up.CONTROL: unproven}), 400
        try:
            return self._given(asked, format)
        except ValidationFailed as refused:
            return self._page(asked, problems_of(refused)), 400
        except ConcurrencyConflict:
            too_late()
            return redirect(self.get_url(".show", id=asked), 303)

    def _given(self, asked: UUID, format: str) -> ResponseReturnValue:
        caller = signed_in()
        register.require_own_name(caller)
        one, found = engine().run(lambda service: _found(service, caller, asked))
        purpose = words.kinds()[one.row.kind]
        if format:
            return Filing(engine(), caller, one, found, purpose).answer(format)
        return self._held(one, found, purpose)

    def _held(self, one: register.Request, found: list[Found], purpose: str) -> str:
        """It is read without the write lock, and noted once it was read."""
        caller = signed_in()
        gathered, requests = engine().run(
            lambda service: (
                gathering.newest(service, caller, found, purpose=purpose),
                others.gathered(service, caller, one),
            )
        )
        ids = [record.id for record in gathered]
        engine().run(lambda service: register.note_gathered(service, caller, one.row.id, ids))
        count = gathering.count(found)
        held = {"gathered": gathered, "requests": requests, "count": count}
        return self._drawn("held", asked=one, printed_on=today(), **held)

    def _new_page(self, problems: Mapping[str, str]) -> str:
        return self._drawn(
            "new",
            problems=problems,
            typed=request.form,
            known=KINDS,
            today=today(),
            longest=register.LONGEST_TEXT,
        )

    def _page(self, asked: UUID, problems: Mapping[str, str] | None = None) -> str:
        caller = signed_in()

        def read(service: RecordService) -> tuple[register.Request, int, dict[str, Any]]:
            one = register.read(service, caller, asked)
            found = gathering.find(service, caller, one) if one.is_open else []
            others = of_the_same_person(service, caller, one)
            told = {
                "suspension": freezing.standing(service, one),
                "others": [other for other in others if other.row.id != asked],
                "changes": correcting.changes(service, caller, one) if one.is_open else (),
            }
            service.audit(caller, "read_person_request", request=asked.hex)
            return one, gathering.count(found), told

        one, count, told = engine().run(read)
        return self._drawn(
            "request",
            asked=one,
            count=count,
            **told,
            is_handler=told["suspension"].handler_id == caller.id,
            formats=formats_for(count),
            most_records=gathering.MOST_RECORDS,
            problems=problems or {},
            typed=request.form,
            in_support=caller.supporter is not None,
            proof_within=step_up.FOR_MANY,
            longest=register.LONGEST_TEXT,
        )

    def _done(self, step: Step) -> ResponseReturnValue:
        asked, caller = identifier(request.form.get("id", "")), signed_in()
        problems = take(
            lambda service: step(service, caller, asked),
            said=gettext("The register was brought up to date."),
        )
        if problems:
            return self._page(asked, problems), 400
        return redirect(self.get_url(".show", id=asked), 303)

    def _drawn(self, page: str, **arguments: object) -> str:
        return self.render(
            f"admin/disclosure/{page}.html",
            kinds=words.kinds(),
            states=words.states(),
            **arguments,
        )


def _found(
    service: RecordService, caller: Caller, asked: UUID
) -> tuple[register.Request, list[Found]]:
    one = register.read(service, caller, asked)
    if not one.is_open:
        raise ConcurrencyConflict("request of a person")
    one.require_identified()
    return one, gathering.find(service, caller, one)


def _text(name: str) -> str:
    return " ".join(request.form.get(name, "").split())
