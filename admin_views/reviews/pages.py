"""The pages of account reviews, for those who manage users: history, one review, its sign-off."""

from collections.abc import Iterable
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.language import language
from admin_views.records.reading import identifier
from admin_views.reviews import deciding
from admin_views.reviews.deciding import DECISIONS, Decision
from admin_views.reviews.reading import Line, read_lines, read_review, read_reviews
from admin_views.signed_in import signed_in
from admin_views.steps import problems_of
from extensions import engine
from models.metadata.errors import ValidationFailed
from models.security.privileges import Miscellaneous

SIGN_OFF = "sign_off"


class ReviewsPage(GuardedView):
    privilege = Miscellaneous.MANAGE_USERS

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = engine().run(lambda service: read_reviews(service.transaction))
        return self.render("admin/reviews/list.html", reviews=found)

    @expose("/review/", methods=("GET", "POST"))
    def review(self) -> ResponseReturnValue:
        """GET shows it; POST decides on those accounts for which something else was chosen."""
        review_id = identifier(request.values.get("id", ""))
        if request.method == "GET":
            return self._page(review_id)
        try:
            deciding.decide(signed_in(), review_id, list(self._decisions(review_id)))
        except ValidationFailed as error:
            return self._page(review_id, problems_of(error)), 400
        flash(gettext("The decisions were saved."), "success")
        return redirect(self.get_url("reviews.review", id=review_id))

    @expose("/sign-off/", methods=("POST",))
    def sign_off(self) -> ResponseReturnValue:
        review_id = identifier(request.form.get("id", ""))
        unproven = step_up.problem(step_up.FOR_MANY)
        if unproven:
            return self._page(review_id, {step_up.CONTROL: unproven}), 400
        try:
            deciding.sign_off(signed_in(), review_id)
        except ValidationFailed as error:
            [problem] = error.problems
            return self._page(review_id, {SIGN_OFF: problem.text(language())}), 400
        flash(gettext("The review was signed off."), "success")
        return redirect(self.get_url("reviews.review", id=review_id))

    def _page(self, review_id: UUID, problems: dict[str, str] | None = None) -> str:
        speaks = language()
        review, lines = engine().run(
            lambda s: (
                read_review(s.transaction, review_id),
                read_lines(s.transaction, review_id, language=speaks),
            )
        )
        return self.render(
            "admin/reviews/review.html",
            review=review,
            lines=lines,
            problems=problems or {},
            decisions=decision_names(),
            states=states(),
            own=signed_in().id,
            entered=_entered,
            proof_within=step_up.FOR_MANY,
        )

    def _decisions(self, review_id: UUID) -> Iterable[Decision]:
        """What was sent otherwise than it stood when the page was made."""
        for text in request.form.getlist("accounts"):
            known, known_note = _sent("known", text), _sent("known-note", text)
            decision, note = _sent("decision", text), " ".join(_sent("note", text).split())
            if (decision, note) != (known, known_note):
                account = identifier(text)
                yield Decision(account=account, decision=decision, note=note, known=known)


def decision_names() -> dict[str, str]:
    return {name: label.text(language()) for name, label in DECISIONS.items()}


def states() -> dict[str, str]:
    """How the account stood when the review was opened."""
    return {
        "": gettext("Active"),
        "inactive": gettext("Inactive"),
        "dormant": gettext("Dormant"),
        "contract": gettext("Contract not running"),
    }


def _sent(control: str, account: str) -> str:
    return request.form.get(f"{control}-{account}", "")


def _entered(control: str, line: Line) -> str:
    """As it was typed, where something was; else as it stands."""
    present = line.decision if control == "decision" else line.note
    return request.form.get(f"{control}-{line.account}", present)
