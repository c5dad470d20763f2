"""Teams as an administrator makes them, and what is stored of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.tables.base import new_id
from models.tables.principals import Team
from tests.admin_views.desk import Desk
from tests.admin_views.office import Office

TEAMS = "/admin/teams/"
UNIT = "運営事務局"


def team_named(office: Office, name: str) -> Any:
    with office.engine.database.reading() as connection:
        return connection.execute(select(Team.__table__).where(Team.name == name)).first()


def made(desk: Desk, **changes: object) -> UUID:
    """Through the page, under a name of its own unless one is stated."""
    stated: dict[str, object] = {"name": f"班 {new_id().hex}", "business_unit": UNIT}
    stated |= {"kind": "owner"} | changes
    answer = desk.post(f"{TEAMS}new/", **stated)
    assert answer.status_code == 302, answer.text
    found: UUID = team_named(desk.office, str(stated["name"])).id
    assert answer.headers["Location"].endswith(f"/members/?id={found}")
    return found


def moved(
    desk: Desk, team: UUID, *, joining: Sequence[str] = (), leaving: Sequence[str] = ()
) -> Any:
    return desk.post(f"{TEAMS}members/", id=team, joining=[*joining], leaving=[*leaving])


def default_team(office: Office, unit: str) -> UUID:
    found: UUID = team_named(office, unit).id
    return found
