"""Whom a record can be given to: exactly those within the reach of the caller's assigning."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from admin_views.records.assigning import candidates
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from models.tables.principals import BusinessUnit, SystemUser
from tests.admin_views.office import ENTITY, ROLES, Office

CHILDREN = {
    "神戸市": {"神戸市", "企画調整局つなぐラボ", "運営事務局"},
    "企画調整局つなぐラボ": {"企画調整局つなぐラボ", "運営事務局"},
    "運営事務局": {"運営事務局"},
}


def offered(office: Office, caller: Caller) -> set[UUID]:
    entity = office.engine.catalog.entity(ENTITY)
    found = office.engine.run(lambda s: candidates(s.transaction, caller, entity=entity))
    return {one.id for one in found if not one.is_team}


def units(office: Office) -> dict[UUID, str]:
    with office.engine.database.engine.connect() as connection:
        statement = select(SystemUser.id, BusinessUnit.name).join(
            BusinessUnit, BusinessUnit.id == SystemUser.businessunit_id
        )
        return {row[0]: row[1] for row in connection.execute(statement)}


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("level", [AccessLevel.LOCAL, AccessLevel.DEEP, AccessLevel.GLOBAL])
def test_reach(office: Office, role: str, level: AccessLevel) -> None:
    caller = replace(office.caller(role), privileges={(ENTITY, Privilege.ASSIGN): level})
    own = ROLES[role]
    reached = {
        AccessLevel.LOCAL: {own},
        AccessLevel.DEEP: CHILDREN[own],
        AccessLevel.GLOBAL: CHILDREN["神戸市"],
    }[level]
    expected = {user for user, unit in units(office).items() if unit in reached}
    assert offered(office, caller) == expected


def test_inactive_accounts_are_not_offered(own_office: Office) -> None:
    official = own_office.caller("kobe_official")
    assert own_office.users["auditor"] in offered(own_office, official)
    with own_office.engine.database.engine.begin() as connection:
        connection.execute(
            SystemUser.__table__.update()
            .where(SystemUser.id == own_office.users["auditor"])
            .values(active=False)
        )
    assert own_office.users["auditor"] not in offered(own_office, official)
