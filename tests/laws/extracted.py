"""An extract of the house's records that waits to be downloaded by who asked for it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from exchange.extracts import deciding, requesting
from exchange.extracts.building import build
from exchange.orders import Door, ExportOrder
from models.metadata.query import Query
from models.security.contracts import today
from models.tables.principals import SystemUser
from tests.admin_views.office import ENTITY, Office

OFFICIALS: dict[int, UUID] = {}
"""The official's, by house: one is enough for everybody to try."""


def extract_of(house: Office, _record: UUID) -> UUID:
    """The official's; made once, when the house has the record."""
    key = id(house.engine.database)
    if key not in OFFICIALS:
        OFFICIALS[key] = extracted(house, "kobe_official")
    return OFFICIALS[key]


def unlocked(house: Office, role: str) -> None:
    """The laws' wrong guesses have locked accounts, of which nothing is a proof."""
    statement = update(SystemUser).where(SystemUser.id == house.users[role])
    values = {"failed_sign_ins": 0, "locked_until": None}
    house.engine.database.run(lambda transaction: transaction.write(statement.values(values)))


def extracted(house: Office, role: str) -> UUID:
    """Asked for by the role, approved by the manager, built; with all that is personal."""
    order = ExportOrder(
        query=Query(entity=ENTITY, columns=("kobe_nickname", "kobe_email", "kobe_phone")),
        view=f"{ENTITY}_all",
        purpose="点検",
        recipient="担当",
        keep_until=today() + timedelta(days=30),
        door=Door.REQUEST,
    )
    extract_id = requesting.request(house.engine, house.caller(role), order)
    manager = house.caller("kobe_manager")
    house.engine.run(lambda service: deciding.approve(service, manager, extract_id))
    build(house.engine, extract_id)
    return extract_id
