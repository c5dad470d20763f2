"""Enquiries as the public sends them in, aged and answered as tests need them."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from models.records.changes import Change
from models.security.caller import Caller
from models.security.principals import public_caller
from models.tables.principals import Team
from tests.admin_views.office import Office

ENQUIRY, ACTIVITY = "kobe_enquiry", "kobe_enquiry_activity"
RECEIVED, IN_PROGRESS, ANSWERED = 2, 3, 4
NOTE, CALL, MAIL, TASK = 1, 2, 3, 5
OUTGOING, INCOMING = 1, 2
OPEN, DONE = 1, 2
SEEING = Caller.system("test")
UNIT = "運営事務局"
TEXT = "住所は中央区ですが、応募できますか。"


def enquiry(**values: object) -> dict[str, object]:
    return {
        "kobe_name": "神戸 花子",
        "kobe_email": "hanako.kobe@example.jp",
        "kobe_enquirykind": 1,
        "kobe_enquirytext": TEXT,
        "statuscode": RECEIVED,
        **values,
    }


def ask(office: Office, *, hours_ago: float = 0, **values: object) -> UUID:
    """Owned by the team of the form's business unit."""
    with office.engine.database.snapshot() as connection:
        caller = public_caller(connection, office.engine.catalog.forms[ENQUIRY])
    batch = [enquiry(**values)]
    [record] = office.engine.run(lambda s: s.create_multiple(caller, ENQUIRY, batch))
    if hours_ago:
        table = office.engine.catalog.tables.entities[ENQUIRY]
        this = update(table).where(table.c.id == record)
        earlier = this.values(
            createdon=of(office, record)["createdon"] - timedelta(hours=hours_ago)
        )
        office.engine.database.run(lambda transaction: transaction.write(earlier))
    return record


def of(office: Office, record: UUID) -> dict[str, object]:
    return office.engine.run(lambda s: s.retrieve(SEEING, ENQUIRY, record))


def tell(
    office: Office,
    record: UUID,
    caller: Caller | None = None,
    *,
    activity: str = ACTIVITY,
    **parts: object,
) -> UUID:
    """An activity; by default a call that was made."""
    stated = {"kind": CALL, "direction": OUTGOING, "subject": "電話で回答", "regarding": record}
    values = {
        f"kobe_{part}": value for part, value in (stated | parts).items() if part != "status"
    }
    batch = [values | {"statuscode": parts.get("status", DONE)}]
    by = caller or office.caller("kobe_operator")
    return office.engine.run(lambda s: s.create_multiple(by, activity, batch))[0]


def change(office: Office, entity: str, record: UUID, **values: object) -> None:
    caller = office.caller("kobe_official")
    batch = [Change(record, values)]
    office.engine.run(lambda s: s.update_multiple(caller, entity, batch))


def give(office: Office, record: UUID, owner: UUID, entity: str = ENQUIRY) -> None:
    caller = office.caller("kobe_official")
    office.engine.run(lambda s: s.assign_multiple(caller, entity, [record], owner=owner))


def team(office: Office, name: str = UNIT) -> UUID:
    with office.engine.database.reading() as connection:
        found = connection.scalar(select(Team.id).where(Team.name == name))
    assert found is not None
    return found


def close_all(office: Office) -> None:
    """What tests before asked waits for nobody."""
    table = office.engine.catalog.tables.entities[ENQUIRY]
    closed = update(table).values(statecode=1, statuscode=5)
    office.engine.database.run(lambda transaction: transaction.write(closed))
