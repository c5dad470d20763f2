"""An account that is shut is refused when its person comes from a provider, as it is locally."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, update

from admin_views.identity import accounts
from admin_views.identity.federation.reasons import Reason
from models.security.contracts import today
from models.tables.base import new_id, utc_now
from models.tables.organization import Organization
from models.tables.principals import Contractor, SystemUser
from tests.federation.house import ONE_GROUP, SECRETARIAT, TESTS, House
from tests.federation.people import acts, known


def shut(house: House, account: UUID, **columns: object) -> None:
    """As the row of the account says so."""
    statement = update(SystemUser).where(SystemUser.id == account).values(**columns)
    house.engine.database.run(lambda transaction: transaction.write(statement))


Ends = Callable[[House, UUID], object]


def deactivate(house: House, account: UUID) -> None:
    with house.app.app_context():
        accounts.deactivate(TESTS, account)


def end_contract(house: House, account: UUID) -> None:
    shut(house, account, contractor_id=_contractor(house, ended=True))


def elsewhere(house: House, account: UUID) -> None:
    shut(house, account, contractor_id=_contractor(house, networks="198.51.100.0/24"))


def _contractor(house: House, *, ended: bool = False, networks: str = "") -> UUID:
    row = {
        "id": new_id(),
        "name": f"委託先 {uuid4().hex}",
        "starts_on": today() - timedelta(days=30),
        "ends_on": today() + timedelta(days=-1 if ended else 30),
        "networks": networks,
    }
    house.engine.database.run(lambda t: t.write(insert(Contractor), row))
    return UUID(str(row["id"]))


def fall_asleep(house: House, account: UUID) -> None:
    house.engine.database.run(lambda t: t.write(update(Organization).values(dormant_days=30)))
    long_ago = utc_now() - timedelta(days=31)
    shut(house, account, last_signed_in_on=long_ago, created_on=long_ago)


ENDED: dict[str, Ends] = {
    "inactive": deactivate,
    "contract": end_contract,
    "network": elsewhere,
    "dormant": fall_asleep,
}


@pytest.mark.parametrize("reason", ENDED)
def test_an_account_that_is_shut_is_refused_as_at_the_local_door(
    house: House, reason: str
) -> None:
    issuer = house.new_issuer(ONE_GROUP)
    account = house.comes(issuer, "ends", "a")
    assert isinstance(account, UUID)
    ENDED[reason](house, account)
    assert house.comes(issuer, "ends", "a") is Reason.INACTIVE
    last = acts(house.engine)[-1]
    assert last["details"] == {"factor": "provider", "reason": reason}
    assert house.comes(issuer, "ends", "a") is Reason.INACTIVE, "nor is another account made"


def test_a_contractors_account_gets_no_role_that_none_may_have(house: House) -> None:
    issuer = house.new_issuer(ONE_GROUP | {("b", "auditor"): SECRETARIAT})
    account = house.comes(issuer, "operator", "a")
    assert isinstance(account, UUID)
    shut(house, account, contractor_id=_contractor(house))
    assert house.comes(issuer, "operator", "a") == account
    assert house.comes(issuer, "operator", "a", "b") is Reason.NOT_UNDER_CONTRACT
    assert known(house.engine, account).roles == set()
