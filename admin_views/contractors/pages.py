"""The pages of contractors, for those who manage users: list, new, change, and whose accounts."""

import re
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.contractors import changing, form
from admin_views.contractors.reading import (
    read_contract,
    read_contracted_accounts,
    read_contracts,
)
from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.language import language
from admin_views.people.entering import Entered
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import ValidationFailed
from models.security.privileges import Miscellaneous

NO_VERSION = -1


class ContractorsPage(GuardedView):
    privilege = Miscellaneous.MANAGE_USERS

    @expose("/")
    def index(self) -> ResponseReturnValue:
        speaks = language()
        found = engine().run(lambda s: read_contracts(s.transaction, s.catalog, language=speaks))
        return self.render("admin/contractors/list.html", contracts=found, standings=standings())

    @expose("/new/", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        catalog = engine().catalog
        if request.method == "GET":
            return self._form("new", entered=form.nothing(catalog))
        entered = form.sent(catalog)
        if entered.problems:
            return self._form("new", entered=entered), 400
        try:
            changing.create(signed_in(), form.terms_of(catalog, entered))
        except ValidationFailed as error:
            return self._form("new", entered=form.explained(entered, error)), 400
        return self._done(gettext("The contractor was added."))

    @expose("/change/", methods=("GET", "POST"))
    def change(self) -> ResponseReturnValue:
        contractor_id, catalog = identifier(request.values.get("id", "")), engine().catalog
        if request.method == "GET":
            row = engine().run(lambda service: changing.row_of(service, contractor_id))
            entered = form.written(catalog, row)
            return self._change_form(contractor_id, entered, version=row["version"])
        entered, version = form.sent(catalog), _version()
        if entered.problems:
            return self._change_form(contractor_id, entered, version=version), 400
        try:
            terms = form.terms_of(catalog, entered)
            changing.change(signed_in(), contractor_id, terms, version=version)
        except ValidationFailed as error:
            entered = form.explained(entered, error)
            return self._change_form(contractor_id, entered, version=version), 400
        return self._done(gettext("The contract holds from the accounts' next request."))

    def _change_form(self, contractor_id: UUID, entered: Entered, *, version: int) -> str:
        speaks = language()
        contract, accounts = engine().run(
            lambda s: (
                read_contract(s.transaction, s.catalog, contractor_id, language=speaks),
                read_contracted_accounts(s.transaction, contractor_id),
            )
        )
        shown = {"contract": contract, "accounts": accounts, "standings": standings()}
        return self._form("change", entered=entered, version=version, **shown)

    def _form(self, template: str, *, entered: Entered, **arguments: object) -> str:
        return self.render(
            f"admin/contractors/{template}.html",
            entered=entered,
            entities=form.offered_entities(engine().catalog),
            proof_within=step_up.FOR_MANY,
            **arguments,
        )

    def _done(self, text: str) -> ResponseReturnValue:
        flash(text, "success")
        return redirect(self.get_url("contractors.index"))


def standings() -> dict[str, str]:
    return {
        "future": gettext("Not begun"),
        "running": gettext("Running"),
        "soon": gettext("Ends soon"),
        "over": gettext("Over"),
    }


def _version() -> int:
    sent = request.form.get("version", "")
    return int(sent) if re.fullmatch(r"[0-9]{1,9}", sent) else NO_VERSION
