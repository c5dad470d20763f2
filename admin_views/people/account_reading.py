"""Accounts as the users page shows them; no password, no secret."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from admin_views.people.choices import Choice, role_choice
from models.metadata.errors import RecordNotFound
from models.tables.base import utc_now
from models.tables.credentials import Passkey
from models.tables.principals import BusinessUnit, PrincipalRole, Role, SystemUser
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class Account:
    id: UUID
    email: str
    full_name: str
    business_unit: str
    roles: tuple[Choice, ...]
    is_active: bool
    has_second_factor: bool
    locked_until: datetime | None
    is_break_glass: bool


def read_accounts(transaction: Transaction, *, language: str) -> list[Account]:
    """Active ones first, by name."""
    held = roles_held(transaction, language)
    statement = (
        select(
            SystemUser.id,
            SystemUser.email,
            SystemUser.full_name,
            SystemUser.active,
            SystemUser.tf_primary_method,
            SystemUser.locked_until,
            SystemUser.is_break_glass,
            exists().where(Passkey.systemuser_id == SystemUser.id).label("has_passkey"),
            BusinessUnit.name.label("business_unit"),
        )
        .join(BusinessUnit, BusinessUnit.id == SystemUser.businessunit_id)
        .order_by(SystemUser.active.desc(), SystemUser.full_name, SystemUser.email)
    )
    now = utc_now()
    return [
        Account(
            row["id"],
            row["email"],
            row["full_name"],
            row["business_unit"],
            tuple(held[row["id"]]),
            row["active"],
            row["tf_primary_method"] is not None or row["has_passkey"],
            row["locked_until"] if row["locked_until"] and row["locked_until"] > now else None,
            row["is_break_glass"],
        )
        for row in transaction.read(statement).mappings()
    ]


def read_account(transaction: Transaction, user_id: UUID, *, language: str) -> Account:
    for account in read_accounts(transaction, language=language):
        if account.id == user_id:
            return account
    raise RecordNotFound("account")


def roles_held(transaction: Transaction, language: str) -> dict[UUID, list[Choice]]:
    statement = (
        select(PrincipalRole.principal_id, PrincipalRole.origin, Role.__table__)
        .join(Role, Role.id == PrincipalRole.role_id)
        .order_by(PrincipalRole.origin, Role.name)
    )
    found: dict[UUID, list[Choice]] = defaultdict(list)
    for row in transaction.read(statement).mappings():
        held = replace(role_choice(row, language), origin=row["origin"])
        found[row["principal_id"]].append(held)
    return found
