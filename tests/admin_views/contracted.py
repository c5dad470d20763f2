"""Accounts of contractors to test with: put under a contract, which is then changed as one likes.

Written into the tables, as another process would: what a page or a command does is tested by them.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import insert, update

from models.security.contracts import today
from models.tables.base import new_id
from models.tables.principals import Contractor, SystemUser
from models.tables.session import Database

Scope = Mapping[str, Mapping[str, Sequence[int]]]


def put_under_contract(
    database: Database, account: UUID, *, scope: Scope, name: str = "", networks: str = ""
) -> UUID:
    """A contract of these days, whose only account this is; its id."""
    contractor = new_id()
    row = {
        "id": contractor,
        "name": name or f"委託先 {contractor.hex[-6:]}",
        "starts_on": today() - timedelta(days=30),
        "ends_on": today() + timedelta(days=300),
        "scope": json.dumps(scope),
        "networks": networks,
    }
    database.run(lambda transaction: transaction.write(insert(Contractor), row))
    employ(database, account, contractor)
    return contractor


def employ(database: Database, account: UUID, contractor: UUID | None) -> None:
    mine = update(SystemUser).where(SystemUser.id == account)
    statement = mine.values(contractor_id=contractor)
    database.run(lambda transaction: transaction.write(statement))


def change_contract(database: Database, contractor: UUID, **values: object) -> None:
    statement = update(Contractor).where(Contractor.id == contractor).values(**values)
    database.run(lambda transaction: transaction.write(statement))


def end_contract(database: Database, contractor: UUID, *, on: date | None = None) -> None:
    """The last day was that day; yesterday, if none is named."""
    change_contract(database, contractor, ends_on=on or today() - timedelta(days=1))


def prolong_contract(database: Database, contractor: UUID) -> None:
    change_contract(database, contractor, ends_on=today() + timedelta(days=300))
