"""Many at once with one answer, or for the first time: one gets in, and one account is made."""

import threading
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from admin_views.identity.federation.reasons import Reason
from models.records.engine import RecordEngine
from models.tables.federation import FederatedIdentity
from models.tables.principals import SystemUser
from tests.federation.conftest import OPERATORS
from tests.federation.house import ONE_GROUP, House
from tests.federation.people import account, accounts_of
from tests.federation.realm import Realm, Resident
from tests.federation.visitor import Visitor

Found = TypeVar("Found")
MANY = 50


def at_once(times: int, act: Callable[[], Found]) -> list[Found]:
    start, found = threading.Barrier(times), []

    def one() -> None:
        start.wait()
        found.append(act())

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_fifty_who_show_one_answer_one_gets_in(
    engine: RecordEngine, realm: Realm, app: Flask, visitor: Visitor
) -> None:
    """All with the cookie that the answer belongs to."""
    realm.knows(Resident("raced", (OPERATORS,)))
    location = visitor.at_the_provider(visitor.begin(), "raced")
    cookie = visitor.token

    def show() -> bool:
        browser = Visitor(app)
        browser.client.set_cookie("staff", cookie)
        return browser.come_back(location).location == "/admin/"

    found = at_once(MANY, show)
    assert len(found) == MANY
    assert found.count(True) == 1
    signed_in = [a for a in account(engine, realm, "raced").acts if a["action"] == "sign_in"]
    assert len(signed_in) == 1


def test_of_many_first_sign_ins_of_one_person_one_makes_the_account(house: House) -> None:
    issuer = house.new_issuer(ONE_GROUP)
    address = f"first@{issuer[8:]}"
    found = at_once(8, lambda: house.comes(issuer, "first", "a", email=address))
    assert len(found) == 8
    assert len(set(found)) == 1
    assert isinstance(found[0], UUID)
    assert accounts_of(house.engine, issuer, "first") == [found[0]]


def test_of_many_with_one_address_one_gets_it(house: House) -> None:
    issuer = house.new_issuer(ONE_GROUP)
    address = f"shared@{issuer[8:]}"
    names = iter([f"person-{n}" for n in range(8)])
    lock = threading.Lock()

    def come() -> UUID | Reason:
        with lock:
            subject = next(names)
        return house.comes(issuer, subject, "a", email=address)

    found = at_once(8, come)
    assert found.count(Reason.ADDRESS_TAKEN) == 7
    with house.engine.database.reading() as connection:
        mine = select(func.count()).where(SystemUser.email == address)
        assert connection.scalar(mine) == 1
        linked = select(func.count()).where(FederatedIdentity.issuer == issuer)
        assert connection.scalar(linked) == 1
