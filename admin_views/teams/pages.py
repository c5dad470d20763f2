"""The pages of teams, for those who manage users: list, new, change, members."""

from collections.abc import Iterable

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.language import language
from admin_views.people.choices import read_people, read_profiles, read_roles, read_units
from admin_views.people.entering import Entered
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from admin_views.teams import changing
from admin_views.teams.members import change_members
from admin_views.teams.reading import ShownTeam, read_members, read_team, read_teams
from admin_views.teams.stated import OWNER, NewTeam
from extensions import engine
from models.metadata.errors import RecordNotFound, ValidationFailed
from models.records.service import RecordService
from models.security.privileges import Miscellaneous

HELD = ("roles", "profiles")
OF_NEW = ("name", "business_unit", "kind", *HELD)
OF_MEMBERS = ("joining", "leaving")


class TeamsPage(GuardedView):
    privilege = Miscellaneous.MANAGE_USERS

    @expose("/")
    def index(self) -> ResponseReturnValue:
        speaks = language()
        found = engine().run(lambda service: read_teams(service.transaction, language=speaks))
        return self.render("admin/teams/list.html", teams=found, kinds=kinds())

    @expose("/new/", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._new(Entered({**Entered.nothing(OF_NEW).values, "kind": (OWNER,)}))
        entered = _sent(OF_NEW)
        if entered.problems:
            return self._new(entered), 400
        team = NewTeam(
            name=entered.text("name"),
            business_unit=entered.text("business_unit"),
            kind=entered.text("kind"),
        )
        try:
            team_id = changing.create(signed_in(), team, _held(entered))
        except ValidationFailed as error:
            return self._new(entered.explained(error)), 400
        flash(gettext("The team was made. Take its members in."), "success")
        return redirect(self.get_url("teams.members", id=team_id))

    @expose("/change/", methods=("GET", "POST"))
    def change(self) -> ResponseReturnValue:
        team = _team()
        if request.method == "GET":
            return self._change(team, _written(team))
        entered = _sent((*_places(team), *HELD))
        if entered.problems:
            return self._change(team, entered), 400
        try:
            changing.change(signed_in(), team.id, _stated(team, entered))
        except ValidationFailed as error:
            return self._change(team, entered.explained(error)), 400
        return self._done(gettext("It holds from the members' next request."))

    @expose("/members/", methods=("GET", "POST"))
    def members(self) -> ResponseReturnValue:
        team = _team()
        if team.kind == "default":
            raise RecordNotFound("members that could be changed")
        if request.method == "GET":
            return self._members(team, Entered.nothing(OF_MEMBERS))
        entered = _sent(OF_MEMBERS)
        if entered.problems:
            return self._members(team, entered), 400
        wanted = {kind: entered.names(kind) for kind in OF_MEMBERS}
        try:
            change_members(signed_in(), team.id, **wanted)
        except ValidationFailed as error:
            return self._members(team, entered.explained(error)), 400
        return self._done(gettext("It holds from the members' next request."))

    def _new(self, entered: Entered) -> str:
        return self._form("new", entered=entered, **engine().run(_offered))

    def _change(self, team: ShownTeam, entered: Entered) -> str:
        def read(service: RecordService) -> dict[str, object]:
            found = read_members(service.transaction, team.id)
            return {"members": found, **_offered(service)}

        return self._form("change", team=team, entered=entered, **engine().run(read))

    def _members(self, team: ShownTeam, entered: Entered) -> str:
        own = signed_in().id

        def read(service: RecordService) -> dict[str, object]:
            members = read_members(service.transaction, team.id)
            inside = {one.id for one in members} | {own}
            people = [one for one in read_people(service.transaction) if one.id not in inside]
            return {"members": members, "people": people, "own": own}

        return self._form("members", team=team, entered=entered, **engine().run(read))

    def _form(self, template: str, **arguments: object) -> str:
        """It gives rights: it asks who sends it."""
        return self.render(
            f"admin/teams/{template}.html",
            proof_within=step_up.FOR_MANY,
            kinds=kinds(),
            **arguments,
        )

    def _done(self, text: str) -> ResponseReturnValue:
        flash(text, "success")
        return redirect(self.get_url("teams.index"))


def kinds() -> dict[str, str]:
    return {
        "owner": gettext("Owner team"),
        "access": gettext("Access team"),
        "default": gettext("Default team of the business unit"),
    }


def _sent(controls: Iterable[str]) -> Entered:
    return Entered.sent(controls, proven_within=step_up.FOR_MANY)


def _team() -> ShownTeam:
    team_id, speaks = identifier(request.values.get("id", "")), language()
    return engine().run(lambda s: read_team(s.transaction, team_id, language=speaks))


def _places(team: ShownTeam) -> tuple[str, ...]:
    """What besides its rights can be changed of a team."""
    return () if team.kind == "default" else ("name", "business_unit")


def _held(entered: Entered) -> dict[str, tuple[str, ...]]:
    return {kind: entered.names(kind) for kind in HELD}


def _stated(team: ShownTeam, entered: Entered) -> dict[str, tuple[str, ...]]:
    return {kind: (entered.text(kind),) for kind in _places(team)} | _held(entered)


def _written(team: ShownTeam) -> Entered:
    """A team as its form shows it."""
    return Entered(
        {
            "name": (team.name,),
            "business_unit": (team.business_unit,),
            "roles": tuple(one.name for one in team.roles),
            "profiles": team.profiles,
        }
    )


def _offered(service: RecordService) -> dict[str, object]:
    return {
        "roles": read_roles(service.transaction, language=language()),
        "profiles": read_profiles(service.transaction),
        "units": read_units(service.transaction),
    }
