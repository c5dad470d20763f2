"""Making and sealing anew the account for emergencies. Its password goes into an envelope, so that
it is not to be changed at the sign-in, as others' are.

What happens at its door is told by `break_glass`.
"""

from uuid import UUID

from sqlalchemy import select, update

from admin_views.identity import accounts, passwords
from admin_views.identity.account_values import NewAccount
from admin_views.identity.credentials import Credentials
from models.metadata.errors import RecordNotFound
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.principals import SystemUser


def for_an_envelope(totp_secret: str | None = None) -> Credentials:
    """A password made here, which whoever opens the envelope signs in with at once."""
    return Credentials(password=passwords.make_password(), totp_secret=totp_secret)


def add(
    service: RecordService, caller: Caller, account: NewAccount, *, credentials: Credentials
) -> UUID:
    """Raises AccessDenied, ValidationFailed."""
    user_id = accounts.add_account(service, caller, account, credentials=credentials)
    marked = update(SystemUser).where(SystemUser.id == user_id).values(is_break_glass=True)
    service.transaction.write(marked)
    service.audit(caller, "make_break_glass", record_id=user_id)
    return user_id


def seal_anew(
    service: RecordService, caller: Caller, user_id: UUID, *, credentials: Credentials
) -> None:
    """After a use: another password. Raises RecordNotFound for an account of another kind."""
    is_one = select(SystemUser.is_break_glass).where(SystemUser.id == user_id)
    if not service.transaction.read(is_one).scalar():
        raise RecordNotFound("account for emergencies")
    accounts.set_credentials(service, caller, user_id, credentials=credentials)
