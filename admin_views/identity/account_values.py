"""What is stated of a new account, and what is wrong with it: address, name, roles, unit.

It stores nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from admin_views.identity.holdings import BUSINESS_UNIT, CONTRACTOR, ROLES
from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import Problem
from models.metadata.labels import Label
from models.records.service import RecordService
from models.tables.principals import SystemUser

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
"""As loose as can be: offices have names of hosts of their own."""
EMAIL = Label("Eメール", "E-mail")
FULL_NAME = AttributeDefinition(
    number=0,
    logical_name="full_name",
    schema_name="FullName",
    type="String",
    display_name=Label("氏名", "Name"),
    max_length=100,
)
"""A text like any of a record's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    email: str
    full_name: str
    roles: tuple[str, ...]
    """By name; one at least."""
    business_unit: str
    contractor: str = ""
    """Whose account it is; the office's own, if nobody's."""


def name_of(entered: str) -> tuple[str, Problem | None]:
    """The name as it is kept, or what is wrong with it."""
    label = FULL_NAME.display_name
    try:
        name = type_of(FULL_NAME).parse(FULL_NAME, entered)
    except InvalidValue as error:
        return "", Problem("full_name", error.code, label, error.parameters)
    return (str(name), None) if name else ("", Problem("full_name", "required", label))


def problem_of_address(service: RecordService, email: str) -> Problem | None:
    if not ADDRESS.fullmatch(email) or len(email) > 254:
        return Problem("email", "email", EMAIL)
    if id_of(service, email) is not None:
        return Problem("email", "duplicate", EMAIL)
    return None


def not_there(service: RecordService, account: NewAccount) -> Iterator[Problem]:
    """What the account is to be given, and there is none of."""
    if not account.roles or ROLES.found(service, account.roles) is None:
        yield Problem("roles", "choose", ROLES.label)
    if BUSINESS_UNIT.found(service, account.business_unit) is None:
        yield Problem("business_unit", "choose", BUSINESS_UNIT.label)
    if account.contractor and CONTRACTOR.found(service, account.contractor) is None:
        yield Problem("contractor", "choose", CONTRACTOR.label)


def id_of(service: RecordService, email: str) -> UUID | None:
    statement = select(SystemUser.id).where(SystemUser.email == email)
    found: UUID | None = service.transaction.read(statement).scalar()
    return found
