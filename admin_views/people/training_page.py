"""Training in data protection (研修): who took it when, entered for one or for many at once."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from sqlalchemy import select

from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.people import duties
from admin_views.people.duties import Standing, standing_of
from admin_views.people.entering import Entered
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import ValidationFailed
from models.security import contracts
from models.security.principals import ORGANIZATION
from models.security.privileges import Miscellaneous
from models.tables.principals import BusinessUnit, Contractor, SystemUser
from models.tables.session import Transaction

CONTROLS = ("accounts", "trained_on", "training")


@dataclass(frozen=True, slots=True)
class Trainee:
    id: UUID
    email: str
    full_name: str
    place: str
    """The contractor, or the business unit of the office's own."""
    training: str
    standing: Standing
    closed: str
    """Why personal data is closed to the account; "" where it is open."""


class TrainingPage(GuardedView):
    privilege = Miscellaneous.MANAGE_USERS

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._page(Entered.nothing(CONTROLS))
        entered = Entered.sent(CONTROLS, proven_within=step_up.FOR_MANY)
        if entered.problems:
            return self._page(entered), 400
        ids = [identifier(one) for one in entered.names("accounts")]
        try:
            duties.enter_training(
                signed_in(),
                ids,
                trained_on=entered.text("trained_on"),
                name=entered.text("training"),
            )
        except ValidationFailed as error:
            return self._page(entered.explained(error)), 400
        told = gettext("The training was entered for %(count)s accounts.", count=len(ids))
        flash(told, "success")
        return redirect(self.get_url("training.index"))

    def _page(self, entered: Entered) -> str:
        trainees, months = engine().run(
            lambda s: (
                read_trainees(s.transaction),
                s.transaction.read(ORGANIZATION).one().training_months,
            )
        )
        return self.render(
            "admin/people/training.html",
            entered=entered,
            trainees=trainees,
            months=months,
            own=signed_in().id,
            today=contracts.today(),
            proof_within=step_up.FOR_MANY,
        )


def read_trainees(transaction: Transaction) -> list[Trainee]:
    """Active accounts: those that lack something first, then by name."""
    organization = transaction.read(ORGANIZATION).one()
    statement = (
        select(
            SystemUser.__table__,
            BusinessUnit.name.label("unit"),
            Contractor.name.label("contractor"),
        )
        .join(BusinessUnit, BusinessUnit.id == SystemUser.businessunit_id)
        .outerjoin(Contractor, Contractor.id == SystemUser.contractor_id)
        .where(SystemUser.active)
        .order_by(SystemUser.full_name, SystemUser.email)
    )
    found = [
        Trainee(
            row.id,
            row.email,
            row.full_name,
            row.contractor or row.unit,
            row.training_name,
            standing_of(row, organization),
            contracts.why_closed(row, organization, on=contracts.today()),
        )
        for row in transaction.read(statement)
    ]
    return sorted(found, key=lambda one: not one.closed)
