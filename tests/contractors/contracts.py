"""Contracts as a person enters them, and what is stored of them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.records.engine import RecordEngine
from models.security.contracts import today
from models.tables.principals import Contractor
from tests.admin_views.desk import Desk
from tests.admin_views.office import ENTITY

LIMIT, OPTIONS = f"limit-{ENTITY}-kobe_category", f"options-{ENTITY}-kobe_category"
CHILDREN, STUDENTS = "927000000", "927000003"


def day(offset: int) -> date:
    return today() + timedelta(days=offset)


def terms(name: str, /, **changes: object) -> dict[str, object]:
    """What the form sends: children's applications, from two networks, for some months."""
    stated: dict[str, object] = {
        "name": name,
        "starts_on": str(day(-10)),
        "ends_on": str(day(200)),
        "entities": ENTITY,
        LIMIT: "some",
        OPTIONS: [CHILDREN],
        "networks": "127.0.0.0/8\n2001:db8::/32",
    }
    return stated | changes


def contract_named(engine: RecordEngine, name: str) -> Any:
    with engine.database.reading() as connection:
        statement = select(Contractor.__table__).where(Contractor.name == name)
        return connection.execute(statement).first()


def added(desk: Desk, name: str, /, **changes: object) -> UUID:
    """Through the page."""
    answer = desk.post("/admin/contractors/new/", **terms(name, **changes))
    assert answer.status_code == 302, answer.text
    found: UUID = contract_named(desk.office.engine, name).id
    return found


def changed(desk: Desk, contractor: UUID, stated: dict[str, object], *, version: int = 1) -> Any:
    sent = {"id": contractor, "version": version, **stated}
    return desk.post("/admin/contractors/change/", **sent)
