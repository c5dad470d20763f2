"""Recovery codes: ten that stand in for a second factor, shown once, each good once.

Each has 118 bits of chance, so that a keyed hash keeps it as well as a slow one would (ASVS
6.5.2), and one statement decides who of many uses it first.
"""

import hashlib
import hmac
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from admin_views.identity.auditing import itself
from admin_views.identity.changing import change
from admin_views.identity.devices import device_label
from admin_views.identity.passwords import ALPHABET
from crypto.unicode_forms import normal_form
from extensions import engine, secret
from jobs import letters
from jobs.letter_texts import RECOVERY_CODE_USED, RECOVERY_CODES_MADE
from models.records.service import RecordService
from models.tables.base import utc_now
from models.tables.credentials import RecoveryCode

COUNT = 10
GROUPS, LETTERS = 6, 4
LONGEST_TYPED = 100


def make(account: Any) -> list[str]:
    """Ten new ones in place of all there were; every other session of the account ends."""
    codes = [_code() for _ in range(COUNT)]
    rows = [{"systemuser_id": account.id, "digest": _digest(account.id, code)} for code in codes]

    def keep(service: RecordService) -> None:
        mine = RecoveryCode.systemuser_id == account.id
        service.transaction.write(delete(RecoveryCode).where(mine))
        service.transaction.write(insert(RecoveryCode), rows)

    change(account, "make_recovery_codes", keep, letter=RECOVERY_CODES_MADE)
    return codes


def left(user_id: UUID) -> int:
    """How many are good yet."""
    with engine().database.reading() as connection:
        return int(connection.scalar(_unused(user_id)) or 0)


def use(account: Any, typed: str) -> bool:
    """Whether it is one of the account's and was not used; it is used from now on."""
    digest = _digest(account.id, typed)

    def work(service: RecordService) -> bool:
        unused = update(RecoveryCode).where(
            RecoveryCode.systemuser_id == account.id,
            RecoveryCode.digest == digest,
            RecoveryCode.used_on.is_(None),
        )
        if service.transaction.write(unused.values(used_on=utc_now())).rowcount != 1:
            return False
        _tell(service, account)
        return True

    return engine().run(work)


def _tell(service: RecordService, account: Any) -> None:
    transaction = service.transaction
    remaining = transaction.read(_unused(account.id)).scalar_one()
    service.audit(itself(service, account), "use_recovery_code")
    texts: letters.Texts = {"on": utc_now(), "device": device_label(), "left": str(remaining)}
    letters.post(transaction, service.keyring, RECOVERY_CODE_USED, to=[account.id], texts=texts)


def _unused(user_id: UUID) -> Any:
    mine = (RecoveryCode.systemuser_id == user_id, RecoveryCode.used_on.is_(None))
    return select(func.count()).select_from(RecoveryCode).where(*mine)


def _code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


def _digest(user_id: UUID, typed: str) -> bytes:
    """Of the code however it is written: wide, in capitals, with or without blanks and dashes."""
    try:
        written = normal_form("NFKC", typed[:LONGEST_TYPED]).lower()
    except ValueError:
        written = ""
    plain = "".join(letter for letter in written if letter.isascii() and letter.isalnum())
    return hmac.digest(secret("recovery codes"), user_id.bytes + plain.encode(), hashlib.sha256)
