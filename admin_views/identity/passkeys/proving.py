"""A passkey shown as a proof: which account it proves, or nothing at all.

Whatever is wrong is one answer; the audit keeps which it was. A signature cannot be guessed, so a
failure locks nothing, and a lock that somebody's guesses have brought about keeps nobody out.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_security.proxies import _datastore

from admin_views.identity import lockout
from admin_views.identity.auditing import note_stranger
from admin_views.identity.passkeys import challenges
from admin_views.identity.passkeys.asking import handle_of
from admin_views.identity.passkeys.challenges import Purpose
from admin_views.identity.passkeys.storing import by_credential, use
from extensions import engine

if TYPE_CHECKING:
    from webauthn.helpers.structs import AuthenticationCredential

FACTOR = "passkey"


@dataclass(frozen=True, slots=True)
class _Shown:
    answer: "AuthenticationCredential"
    passkey: Any
    account: Any


def proven(sent: str, purpose: Purpose, *, of: UUID | None = None) -> Any:
    """The account whose passkey answered this session's challenge; None for every failure.

    `of` is the account it must be; without it the passkey itself says whose it is.
    """
    challenge = challenges.take(purpose)
    shown = _read(sent)
    if shown is None or (of is not None and shown.account.id != of):
        note_stranger(factor=FACTOR)
        return None
    reason = "challenge" if challenge is None else _refused(shown, challenge, of=of)
    if reason:
        lockout.note_failure(shown.account, factor=FACTOR, reason=reason)
        return None
    return shown.account


def _read(sent: str) -> _Shown | None:
    """The answer, and whose it claims to be."""
    from admin_views.identity.passkeys.ceremonies import read_answer

    answer = read_answer(sent)
    if answer is None:
        return None
    with engine().database.reading() as connection:
        passkey = by_credential(connection, answer.raw_id)
    account = passkey and _datastore.find_user(id=passkey.systemuser_id)
    return _Shown(answer, passkey, account) if account else None


def _refused(shown: _Shown, challenge: bytes, *, of: UUID | None) -> str:
    """Why it is no proof; "" where it is one."""
    from admin_views.identity.passkeys.ceremonies import Refused, count_of_proof

    handle = shown.answer.response.user_handle
    if handle != handle_of(shown.account.id) and (handle or of is None):
        return "handle"
    try:
        count = count_of_proof(shown.answer, challenge, of=shown.passkey)
    except Refused as error:
        return error.reason
    if shown.account.is_shut():
        return str(shown.account.shut)
    is_newer = engine().database.run(lambda t: use(t, shown.passkey, sign_count=count))
    return "" if is_newer else "counter"
