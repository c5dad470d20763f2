"""What a form about accounts and teams offers to choose from: known by name, shown by label."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from models.tables.principals import (
    BY_HAND,
    BusinessUnit,
    Contractor,
    FieldSecurityProfile,
    Role,
    SystemUser,
    Team,
)
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class Choice:
    id: UUID
    name: str
    """What the form sends."""
    label: str
    origin: str = BY_HAND
    """Of a role that an account holds: where it comes from."""


def read_roles(transaction: Transaction, *, language: str) -> list[Choice]:
    rows = transaction.read(select(Role.__table__).order_by(Role.name)).mappings()
    return [role_choice(row, language) for row in rows]


def read_units(transaction: Transaction) -> list[Choice]:
    return _named(transaction, select(BusinessUnit.id, BusinessUnit.name))


def read_profiles(transaction: Transaction) -> list[Choice]:
    return _named(transaction, select(FieldSecurityProfile.id, FieldSecurityProfile.name))


def read_teams(transaction: Transaction) -> list[Choice]:
    """Those one can join: of a business unit's default team are all who work there."""
    return _named(transaction, select(Team.id, Team.name).where(~Team.is_default))


def read_contractors(transaction: Transaction) -> list[Choice]:
    return _named(transaction, select(Contractor.id, Contractor.name))


def read_people(transaction: Transaction) -> list[Choice]:
    """Active accounts, known by their addresses."""
    statement = select(SystemUser.id, SystemUser.email, SystemUser.full_name)
    rows = transaction.read(
        statement.where(SystemUser.active).order_by(SystemUser.full_name, SystemUser.email)
    )
    return [Choice(row.id, row.email, f"{row.full_name} {row.email}".strip()) for row in rows]


def read_everybody(transaction: Transaction) -> list[Choice]:
    """The inactive accounts, too; known by their ids."""
    statement = select(SystemUser.id, SystemUser.email, SystemUser.full_name)
    rows = transaction.read(statement.order_by(SystemUser.full_name, SystemUser.email))
    return [Choice(row.id, str(row.id), f"{row.full_name} {row.email}".strip()) for row in rows]


def role_choice(row: Mapping[Any, Any], language: str) -> Choice:
    return Choice(row["id"], row["name"], str(row[f"display_name_{language}"] or row["name"]))


def _named(transaction: Transaction, statement: Select[UUID, str]) -> list[Choice]:
    found = [Choice(row.id, row.name, row.name) for row in transaction.read(statement)]
    return sorted(found, key=lambda choice: choice.name)
