"""TOTP that takes each code once (ASVS 6.5.1), whatever number of processes are asked at once."""

from flask_security import Totp, UserMixin
from passlib.totp import TokenError
from sqlalchemy import or_, update

from extensions import engine
from models.tables.principals import SystemUser

WINDOW_SECONDS = 30


class OnceOnlyTotp(Totp):
    """Flask-Security's, with the last step used kept in the database."""

    def verify_totp(
        self,
        token: str,
        totp_secret: str,
        user: UserMixin,
        window: int = 0,
    ) -> bool:
        """True for a right code of now or the step beside it, the first time it is shown.

        The library's own window, ± 120 seconds, would take nine codes at any time.
        """
        if user.is_locked():
            return False
        try:
            match = self._totp.verify(token, totp_secret, window=WINDOW_SECONDS)
        except (TokenError, ValueError):
            return False
        return self._use_up(user, match.counter)

    def _use_up(self, user: UserMixin, step: int) -> bool:
        """Compare and swap: of many who show one code, one gets True."""
        unused = or_(SystemUser.last_totp_step.is_(None), SystemUser.last_totp_step < step)
        statement = (
            update(SystemUser).where(SystemUser.id == user.id, unused).values(last_totp_step=step)
        )
        changed = engine().database.run(lambda transaction: transaction.write(statement).rowcount)
        return bool(changed == 1)


def sealed_secret(factory: Totp, key: str) -> str:
    """A new secret (base32) as accounts keep it: encrypted under the platform's TOTP secret."""
    return str(factory._totp(key=key, format="base32").to_json(encrypt=True))
