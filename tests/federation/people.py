"""What the service holds of people who came from a provider: account, roles, audit."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.records.engine import RecordEngine
from models.tables.federation import FederatedIdentity
from models.tables.principals import BY_HAND, BusinessUnit, PrincipalRole, Role, SystemUser
from models.tables.record_data import AuditEntry
from tests.federation.realm import Realm


@dataclass(frozen=True)
class Known:
    id: UUID
    email: str
    full_name: str
    password: str | None
    active: bool
    unit: str
    roles: set[str]
    by_hand: set[str]
    acts: list[dict[str, Any]]
    """What the person did."""


def accounts_of(engine: RecordEngine, realm: Realm | str, subject: str) -> list[UUID]:
    issuer = realm if isinstance(realm, str) else realm.issuer
    statement = select(FederatedIdentity.systemuser_id).where(
        FederatedIdentity.issuer == issuer, FederatedIdentity.subject == subject
    )
    with engine.database.reading() as connection:
        return list(connection.scalars(statement))


def account(engine: RecordEngine, realm: Realm | str, subject: str) -> Known:
    [account_id] = accounts_of(engine, realm, subject)
    return known(engine, account_id)


def known(engine: RecordEngine, account_id: UUID) -> Known:
    table = SystemUser.__table__
    with engine.database.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == account_id)).one()
        unit = connection.scalar(
            select(BusinessUnit.name).where(BusinessUnit.id == row.businessunit_id)
        )
        held = connection.execute(
            select(Role.name, PrincipalRole.origin)
            .join(PrincipalRole, PrincipalRole.role_id == Role.id)
            .where(PrincipalRole.principal_id == account_id)
        ).all()
        bodies = connection.scalars(
            select(AuditEntry.body)
            .where(AuditEntry.caller_id == account_id)
            .order_by(AuditEntry.sequence)
        ).all()
    return Known(
        row.id,
        row.email,
        row.full_name,
        row.password,
        row.active,
        str(unit),
        {one.name for one in held if one.origin != BY_HAND},
        {one.name for one in held if one.origin == BY_HAND},
        [json.loads(body) for body in bodies],
    )


def acts_on(engine: RecordEngine, account_id: UUID) -> list[dict[str, Any]]:
    """What was done to the account, oldest first."""
    return [act for act in acts(engine) if act.get("record") == account_id.hex]


def acts(engine: RecordEngine) -> list[dict[str, Any]]:
    statement = select(AuditEntry.body).order_by(AuditEntry.sequence)
    with engine.database.reading() as connection:
        return [json.loads(body) for body in connection.scalars(statement)]


def last_refusal(engine: RecordEngine) -> str:
    """Why the last act of all was refused."""
    last = acts(engine)[-1]
    assert last["action"] == "sign_in_failed", last
    assert last["details"]["factor"] == "provider"
    return str(last["details"]["reason"])
