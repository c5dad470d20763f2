"""Accounts of staff: made, ended, given a password and a second factor. Each act is audited.

An administrator never chooses another's password: it is made here and shown once.
"""

import base64
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask_security import hash_password
from sqlalchemy import insert, select, update

from admin_views.identity import passwords
from admin_views.identity.account import as_written
from extensions import engine
from models.metadata.errors import Problem, RecordNotFound, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller, Miscellaneous
from models.tables.base import new_id
from models.tables.principals import BusinessUnit, PrincipalRole, Role, SystemUser

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
"""As loose as can be: no mail is sent to it, and offices have names of hosts of their own."""
LABELS = {
    "email": Label("Eメール", "E-mail"),
    "full_name": Label("氏名", "Name"),
    "role": Label("ロール", "Role"),
    "business_unit": Label("部署", "Business unit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    email: str
    full_name: str
    role: str
    business_unit: str
    """The unit's name or its id."""


def create_account(
    caller: Caller, *, email: str, full_name: str, role: str, business_unit: str
) -> str:
    """Make an account; returns its first password. Raises AccessDenied, ValidationFailed."""
    password = passwords.make_password()
    account = NewAccount(email=email, full_name=full_name, role=role, business_unit=business_unit)
    engine().run(lambda service: add_account(service, caller, account, password=password))
    return password


def add_account(
    service: RecordService,
    caller: Caller,
    account: NewAccount,
    *,
    password: str,
    totp_secret: str | None = None,
) -> UUID:
    """Store an account with that password (checked) and, if given, a sealed TOTP secret."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    email = as_written(account.email)
    unit_id, role_id = _unit(service, account.business_unit), _role(service, account.role)
    problems = _problems(service, account, email=email, unit_id=unit_id, role_id=role_id)
    wrong = passwords.problem(password, email=email, has_second_factor=bool(totp_secret))
    if problems or wrong:
        raise ValidationFailed([*problems, *([wrong] if wrong else [])])
    user_id = new_id()
    row = {
        "id": user_id,
        "email": email,
        "full_name": account.full_name,
        "password": hash_password(passwords.normalised(password)),
        "active": True,
        "fs_uniquifier": uuid4().hex,
        "businessunit_id": unit_id,
        "tf_primary_method": "authenticator" if totp_secret else None,
        "tf_totp_secret": totp_secret,
    }
    service.transaction.write(insert(SystemUser), row)
    held = {"principal_id": user_id, "role_id": role_id}
    service.transaction.write(insert(PrincipalRole), held)
    service.audit(caller, "create_account", record_id=user_id, role=account.role)
    return user_id


def deactivate(caller: Caller, user_id: UUID) -> None:
    """End an account: its sessions die with the identifier they hang on."""
    _change(caller, user_id, "deactivate_account", active=False, fs_uniquifier=uuid4().hex)


def activate(caller: Caller, user_id: UUID) -> None:
    _change(caller, user_id, "activate_account", active=True, failed_sign_ins=0, locked_until=None)


def reset_second_factor(caller: Caller, user_id: UUID) -> None:
    """The person signs in with the password alone, and sets a new factor up."""
    _change(
        caller,
        user_id,
        "reset_second_factor",
        tf_primary_method=None,
        tf_totp_secret=None,
        last_totp_step=None,
        fs_uniquifier=uuid4().hex,
    )


def new_totp_key() -> str:
    """A second factor's secret as authenticator apps take it (base32)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def _change(caller: Caller, user_id: UUID, action: str, **values: object) -> None:
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)

    def work(service: RecordService) -> None:
        statement = update(SystemUser).where(SystemUser.id == user_id).values(**values)
        if service.transaction.write(statement).rowcount != 1:
            raise RecordNotFound("account")
        service.audit(caller, action, record_id=user_id)

    engine().run(work)


def _problems(
    service: RecordService,
    account: NewAccount,
    *,
    email: str,
    unit_id: UUID | None,
    role_id: UUID | None,
) -> list[Problem]:
    found = []
    if not ADDRESS.fullmatch(email) or len(email) > 254:
        found.append(Problem("email", "email", LABELS["email"]))
    elif _id_of(service, email) is not None:
        found.append(Problem("email", "duplicate", LABELS["email"]))
    if not account.full_name.strip() or len(account.full_name) > 100:
        found.append(Problem("full_name", "required", LABELS["full_name"]))
    if role_id is None:
        found.append(Problem("role", "choose", LABELS["role"]))
    if unit_id is None:
        found.append(Problem("business_unit", "choose", LABELS["business_unit"]))
    return found


def _id_of(service: RecordService, email: str) -> UUID | None:
    statement = select(SystemUser.id).where(SystemUser.email == email)
    found: UUID | None = service.transaction.read(statement).scalar()
    return found


def _role(service: RecordService, name: str) -> UUID | None:
    found: UUID | None = service.transaction.read(
        select(Role.id).where(Role.name == name)
    ).scalar()
    return found


def _unit(service: RecordService, name: str) -> UUID | None:
    by = BusinessUnit.name == name
    with suppress(ValueError):
        by = BusinessUnit.id == UUID(name)
    found: UUID | None = service.transaction.read(select(BusinessUnit.id).where(by)).scalar()
    return found
