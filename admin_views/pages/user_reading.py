"""Accounts and roles as the users page shows them; no password, no secret."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.errors import RecordNotFound
from models.tables.base import utc_now
from models.tables.principals import BY_HAND, BusinessUnit, PrincipalRole, Role, SystemUser
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class Choice:
    """A role or a business unit to choose."""

    id: UUID
    name: str
    label: str
    origin: str = BY_HAND
    """Of a role that an account holds: where it comes from."""


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


def read_accounts(transaction: Transaction, *, language: str) -> list[Account]:
    """Active ones first, by name."""
    held = _roles_held(transaction, language)
    statement = (
        select(
            SystemUser.id,
            SystemUser.email,
            SystemUser.full_name,
            SystemUser.active,
            SystemUser.tf_primary_method,
            SystemUser.locked_until,
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
            row["tf_primary_method"] is not None,
            row["locked_until"] if row["locked_until"] and row["locked_until"] > now else None,
        )
        for row in transaction.read(statement).mappings()
    ]


def read_account(transaction: Transaction, user_id: UUID, *, language: str) -> Account:
    for account in read_accounts(transaction, language=language):
        if account.id == user_id:
            return account
    raise RecordNotFound("account")


def read_roles(transaction: Transaction, *, language: str) -> list[Choice]:
    rows = transaction.read(select(Role.__table__).order_by(Role.name)).mappings()
    return [_role(row, language) for row in rows]


def read_units(transaction: Transaction) -> list[Choice]:
    statement = select(BusinessUnit.id, BusinessUnit.name).order_by(BusinessUnit.name)
    rows = transaction.read(statement).mappings()
    return [Choice(row["id"], row["name"], row["name"]) for row in rows]


def _roles_held(transaction: Transaction, language: str) -> dict[UUID, list[Choice]]:
    statement = (
        select(PrincipalRole.principal_id, PrincipalRole.origin, Role.__table__)
        .join(Role, Role.id == PrincipalRole.role_id)
        .order_by(PrincipalRole.origin, Role.name)
    )
    found: dict[UUID, list[Choice]] = defaultdict(list)
    for row in transaction.read(statement).mappings():
        held = replace(_role(row, language), origin=row["origin"])
        found[row["principal_id"]].append(held)
    return found


def _role(row: Mapping[Any, Any], language: str) -> Choice:
    return Choice(row["id"], row["name"], str(row[f"display_name_{language}"] or row["name"]))
