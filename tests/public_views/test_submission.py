"""A submission that comes too late is taken back whole: record, mail, link and audit entry.

It knew the visit as it was before; either database decides. `test_parallel` has many at once.
"""

import pytest
from sqlalchemy import delete

from forms.sessions import FormSessions, Visit
from models.tables.intake import ConfirmationToken, FormSession
from models.tables.record_data import AuditEntry, BlindIndexEntry, SystemJob
from public_views.submission import submit
from tests.public_views.citizens import Citizen
from tests.public_views.intake import FORM, Intake

WRITTEN = (ConfirmationToken, AuditEntry, BlindIndexEntry, SystemJob)


def submitted(intake: Intake, visit: Visit) -> bool:
    engine = intake.engine
    form = engine.catalog.forms[FORM]
    with intake.app.test_request_context():
        return submit(engine, engine.catalog, form, visit=visit, language="ja")


def written(intake: Intake) -> dict[str, int]:
    rows = {table.__tablename__: len(intake.rows(table)) for table in WRITTEN}
    return rows | {"records": intake.count()}


def test_what_was_sent_meanwhile_is_not_written_again(either_intake: Intake) -> None:
    citizen = Citizen(either_intake).begin()
    assert citizen.enter().status_code == 303
    visit = citizen.visit()
    assert citizen.send().headers["Location"].endswith("/sent")
    before = written(either_intake)
    assert not submitted(either_intake, visit)
    assert written(either_intake) == before


def test_a_visit_that_ends_once_its_answers_were_read_leaves_nothing(
    either_intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is gone when the claim is made: cleared elsewhere, or purged."""
    citizen = Citizen(either_intake).begin()
    assert citizen.enter().status_code == 303
    visit, before = citizen.visit(), written(either_intake)
    read = FormSessions.answers

    def then_ended(sessions: FormSessions, of: Visit) -> dict[str, object]:
        answers = read(sessions, of)
        either_intake.engine.database.run(
            lambda transaction: transaction.write(
                delete(FormSession).where(FormSession.token_hash == of.token_hash)
            )
        )
        return answers

    monkeypatch.setattr(FormSessions, "answers", then_ended)
    assert not submitted(either_intake, visit)
    assert written(either_intake) == before


def test_the_first_makes_all_of_it(either_intake: Intake) -> None:
    citizen = Citizen(either_intake).begin()
    assert citizen.enter().status_code == 303
    before = written(either_intake)
    assert submitted(either_intake, citizen.visit())
    after = written(either_intake)
    assert {name: after[name] - before[name] for name in after} == {
        **{"confirmationtoken": 1, "audit": 1, "blindindex": 2, "systemjob": 1, "records": 1},
    }
    assert citizen.visit().is_submitted
