"""Single sign-on as an administrator keeps it: which groups give which roles, who is linked.

Every change is asked for on a page of its own, with a proof of who asks.
"""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.identity.federation import group_roles, identities
from admin_views.identity.federation.journey import our_address
from admin_views.identity.federation.provider import provider
from admin_views.identity.federation.wording import called
from admin_views.language import language
from admin_views.people.choices import read_people, read_roles, read_units
from admin_views.people.entering import Entered
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import RecordNotFound, ValidationFailed
from models.records.service import RecordService
from models.security.privileges import Miscellaneous

ADDRESSES = ("federation.back", "security.login", "federation.ended")
"""What is entered at the provider: where people come back to, signed in and signed out, and where
it tells that a session has ended."""
OF_GROUP, OF_LINK = ("group", "role", "business_unit"), ("account", "subject")


class FederationPage(GuardedView):
    privilege = Miscellaneous.MANAGE_USERS

    @expose("/")
    def index(self) -> ResponseReturnValue:
        one = provider()
        if one is None:
            return self.render("admin/people/federation_absent.html")
        issuer, speaks = one.stated.issuer, language()
        mapped, linked = engine().run(
            lambda s: (
                group_roles.mappings(s.transaction, issuer, language=speaks),
                identities.links(s.transaction, issuer),
            )
        )
        return self.render(
            "admin/people/federation.html",
            stated=one.stated,
            called=called(one.stated),
            addresses=[our_address(endpoint) for endpoint in ADDRESSES],
            mappings=mapped,
            links=linked,
        )

    @expose("/map/", methods=("GET", "POST"))
    def map(self) -> ResponseReturnValue:
        issuer = _issuer()

        def act(entered: Entered) -> str:
            role, unit = entered.text("role"), entered.text("business_unit")
            group_roles.map_group(
                signed_in(), issuer, group=entered.text("group"), role=role, business_unit=unit
            )
            return gettext("Holds from the next sign-in of each person in the group.")

        return self._asked("map", act, OF_GROUP, **engine().run(_roles_and_units))

    @expose("/unmap/", methods=("GET", "POST"))
    def unmap(self) -> ResponseReturnValue:
        mapping_id, issuer, speaks = _named(), _issuer(), language()
        found = engine().run(
            lambda s: group_roles.mappings(s.transaction, issuer, language=speaks)
        )
        mapping = next((one for one in found if one.id == mapping_id), None)
        if mapping is None:
            raise RecordNotFound("mapping")

        def act(_: Entered) -> str:
            group_roles.unmap_group(signed_in(), issuer, mapping_id)
            return gettext("Holds from the next sign-in of each person in the group.")

        return self._asked("unmap", act, mapping=mapping)

    @expose("/link/", methods=("GET", "POST"))
    def link(self) -> ResponseReturnValue:
        issuer = _issuer()

        def act(entered: Entered) -> str:
            chosen = entered.text("account")
            subject = entered.text("subject")
            identities.link_for(signed_in(), issuer, email=chosen, subject=subject)
            return gettext("The account was linked.")

        people = engine().run(lambda s: read_people(s.transaction))
        return self._asked("link", act, OF_LINK, people=people)

    @expose("/unlink/", methods=("GET", "POST"))
    def unlink(self) -> ResponseReturnValue:
        account_id, issuer = _named(), _issuer()
        found = engine().run(lambda s: identities.links(s.transaction, issuer))
        link = next((one for one in found if one.account_id == account_id), None)
        if link is None:
            raise RecordNotFound("identity")

        def act(_: Entered) -> str:
            identities.unlink_for(signed_in(), issuer, account_id)
            return gettext("The link was undone, and the person signed out everywhere.")

        return self._asked("unlink", act, link=link)

    def _asked(
        self,
        template: str,
        act: Callable[[Entered], str],
        controls: tuple[str, ...] = (),
        **shown: object,
    ) -> ResponseReturnValue:
        """The form; sent in with a proof, the act. What was typed is kept where it is wrong."""
        if request.method == "GET":
            return self._form(template, Entered.nothing(controls), **shown)
        entered = Entered.sent(controls, proven_within=step_up.FOR_MANY)
        if entered.problems:
            return self._form(template, entered, **shown), 400
        try:
            text = act(entered)
        except ValidationFailed as error:
            return self._form(template, entered.explained(error), **shown), 400
        flash(text, "success")
        return redirect(self.get_url("federation_page.index"))

    def _form(self, template: str, entered: Entered, **shown: object) -> str:
        return self.render(
            f"admin/people/federation_{template}.html",
            entered=entered,
            proof_within=step_up.FOR_MANY,
            **shown,
        )


def _roles_and_units(service: RecordService) -> dict[str, object]:
    speaks = language()
    return {
        "roles": read_roles(service.transaction, language=speaks),
        "units": read_units(service.transaction),
    }


def _issuer() -> str:
    one = provider()
    if one is None:
        raise RecordNotFound("single sign-on")
    return one.stated.issuer


def _named() -> UUID:
    sent = request.form if request.method == "POST" else request.args
    return identifier(sent.get("id", ""))
