"""The second factor: one page for all there are of it, and TOTP that takes each code once
(ASVS 6.5.1), whatever number of processes are asked at once."""

from typing import Any

from flask import g, redirect, session
from flask_security import Totp, UserMixin
from flask_security.proxies import _security
from flask_security.tf_plugin import tf_check_state
from flask_security.twofactor import CodeTfPlugin
from flask_security.utils import url_for_security
from passlib.totp import TokenError
from sqlalchemy import or_, update

from admin_views.identity.arrivals import BESIDE_PASSWORD
from extensions import engine
from models.tables.principals import SystemUser

WINDOW_SECONDS = 30
ONE_WAY = [("authenticator", "")]
"""What the library is told of an account with a factor: the page offers what the account has."""


class HouseSecondFactor(CodeTfPlugin):
    """After the password: to the page of the code, where a passkey or a recovery code will do."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        return ONE_WAY if user.has_second_factor else []

    def tf_login(self, user: Any, json_payload: dict[str, Any], next_loc: str | None) -> Any:
        if not user.has_second_factor:
            return super().tf_login(user, json_payload, next_loc)
        session["tf_state"] = "ready"
        way_on = {"next": next_loc} if next_loc else {}
        return redirect(url_for_security("two_factor_token_validation", **way_on))


def awaited() -> Any:
    """The account whose password was right and whose second factor is awaited; None for none."""
    return tf_check_state(["ready"])


def complete(account: Any, factor: str) -> None:
    """Sign in who has shown this in place of a code."""
    setattr(g, BESIDE_PASSWORD, factor)
    _security.two_factor_plugins.tf_complete(account, dologin=True)


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
