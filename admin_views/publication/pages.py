"""The pages of publication: the public views, the check of one, the world's pages before they are
the world's; and the steps from a request to its end."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import current_caller, step_up
from admin_views.language import language
from admin_views.publication import deciding
from admin_views.publication.checking import Check, check, preview
from admin_views.publication.reading import Standing, standing
from admin_views.publication.words import kinds, places, states
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from admin_views.steps import take
from exchange.publication.reading import asked_for, read_entry, read_page
from exchange.publication.showing import shown_list, shown_record
from extensions import engine
from models.records.service import RecordService
from models.security.privileges import Miscellaneous
from models.security.publications import Published, through
from models.tables.publications import LONGEST_REASON


class PublicationPage(GuardedView):
    def is_accessible(self) -> bool:
        caller = current_caller()
        return caller is not None and any(caller.may(one) for one in deciding.EITHER)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        caller = signed_in()

        def read(service: RecordService) -> list[Standing]:
            views = service.catalog.public_views.values()
            return [standing(service, one) for one in views if deciding.sees_all(caller, one)]

        found = engine().run(read)
        return self.render("admin/publication/list.html", views=found, states=states())

    @expose("/<view>/")
    def check(self, view: str) -> ResponseReturnValue:
        return self._page(view)

    @expose("/<view>/preview/")
    def preview(self, view: str) -> ResponseReturnValue:
        def read(service: RecordService) -> str:
            opened = self._through(service, view)
            page = read_page(service, opened, asked_for(request.args), language=language())
            entity = service.catalog.entity(opened.view.entity)
            where = preview(opened.view)
            shown = shown_list(entity, opened, page, language=language(), addresses=where)
            return _as_the_world("list", view, shown)

        return engine().run(read)

    @expose("/<view>/preview/record/")
    def preview_one(self, view: str) -> ResponseReturnValue:
        record = identifier(request.args.get("id", ""))

        def read(service: RecordService) -> str:
            opened, speaks = self._through(service, view), language()
            entry = read_entry(service, opened, record, language=speaks)
            shown = shown_record(opened, entry, language=speaks, addresses=preview(opened.view))
            return _as_the_world("record", view, shown)

        return engine().run(read)

    @expose("/<view>/request/", methods=("POST",))
    def request(self, view: str) -> ResponseReturnValue:
        caller, fingerprint = signed_in(), request.form.get("fingerprint", "")
        return self._changed(
            view,
            lambda service: deciding.request(service, caller, view, fingerprint=fingerprint),
            said=gettext("The publication was requested. Another person has to approve it."),
        )

    @expose("/<view>/approve/", methods=("POST",))
    def approve(self, view: str) -> ResponseReturnValue:
        caller, asked = signed_in(), _publication()
        return self._changed(
            view,
            lambda service: deciding.approve(service, caller, asked),
            said=gettext("The publication was approved. It is live now."),
        )

    @expose("/<view>/return/", methods=("POST",))
    def give_back(self, view: str) -> ResponseReturnValue:
        caller, asked = signed_in(), _publication()
        reason = " ".join(request.form.get("reason", "").split())
        return self._changed(
            view,
            lambda service: deciding.give_back(service, caller, asked, reason=reason),
            said=gettext("The request was returned."),
            proof=False,
        )

    @expose("/<view>/withdraw/", methods=("POST",))
    def withdraw(self, view: str) -> ResponseReturnValue:
        """At once, and without a proof: what should not be public waits for nothing."""
        caller, asked = signed_in(), _publication()
        return self._changed(
            view,
            lambda service: deciding.withdraw(service, caller, asked),
            said=gettext("It is not public any more."),
            proof=False,
        )

    def _through(self, service: RecordService, name: str) -> Published:
        return through(deciding.view_of(service, signed_in(), name))

    def _page(self, name: str, problems: Mapping[str, str] | None = None) -> str:
        caller, speaks = signed_in(), language()

        def read(service: RecordService) -> tuple[Standing, Check]:
            opened = self._through(service, name)
            return standing(service, opened.view), check(service, opened, language=speaks)

        now, checked = engine().run(read)
        return self.render(
            "admin/publication/check.html",
            now=now,
            view=now.view,
            checked=checked,
            shown=checked.page,
            problems=problems or {},
            states=states(),
            kinds=kinds(),
            places=places(now.view, engine().catalog.entity(now.view.entity)),
            is_own=now.is_own(caller),
            may_request=caller.may(Miscellaneous.REQUEST_PUBLICATION),
            may_approve=caller.may(Miscellaneous.APPROVE_PUBLICATION),
            in_support=caller.supporter is not None,
            typed=request.form,
            longest_reason=LONGEST_REASON,
            proof_within=step_up.FOR_MANY,
        )

    def _changed(
        self, view: str, act: Callable[[RecordService], object], *, said: str, proof: bool = True
    ) -> ResponseReturnValue:
        problems = take(act, said=said, proof=proof)
        if problems:
            return self._page(view, problems), 400
        return redirect(self.get_url(".check", view=view), 303)


def _as_the_world(template: str, view: str, shown: object) -> str:
    """The public's own template, which says besides that it is not public yet."""
    address = url_for("publication.check", view=view)
    return render_template(f"public/published/{template}.html", shown=shown, check_address=address)


def _publication() -> UUID:
    return identifier(request.form.get("publication", ""))
