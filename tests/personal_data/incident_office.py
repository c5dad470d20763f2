"""An office in which something went wrong: an official read applications, and an incident stands
in the register.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.attribute_types import LOCAL_ZONE
from models.tables.base import utc_now
from models.tables.incidents import Incident
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import Office

ROOM = "/admin/incidents/"
HAPPENED = "宛先を誤ってメールを送信した。"
FACTS: Mapping[str, Any] = {
    "happened": HAPPENED,
    "kinds": ["wrongful", "many"],
    "protected": "no",
    "contractor": "",
}


def known_now() -> str:
    """As the control for times sends it: this minute, which has begun."""
    return f"{utc_now().astimezone(LOCAL_ZONE):%Y-%m-%dT%H:%M}"


def enter(desk: Desk, **changes: object) -> UUID:
    answer = desk.post(f"{ROOM}new/", **{"known_on": known_now(), **FACTS, **changes})
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["Location"].rpartition("=")[2])


def row(office: Office, incident: UUID) -> Any:
    statement = select(Incident.__table__).where(Incident.id == incident)
    with office.engine.database.reading() as connection:
        return connection.execute(statement).one()


def read_by(office: Office, role: str, records: int) -> list[UUID]:
    """So many applications, each opened by that role."""
    found = [office.apply() for _ in range(records)]
    desk = sit_down(office, role)
    for record in found:
        assert desk.records("details", id=str(record)).status_code == 200
    return found


def ask(desk: Desk, incident: UUID, **question: str) -> None:
    version = row(desk.office, incident).version
    answer = desk.post(f"{ROOM}ask/", id=str(incident), version=str(version), **question)
    assert answer.status_code == 303, answer.text
