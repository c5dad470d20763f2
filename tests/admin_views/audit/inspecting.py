"""Months of a log to inspect: an office whose clock was elsewhere when things were noted."""

from datetime import datetime, timedelta

from sqlalchemy import select

from admin_views.audit.inspections.months import Month
from models.metadata.attribute_types import LOCAL_ZONE
from models.records.checkpoints import results
from models.records.checkpoints.examining import examine
from models.tables.audit import AuditInspection
from models.tables.base import utc_now
from tests.admin_views.audit.reading import on
from tests.admin_views.desk import Desk
from tests.admin_views.office import PASSWORD, Office

ROOM = "/admin/audit/inspections/"


def last_month() -> Month:
    """The month before this one, of the office."""
    first = utc_now().astimezone(LOCAL_ZONE).replace(day=1)
    return Month.at(first - timedelta(days=2))


def moment(month: Month, *, day: int = 15, hour: int = 12) -> datetime:
    return month.begins.replace(day=day, hour=hour)


def note(
    office: Office, role: str, action: str, *, at: datetime, outcome: str = "ok", times: int = 1
) -> None:
    caller = office.caller(role)
    with on(at):
        for _ in range(times):
            office.engine.run(lambda service: service.audit(caller, action, outcome=outcome))


def verify(office: Office) -> None:
    """As the worker does every night."""
    found = examine(office.engine.database, office.engine.keyring, list)
    office.engine.database.run(lambda transaction: results.keep(transaction, found))


def sign(desk: Desk, month: object, **sent: str) -> int:
    return desk.post(f"{ROOM}{month}/", **({"remarks": "", "proof": PASSWORD} | sent)).status_code


def kept(office: Office, month: Month) -> AuditInspection | None:
    statement = select(AuditInspection.__table__).where(AuditInspection.month == str(month))
    with office.engine.database.reading() as connection:
        return connection.execute(statement).first()  # type: ignore[return-value]
