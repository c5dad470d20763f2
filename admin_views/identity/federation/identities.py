"""Who at the provider is which account: by issuer and subject, never by an address.

An account has one identity at a provider, and an identity one account. Linking is done by whoever
may manage users, or by the person who has shown both.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update

from admin_views.identity.account import as_written
from admin_views.identity.holdings import lock_people
from admin_views.identity.session_list import forget_sessions
from extensions import engine
from models.metadata.errors import Problem, RecordNotFound, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id, sought, utc_now
from models.tables.federation import FederatedIdentity
from models.tables.principals import BY_PROVIDER, PrincipalRole, SystemUser
from models.tables.session import Transaction

LONGEST_SUBJECT = 255
SUBJECT = Label("識別子（sub）", "Identifier (sub)")
ACCOUNT = Label("アカウント", "Account")


@dataclass(frozen=True, slots=True)
class Linked:
    id: UUID
    account_id: UUID
    email: str
    full_name: str
    subject: str
    created_on: datetime
    last_used_on: datetime | None


def links(transaction: Transaction, issuer: str) -> list[Linked]:
    statement = (
        select(FederatedIdentity.__table__, SystemUser.email, SystemUser.full_name)
        .join(SystemUser, SystemUser.id == FederatedIdentity.systemuser_id)
        .where(FederatedIdentity.issuer == issuer)
        .order_by(SystemUser.email)
    )
    return [
        Linked(
            row.id,
            row.systemuser_id,
            row.email,
            row.full_name,
            row.subject,
            row.created_on,
            row.last_used_on,
        )
        for row in transaction.read(statement)
    ]


def account_of(transaction: Transaction, issuer: str, subject: str) -> UUID | None:
    statement = select(FederatedIdentity.systemuser_id).where(
        FederatedIdentity.issuer == issuer, FederatedIdentity.subject == subject
    )
    found: UUID | None = transaction.read(statement).scalar()
    return found


def identity_of(transaction: Transaction, issuer: str, account_id: UUID) -> Any:
    """The identity's row; None where the account has none."""
    table = FederatedIdentity.__table__
    statement = select(table).where(table.c.issuer == issuer, table.c.systemuser_id == account_id)
    return transaction.read(statement).first()


def add_identity(service: RecordService, issuer: str, *, subject: str, account_id: UUID) -> None:
    """Asks nothing: `account_of` and `identity_of` were asked under the same lock."""
    row = {
        "id": new_id(),
        "issuer": issuer,
        "subject": subject,
        "systemuser_id": account_id,
        "created_on": utc_now(),
    }
    service.transaction.write(insert(FederatedIdentity), row)


def mark_used(service: RecordService, issuer: str, subject: str) -> None:
    mine = (FederatedIdentity.issuer == issuer, FederatedIdentity.subject == subject)
    service.transaction.write(
        update(FederatedIdentity).where(*mine).values(last_used_on=utc_now())
    )


def link_for(caller: Caller, issuer: str, *, email: str, subject: str) -> None:
    """An administrator's word that whoever has the identifier there is whose account this is."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)

    def work(service: RecordService) -> None:
        lock_people(service)
        account_id = _account_with(service, email)
        problems = _problems(service, issuer, account_id=account_id, subject=subject.strip())
        if problems or account_id is None:
            raise ValidationFailed(problems)
        add_identity(service, issuer, subject=subject.strip(), account_id=account_id)
        service.audit(caller, "link_identity", record_id=account_id)

    engine().run(work)


def unlink_for(caller: Caller, issuer: str, account_id: UUID) -> None:
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    engine().run(lambda service: unlink(service, caller, issuer, account_id=account_id))


def unlink(service: RecordService, caller: Caller, issuer: str, *, account_id: UUID) -> None:
    """The roles that came from there go along, and every session of the account ends."""
    lock_people(service)
    identity = identity_of(service.transaction, issuer, account_id)
    if identity is None:
        raise RecordNotFound("identity")
    write = service.transaction.write
    write(delete(FederatedIdentity).where(FederatedIdentity.id == identity.id))
    given = (PrincipalRole.principal_id == account_id, PrincipalRole.origin == BY_PROVIDER)
    write(delete(PrincipalRole).where(*given))
    end_sessions(service, account_id)
    service.audit(caller, "unlink_identity", record_id=account_id)


def end_sessions(service: RecordService, account_id: UUID) -> None:
    """They hang on an identifier, which is another one from now on."""
    ended = update(SystemUser).where(SystemUser.id == account_id)
    service.transaction.write(ended.values(fs_uniquifier=uuid4().hex))
    forget_sessions(service.transaction, account_id)


def _problems(
    service: RecordService, issuer: str, *, account_id: UUID | None, subject: str
) -> list[Problem]:
    found = []
    if account_id is None:
        found.append(Problem("account", "choose", ACCOUNT))
    elif identity_of(service.transaction, issuer, account_id) is not None:
        found.append(Problem("account", "duplicate", ACCOUNT))
    wrong = _problem_of_subject(service, issuer, subject)
    return [*found, wrong] if wrong else found


def _problem_of_subject(service: RecordService, issuer: str, subject: str) -> Problem | None:
    if not subject:
        return Problem("subject", "required", SUBJECT)
    if len(subject) > LONGEST_SUBJECT:
        sizes: dict[str, object] = {"maximum": LONGEST_SUBJECT, "length": len(subject)}
        return Problem("subject", "too_long", SUBJECT, sizes)
    if not subject.isprintable():
        return Problem("subject", "control_characters", SUBJECT)
    if account_of(service.transaction, issuer, sought(subject)) is not None:
        return Problem("subject", "duplicate", SUBJECT)
    return None


def _account_with(service: RecordService, email: str) -> UUID | None:
    statement = select(SystemUser.id).where(SystemUser.email == as_written(email))
    found: UUID | None = service.transaction.read(statement).scalar()
    return found
