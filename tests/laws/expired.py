"""The operator of a contractor whose contract is over, and who was signed in when it ended.

The first request signs them out; so that every route is asked by somebody signed in, the session
is brought back before each, as it was when the contract still ran.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from werkzeug.test import TestResponse

from models.tables.principals import StaffSession, SystemUser
from tests.admin_views.contracted import end_contract, prolong_contract
from tests.admin_views.office import Office
from tests.laws.asking import EXPIRED, Asker, Place


def asker(house: Office, role: str) -> Asker:
    """Somebody of that role, or NOBODY."""
    return ExpiredAsker(house) if role == EXPIRED else Asker(house, role)


class ExpiredAsker(Asker):
    def __init__(self, house: Office) -> None:
        self.database, user = house.engine.database, house.users[EXPIRED]
        with self.database.reading() as connection:
            of_user = select(SystemUser.contractor_id).where(SystemUser.id == user)
            self.contractor = connection.scalar(of_user)
        assert self.contractor is not None
        prolong_contract(self.database, self.contractor)
        house.sessions.pop(EXPIRED, None)  # it ended when another asked
        super().__init__(house, EXPIRED)
        assert self.token
        self.cookie = house.sessions[EXPIRED]
        with self.database.reading() as connection:
            mine = select(StaffSession.__table__).where(StaffSession.systemuser_id == user)
            self.rows: list[Mapping[str, Any]] = [
                dict(row) for row in connection.execute(mine).mappings()
            ]
        end_contract(self.database, self.contractor)

    def _take_up_the_session(self) -> None:
        """Brought back before each request."""

    def _leave_the_session(self) -> None:
        """It ends with each."""

    def ask(self, place: Place, **arguments: object) -> TestResponse:
        self._bring_back()
        return super().ask(place, **arguments)

    def _bring_back(self) -> None:
        table = StaffSession.__table__
        for row in self.rows:
            old = delete(table).where(table.c.token_hash == row["token_hash"])
            self.database.run(lambda transaction, act=old: transaction.write(act))
            self.database.run(lambda transaction, one=row: transaction.write(insert(table), one))
        self.client.set_cookie("staff", self.cookie)
