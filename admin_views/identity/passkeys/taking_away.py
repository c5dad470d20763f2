"""A passkey deleted by its person; the only second factor stays."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from admin_views.identity.changing import change
from admin_views.identity.passkeys import storing
from jobs.letter_texts import PASSKEY_REMOVED
from models.metadata.errors import Problem, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.tables.principals import SystemUser

LABEL = Label("パスキー", "Passkey")


def take_away(account: Any, passkey: storing.KnownPasskey) -> None:
    """Raises RecordNotFound, ValidationFailed."""

    def remove(service: RecordService) -> None:
        _require_another(service, account.id)
        storing.remove(service.transaction, account.id, passkey.id)

    change(account, "delete_passkey", remove, letter=PASSKEY_REMOVED, passkey=passkey.name)


def is_only_factor(account: Any) -> bool:
    return not account.tf_totp_secret and len(account.passkeys) <= 1


def _require_another(service: RecordService, user_id: UUID) -> None:
    """Of two that are deleted at once, the account's row lets one wait for the other."""
    secret = select(SystemUser.tf_totp_secret).where(SystemUser.id == user_id)
    has_app = service.transaction.read(secret.with_for_update()).scalar()
    if not has_app and storing.count_of(service.transaction.connection, user_id) <= 1:
        raise ValidationFailed([Problem("passkey", "only_second_factor", LABEL)])
