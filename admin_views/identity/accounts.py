"""Accounts of staff: made, ended, given a password and a second factor. Each act is audited.

An administrator never chooses another's password: it is made here and shown once. What an account
is given besides its first roles is the matter of `account_rights`.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update

from admin_views.identity.account import as_written
from admin_views.identity.account_values import (
    NewAccount,
    name_of,
    not_there,
    problem_of_address,
)
from admin_views.identity.credentials import Credentials, second_factor
from admin_views.identity.holdings import BUSINESS_UNIT, CONTRACTOR, ROLES
from admin_views.identity.passkeys.storing import count_of
from admin_views.identity.session_list import forget_sessions
from admin_views.identity.under_contract import problems_of
from extensions import engine
from jobs import letters
from jobs.letter_texts import FACTOR_RESET, PASSWORD_REISSUED, Letter
from models.metadata.errors import Problem, RecordNotFound, ValidationFailed
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id, utc_now
from models.tables.credentials import Passkey, RecoveryCode
from models.tables.principals import SystemUser


def create_account(caller: Caller, account: NewAccount) -> str:
    """Make an account; returns its first password. Raises AccessDenied, ValidationFailed."""
    credentials = Credentials.made()
    engine().run(lambda service: add_account(service, caller, account, credentials=credentials))
    return credentials.password


def add_account(
    service: RecordService,
    caller: Caller,
    account: NewAccount,
    *,
    credentials: Credentials,
) -> UUID:
    """Store an account with those credentials (the password is checked)."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    email = as_written(account.email)
    full_name, unnamed = name_of(account.full_name)
    _refuse(
        [
            problem_of_address(service, email),
            unnamed,
            *not_there(service, account),
            credentials.problem(email=email),
        ]
    )
    user_id = new_id()
    row = {
        "id": user_id,
        "email": email,
        "full_name": full_name,
        "active": True,
        "fs_uniquifier": uuid4().hex,
        "businessunit_id": BUSINESS_UNIT.found(service, account.business_unit),
        "contractor_id": CONTRACTOR.found(service, account.contractor),
        **credentials.columns(),
    }
    service.transaction.write(insert(SystemUser), row)
    ROLES.put(service, user_id, account.roles)
    _refuse(problems_of(service, user_id))
    given: dict[str, Any] = {"roles": list(ROLES.names(service, user_id))}
    given |= {"contractor": [account.contractor]} if account.contractor else {}
    service.audit(caller, "create_account", record_id=user_id, **given)
    return user_id


def deactivate(caller: Caller, user_id: UUID) -> None:
    """End an account: its sessions die with the identifier they hang on."""
    engine().run(lambda service: end(service, caller, user_id))


def end(service: RecordService, caller: Caller, user_id: UUID) -> None:
    """As `deactivate`, within a unit of work."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    _write(service, user_id, {"active": False, "fs_uniquifier": uuid4().hex})
    service.audit(caller, "deactivate_account", record_id=user_id)


def activate(caller: Caller, user_id: UUID) -> None:
    _change(caller, user_id, "activate_account", active=True, **_opened())


def unlock(caller: Caller, user_id: UUID) -> None:
    """Failures, and the days until it is dormant, are counted anew; the password stays."""
    _change(caller, user_id, "unlock_account", **_opened())


def reset_password(caller: Caller, user_id: UUID) -> str:
    """Make the account a new password, and return it; the second factor stays."""
    credentials = Credentials.made()
    engine().run(
        lambda service: set_credentials(service, caller, user_id, credentials=credentials)
    )
    return credentials.password


def set_credentials(
    service: RecordService, caller: Caller, user_id: UUID, *, credentials: Credentials
) -> None:
    """Replace the password (checked) and, if there is one among them, the second factor.

    Whoever is signed in with the account is signed out; a lock is lifted, or the new password
    would be refused like the ones guessed in vain.
    """
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    statement = select(SystemUser.email, SystemUser.tf_totp_secret).where(SystemUser.id == user_id)
    account = service.transaction.read(statement).first()
    if account is None:
        raise RecordNotFound("account")
    held = count_of(service.transaction.connection, user_id)
    has_factor = bool(account.tf_totp_secret or held)
    wrong = credentials.problem(email=account.email, has_second_factor=has_factor)
    if wrong:
        raise ValidationFailed([wrong])
    values = {"fs_uniquifier": uuid4().hex, **_opened(), **credentials.columns()}
    _write(service, user_id, values)
    _note_help(service, caller, user_id, action="reset_password", letter=PASSWORD_REISSUED)
    if credentials.totp_secret:
        _reset_factor(service, caller, user_id)


def reset_second_factor(caller: Caller, user_id: UUID) -> None:
    """The person signs in with the password alone, and sets a new factor up."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    values = {"fs_uniquifier": uuid4().hex, **second_factor(None)}

    def work(service: RecordService) -> None:
        _write(service, user_id, values)
        _reset_factor(service, caller, user_id)

    engine().run(work)


def sign_out_everywhere(caller: Caller, user_id: UUID) -> None:
    """End every session of an account; it signs in again as before."""
    _change(caller, user_id, "end_sessions", fs_uniquifier=uuid4().hex)


def new_totp_key() -> str:
    """A second factor's secret as authenticator apps take it (base32)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def _opened() -> dict[str, object]:
    """Neither locked nor dormant any more."""
    return {"failed_sign_ins": 0, "locked_until": None, "opened_on": utc_now()}


def _change(caller: Caller, user_id: UUID, action: str, **values: object) -> None:
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)

    def work(service: RecordService) -> None:
        _write(service, user_id, values)
        service.audit(caller, action, record_id=user_id)

    engine().run(work)


def _reset_factor(service: RecordService, caller: Caller, user_id: UUID) -> None:
    """Passkeys and recovery codes belong to the factor that is gone."""
    for held in (Passkey, RecoveryCode):
        # nosemgrep: record-written-elsewhere - two mapped classes
        service.transaction.write(delete(held).where(held.systemuser_id == user_id))
    _note_help(service, caller, user_id, action="reset_second_factor", letter=FACTOR_RESET)


def _note_help(
    service: RecordService, caller: Caller, user_id: UUID, *, action: str, letter: Letter
) -> None:
    service.audit(caller, action, record_id=user_id)
    when = {"on": utc_now()}
    letters.post(service.transaction, service.keyring, letter, to=[user_id], texts=when)


def _write(service: RecordService, user_id: UUID, values: Mapping[str, object]) -> None:
    statement = update(SystemUser).where(SystemUser.id == user_id).values(**values)
    if service.transaction.write(statement).rowcount != 1:
        raise RecordNotFound("account")
    if "fs_uniquifier" in values:
        forget_sessions(service.transaction, user_id)


def _refuse(found: Sequence[Problem | None]) -> None:
    if problems := [problem for problem in found if problem]:
        raise ValidationFailed(problems)
