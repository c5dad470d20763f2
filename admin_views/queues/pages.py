"""The page of queues（受付箱）: what waits for somebody of one's teams; taken, given back."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.queues.picking import pick, release
from admin_views.queues.reading import SHOWN, Waiting, oldest, own_teams, read_desk
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import ConcurrencyConflict

MOST_TRIES = 5
"""To get the next one, while others take theirs."""


class QueuesPage(GuardedView):
    shows_records = True

    @expose("/")
    def index(self) -> ResponseReturnValue:
        caller = signed_in()
        desk, teams = engine().run(
            lambda service: (read_desk(service, caller), own_teams(service, caller))
        )
        return self.render("admin/queues/index.html", desk=desk, teams=teams, most=SHOWN)

    @expose("/pick/", methods=("POST",))
    def pick(self) -> ResponseReturnValue:
        entity, record_id, team = _named()
        if not _picked(entity, record_id, team):
            flash(
                gettext("Somebody else took this record before you. Choose another one."),
                "warning",
            )
            return redirect(self.get_url("queues.index"), 303)
        flash(gettext("The record is in your charge now."), "success")
        return redirect(url_for("records.details_view", entity=entity, id=record_id), 303)

    @expose("/next/", methods=("POST",))
    def next(self) -> ResponseReturnValue:
        """The one that waits for longest."""
        team = identifier(request.form.get("team", ""))
        for _ in range(MOST_TRIES):
            found = _oldest(team)
            if found is None:
                break
            if _picked(found.entity, found.id, team):
                flash(gettext("The record is in your charge now."), "success")
                return redirect(
                    url_for("records.details_view", entity=found.entity, id=found.id), 303
                )
        flash(gettext("Nothing waits in this queue that you can take."), "info")
        return redirect(self.get_url("queues.index"), 303)

    @expose("/release/", methods=("POST",))
    def release(self) -> ResponseReturnValue:
        caller, (entity, record_id, team) = signed_in(), _named()
        try:
            engine().run(lambda service: release(service, caller, entity, record_id, team=team))
        except ConcurrencyConflict:
            flash(gettext("This record is no longer in your charge."), "warning")
        else:
            flash(gettext("The record waits in the team’s queue again."), "success")
        return redirect(self.get_url("queues.index"), 303)


def _named() -> tuple[str, UUID, UUID]:
    """Entity, record and team that a form names."""
    sent = request.form
    return sent.get("entity", ""), identifier(sent.get("id", "")), identifier(sent.get("team", ""))


def _oldest(team: UUID) -> Waiting | None:
    caller = signed_in()
    return engine().run(lambda service: oldest(service, caller, team))


def _picked(entity: str, record_id: UUID, team: UUID) -> bool:
    """Whether it was the caller who got it."""
    caller = signed_in()
    try:
        engine().run(lambda service: pick(service, caller, entity, record_id, team=team))
    except ConcurrencyConflict:
        return False
    return True
