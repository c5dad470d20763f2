"""Contractors as their pages show them: period, where it stands, what is allowed, the accounts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import RecordNotFound
from models.security import contracts
from models.tables.principals import Contractor, SystemUser
from models.tables.session import Transaction

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Contract:
    id: UUID
    name: str
    first: date
    last: date
    standing: str
    """`future`, `running`, `soon` (its last days), `over`."""
    days_left: int
    allowed: tuple[str, ...]
    """In words: the entities, with the options where they are limited."""
    networks: tuple[str, ...]
    accounts: int
    """Active ones."""


@dataclass(frozen=True, slots=True)
class ContractedAccount:
    id: UUID
    email: str
    full_name: str
    is_active: bool
    last_signed_in_on: datetime | None


def read_contracts(transaction: Transaction, catalog: Catalog, *, language: str) -> list[Contract]:
    """Those that run or will run first, by name; those that are over last."""
    counted = _counts(transaction)
    rows = transaction.read(select(Contractor.__table__).order_by(Contractor.name)).all()
    found = [_contract(row, catalog, language, counted.get(row.id, 0)) for row in rows]
    return sorted(found, key=lambda one: one.standing == "over")


def read_contract(
    transaction: Transaction, catalog: Catalog, contractor_id: UUID, *, language: str
) -> Contract:
    for contract in read_contracts(transaction, catalog, language=language):
        if contract.id == contractor_id:
            return contract
    raise RecordNotFound("contractor")


def read_contracted_accounts(
    transaction: Transaction, contractor_id: UUID
) -> list[ContractedAccount]:
    statement = (
        select(
            SystemUser.id,
            SystemUser.email,
            SystemUser.full_name,
            SystemUser.active,
            SystemUser.last_signed_in_on,
        )
        .where(SystemUser.contractor_id == contractor_id)
        .order_by(SystemUser.active.desc(), SystemUser.full_name, SystemUser.email)
    )
    return [
        ContractedAccount(row.id, row.email, row.full_name, row.active, row.last_signed_in_on)
        for row in transaction.read(statement)
    ]


def contracts_ending(transaction: Transaction) -> list[str]:
    """Names of those whose last days these are."""
    rows = transaction.read(select(Contractor.__table__).order_by(Contractor.name))
    return [row.name for row in rows if standing_of(row) == "soon"]


def standing_of(row: Any) -> str:
    standing = contracts.standing(row, on=contracts.today())
    is_soon = (row.ends_on - contracts.today()).days <= SOON_DAYS
    return "soon" if standing == "running" and is_soon else standing


def _contract(row: Any, catalog: Catalog, language: str, accounts: int) -> Contract:
    return Contract(
        row.id,
        row.name,
        row.starts_on,
        row.ends_on,
        standing_of(row),
        (row.ends_on - contracts.today()).days,
        tuple(
            _allowed(catalog.entities.get(name), name, limits, language)
            for name, limits in json.loads(row.scope).items()
        ),
        contracts.networks_of(row),
        accounts,
    )


def _allowed(
    entity: EntityDefinition | None, name: str, limits: Mapping[str, list[int]], language: str
) -> str:
    """“Applications (Support for children, Support for students)”."""
    if entity is None:
        return name
    said = entity.display_collection_name.text(language)
    options = [
        option.label.text(language)
        for attribute, values in limits.items()
        if (found := entity.attributes.get(attribute)) and found.options
        for option in found.options.options
        if option.value in values
    ]
    left, between, right = ("（", "、", "）") if language == "ja" else (" (", ", ", ")")
    return f"{said}{left}{between.join(options)}{right}" if limits else said


def _counts(transaction: Transaction) -> dict[UUID, int]:
    statement = (
        select(SystemUser.contractor_id, func.count().label("accounts"))
        .where(SystemUser.active, SystemUser.contractor_id.is_not(None))
        .group_by(SystemUser.contractor_id)
    )
    return {row.contractor_id: row.accounts for row in transaction.read(statement)}
