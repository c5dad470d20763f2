"""Applications to Kobe's solution, as the public form hands them in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from models.records.changes import Change
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.intake import ConfirmationToken
from tests.models.office import system

APPLICATION = "kobe_application"
UNCONFIRMED, RECEIVED = 1, 2
OFFICE = "運営事務局"
OFFICIAL = Caller.system("tests")


def application(number: int = 0, **changes: object) -> dict[str, object]:
    return {
        "kobe_nickname": "花子",
        "kobe_email": f"hanako{number}@example.jp",
        "kobe_phone": "078-331-8181",
        "kobe_catchphrase": "公園を花でいっぱいに",
        "kobe_category": 927000005,
        "kobe_body": "毎週土曜日に花の世話をします。",
        "statuscode": UNCONFIRMED,
        **changes,
    }


def apply(engine: RecordEngine, *applications: dict[str, object]) -> list[UUID]:
    caller = system(engine, OFFICE)
    return engine.run(
        lambda service: service.create_multiple(caller, APPLICATION, list(applications))
    )


def change(engine: RecordEngine, ids: list[UUID], **values: object) -> None:
    batch = [Change(one, values) for one in ids]
    engine.run(lambda service: service.update_multiple(OFFICIAL, APPLICATION, batch))


def on(engine: RecordEngine, work: Callable[[RecordService], Any]) -> Any:
    return engine.run(work)


def links(engine: RecordEngine) -> list[Any]:
    with engine.database.reading() as connection:
        return list(connection.execute(select(ConfirmationToken.__table__)).all())


def created_earlier(engine: RecordEngine, ids: list[UUID], by: timedelta) -> None:
    """As if these applications, and the links in their mails, were so much older."""
    table = engine.catalog.tables.entities[APPLICATION]
    with engine.database.reading() as connection:
        rows = connection.execute(select(table.c.id, table.c.createdon)).all()
    for row in rows:
        if row.id in ids:
            statement = (
                update(table).where(table.c.id == row.id).values(createdon=row.createdon - by)
            )
            engine.database.run(lambda t, statement=statement: t.write(statement))
    for link in links(engine):
        if link.record_id in ids:
            moved = (
                update(ConfirmationToken)
                .where(ConfirmationToken.token_hash == link.token_hash)
                .values(expires_on=link.expires_on - by)
            )
            engine.database.run(lambda t, moved=moved: t.write(moved))
