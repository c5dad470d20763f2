"""Whether an account is let in at this moment and from this address, and if not, why.

A stranger is never told which reason it was. It knows no password and no session.
"""

from typing import Any, Literal

from sqlalchemy import Connection, select

from models.security import contracts
from models.security.dormancy import is_dormant
from models.security.principals import ORGANIZATION, contractor_of
from models.tables.base import utc_now
from models.tables.principals import SystemUser

Shut = Literal["", "inactive", "locked", "dormant", "contract", "network"]
"""Locked are accounts whose password was guessed at; that is counted where they sign in."""


def why_shut(connection: Connection, user_id: object, *, address: str | None) -> Shut:
    """Empty for who is let in. No address asks about the account alone, wherever it is used."""
    statement = select(SystemUser.__table__).where(SystemUser.id == user_id)
    account = connection.execute(statement).first()
    if account is None or not account.active:
        return "inactive"
    if is_dormant(account, connection.execute(ORGANIZATION).one(), at=utc_now()):
        return "dormant"
    return under_contract(contractor_of(connection, account), address=address)


def under_contract(contractor: Any, *, address: str | None) -> Shut:
    """As far as the contract goes; the office's own have none."""
    if contractor is None:
        return ""
    if not contracts.runs(contractor, on=contracts.today()):
        return "contract"
    if address is None:
        return ""
    networks = contracts.networks_of(contractor)
    return "" if contracts.is_answered_at(networks, address) else "network"
