"""The pages of what applicants ask for: a list, open ones first, and each with its decision."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.applicants import deciding
from admin_views.applicants.reading import (
    MOST,
    Request,
    read_request,
    read_requests,
    served_entities,
)
from admin_views.applicants.words import kinds, states
from admin_views.guarding import GuardedView
from admin_views.identity import current_caller, step_up
from admin_views.language import language
from admin_views.records.reading import identifier
from admin_views.records.versions import version_sent
from admin_views.signed_in import signed_in
from admin_views.steps import take
from extensions import engine
from forms.applicants.register import LONGEST
from models.records.service import RecordService
from models.security.caller import Caller


class ApplicantsPage(GuardedView):
    def is_accessible(self) -> bool:
        caller = current_caller()
        return caller is not None and bool(served_entities(engine().catalog, caller))

    @expose("/")
    def index(self) -> ResponseReturnValue:
        caller = signed_in()
        found, are_more = engine().run(lambda service: read_requests(service, caller))
        return self.render(
            "admin/applicants/list.html",
            requests=found,
            are_more=are_more,
            most=MOST,
            kinds=kinds(),
            states=states(),
        )

    @expose("/request/")
    def show(self) -> ResponseReturnValue:
        return self._page(identifier(request.args.get("id", "")))

    @expose("/erase/", methods=("POST",))
    def erase(self) -> ResponseReturnValue:
        asked, version = identifier(request.form.get("id", "")), version_sent()
        return self._decided(
            asked,
            lambda s, caller: deciding.erase(s, caller, asked, version=version),
            said=gettext("The record was erased. The person is told by mail."),
        )

    @expose("/refuse/", methods=("POST",))
    def refuse(self) -> ResponseReturnValue:
        asked = identifier(request.form.get("id", ""))
        answer = request.form.get("answer", "")
        return self._decided(
            asked,
            lambda s, caller: deciding.refuse(s, caller, asked, answer=answer),
            said=gettext("The request was refused. The person is told by mail."),
            proof=False,
        )

    def _page(self, asked: UUID, problems: Mapping[str, str] | None = None) -> str:
        caller = signed_in()

        def read(service: RecordService) -> tuple[Request, object]:
            found = read_request(service, caller, asked)
            return found, _version(service, caller, found)

        found, version = engine().run(read)
        names = found.entity.attributes
        return self.render(
            "admin/applicants/request.html",
            asked=found,
            version=version,
            attributes=[
                names[one].display_name.text(language())
                for one in found.attributes
                if one in names
            ],
            problems=problems or {},
            kinds=kinds(),
            states=states(),
            in_support=caller.supporter is not None,
            typed=request.form,
            longest=LONGEST,
            proof_within=step_up.FOR_MANY,
        )

    def _decided(
        self,
        asked: UUID,
        act: Callable[[RecordService, Caller], None],
        *,
        said: str,
        proof: bool = True,
    ) -> ResponseReturnValue:
        caller = signed_in()
        problems = take(lambda service: act(service, caller), said=said, proof=proof)
        if problems:
            return self._page(asked, problems), 400
        return redirect(self.get_url(".index"), 303)


def _version(service: RecordService, caller: Caller, asked: Request) -> object:
    """Of the record as it is now; None where there is none."""
    if not asked.is_there or not asked.may_decide:
        return None
    entity, record_id = asked.entity.logical_name, asked.row.record_id
    record = service.retrieve(caller, entity, record_id, columns=["versionnumber"])
    return record["versionnumber"]
