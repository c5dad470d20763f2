"""What the public does is noted with the id that its answer carries."""

from tests.public_views.citizens import Citizen
from tests.public_views.intake import Intake
from tests.support.auditing import entries, last, request_id_of


def test_a_submission(citizen: Citizen, intake: Intake) -> None:
    before = last(intake.engine)
    assert citizen.enter().status_code == 303
    sent = request_id_of(citizen.send())
    [created] = entries(intake.engine, before)
    assert (created["action"], created["kind"], created["request"]) == ("create", "public", sent)


def test_a_confirmation(citizen: Citizen, intake: Intake) -> None:
    link = citizen.apply()
    before = last(intake.engine)
    received = request_id_of(citizen.client.post(link))
    [updated] = entries(intake.engine, before)
    assert (updated["action"], updated["request"]) == ("update", received)
