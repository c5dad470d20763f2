"""The job kind open_account_review: at the start of each fiscal quarter, the list of all accounts
as they are then, to be decided on one by one. Done again it finds what is there.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security import contracts, granting
from models.security.admission import why_shut
from models.security.caller import Caller
from models.security.fiscal import Quarter
from models.tables.base import new_id, utc_now
from models.tables.organization import Organization
from models.tables.principals import BusinessUnit, Contractor, SystemUser
from models.tables.reviews import ENDED_BEFORE, UNDECIDED, AccountReview, AccountReviewLine

DECIDED_WITHIN = timedelta(days=30)
OPENER = Caller.system("opening the review of accounts")


def open_account_review(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    """Of the quarter of this day: a worker that was down opens the present one, late."""
    engine.run(lambda service: open_review(service, Quarter.of(contracts.today())))


def open_review(service: RecordService, quarter: Quarter) -> bool:
    """Whether this opened it; False where there is one."""
    connection = service.transaction.lock()
    connection.execute(select(Organization.id).with_for_update())  # one at a time
    this = AccountReview.year == quarter.year, AccountReview.quarter == quarter.number
    if connection.execute(select(AccountReview.id).where(*this)).first():
        return False
    review = {
        "id": new_id(),
        "year": quarter.year,
        "quarter": quarter.number,
        "opened_on": utc_now(),
        "due_on": contracts.today() + DECIDED_WITHIN,
    }
    service.transaction.write(insert(AccountReview), review)
    lines = [line | {"review_id": review["id"]} for line in _lines(connection)]
    if lines:
        service.transaction.write(insert(AccountReviewLine), lines)
    service.audit(
        OPENER,
        "open_account_review",
        quarter=quarter.text("ja"),
        accounts=len(lines),
    )
    return True


def _lines(connection: Connection) -> Iterator[dict[str, Any]]:
    statement = (
        select(
            SystemUser.__table__,
            BusinessUnit.name.label("unit"),
            Contractor.name.label("contractor"),
        )
        .join(BusinessUnit, BusinessUnit.id == SystemUser.businessunit_id)
        .outerjoin(Contractor, Contractor.id == SystemUser.contractor_id)
    )
    for row in connection.execute(statement).all():
        shut = why_shut(connection, row.id, address=None)
        yield {
            "systemuser_id": row.id,
            "email": row.email,
            "full_name": row.full_name,
            "roles": json.dumps(_roles(connection, row), ensure_ascii=False),
            "business_unit": row.unit,
            "contractor": row.contractor or "",
            "last_signed_in_on": row.last_signed_in_on,
            "shut": shut,
            "decision": UNDECIDED if row.active else ENDED_BEFORE,
        }


def _roles(connection: Connection, row: Any) -> list[str]:
    teams = granting.teams_of(connection, row.id, unit=row.businessunit_id)
    return sorted({role.name for role in granting.roles_of(connection, row.id, teams)})
