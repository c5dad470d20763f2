"""What an account of a contractor must be: one person's, by name, without the rights of those who
supervise the contract. What it reaches is reckoned by `models/security`.
"""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.errors import Problem, RecordNotFound
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security import granting
from models.security.contracts import NEVER_UNDER_CONTRACT
from models.security.granting import MiscellaneousGrant
from models.tables.principals import SystemUser

FULL_NAME, ROLES = Label("氏名", "Name"), Label("ロール", "Role")
FAMILY_AND_GIVEN_NAME = re.compile(r"[^\s\d@]+(?:\s+[^\s\d@]+)+")
"""A desk or a group rarely has two: “operator”, “desk 2” and “staff@…” are none."""


def problems_of(service: RecordService, user_id: UUID) -> list[Problem]:
    """What speaks against the account's being a contractor's; nothing if it is none.

    Asked when everything is stored: rights come to an account in many ways.
    """
    statement = select(SystemUser.__table__).where(SystemUser.id == user_id)
    account = service.transaction.read(statement).first()
    if account is None:
        raise RecordNotFound("account")
    if account.contractor_id is None:
        return []
    problems = []
    if not FAMILY_AND_GIVEN_NAME.fullmatch(account.full_name):
        problems.append(Problem("full_name", "person_name", FULL_NAME))
    if _supervises(service, account):
        problems.append(Problem("roles", "not_under_contract", ROLES))
    return problems


def _supervises(service: RecordService, account: Any) -> bool:
    connection = service.transaction.connection
    teams = granting.teams_of(connection, account.id, unit=account.businessunit_id)
    grants = granting.privileges_of(connection, granting.roles_of(connection, account.id, teams))
    return any(
        isinstance(one, MiscellaneousGrant) and one.privilege in NEVER_UNDER_CONTRACT
        for one in grants
    )
