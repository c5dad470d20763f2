"""The forms behind the sign-in pages: Flask-Security's, without what outlives a session.

Every refusal is counted and noted, wherever a password is asked for. What the pages say is in
their templates: always the same for a wrong password, an unknown address and a locked account.
"""

from typing import Any

from flask import session
from flask_babel import get_locale
from flask_login import current_user
from flask_security import ChangePasswordForm, LoginForm, TwoFactorSetupForm, VerifyForm
from flask_security.forms import EqualToLocalize, IsString, TwoFactorRescueForm, email_required
from flask_security.proxies import _security
from flask_security.utils import verify_password
from wtforms import EmailField, PasswordField, StringField

from admin_views.identity import passwords
from admin_views.identity.account import Account
from admin_views.identity.arrivals import FIRST_FACTOR
from admin_views.identity.auditing import note, note_stranger
from models.metadata.errors import Problem


class SignInForm(LoginForm):
    """Takes any address that an account may have, and no wish to be remembered."""

    # The library's own checks refuse addresses such as those under “.local”.
    email = EmailField(validators=[IsString(), email_required])
    # A remember-me cookie would sign in for a year, without a code, after every sign-out.
    remember = None  # type: ignore[assignment]

    def validate(self, extra_validators: Any = None, **_: Any) -> bool:
        # Before the library looks for an account: it takes as long when there is none.
        self.password.data = passwords.normalised(self.password.data or "")
        accepted = bool(super().validate(extra_validators=extra_validators))
        account: Any = self.user
        if accepted:
            account.password_is_short = passwords.is_short(self.password.data or "")
            session.pop(FIRST_FACTOR, None)
        elif self.user_authenticated:
            reason = account.shut or "inactive"
            note("sign_in_failed", account, outcome="refused", factor="password", reason=reason)
        elif self.ifield is not None and account is None:
            note_stranger()
        return accepted


class PasswordAgainForm(VerifyForm):
    """Asked for before a second factor is set up, when the sign-in is some time ago."""

    def validate(self, extra_validators: Any = None, **_: Any) -> bool:
        accepted = bool(super().validate(extra_validators=extra_validators))
        return not self.user.is_locked(_errors(self.password)) and accepted


class NewPasswordForm(ChangePasswordForm):
    """Guessing the present password here counts as it does at sign-in."""

    new_password = PasswordField(validators=[IsString()])
    new_password_confirm = PasswordField(
        validators=[IsString(), EqualToLocalize("new_password", message="differs")]
    )

    def validate(self, extra_validators: Any = None, **_: Any) -> bool:
        # Not the parent's: it neither counts nor says which of the two passwords is wrong.
        if not super(ChangePasswordForm, self).validate(extra_validators=extra_validators):
            return False
        account: Any = current_user
        if not self._is_present(account) or account.is_locked(_errors(self.password)):
            return False
        wrong = self._problem_of_new(account)
        _errors(self.new_password).extend(wrong)
        if not wrong:
            account.must_change_password = False  # written together with the new one
        return not wrong

    def _is_present(self, account: Account) -> bool:
        self.password.data = passwords.normalised(self.password.data or "")
        if verify_password(self.password.data, account.password or ""):
            return True
        account.track_failed_authn("password")
        _errors(self.password).append("wrong")
        return False

    def _problem_of_new(self, account: Account) -> list[str]:
        wrong, self.new_password.data = _security.password_util.validate(
            self.new_password.data or "", is_register=False, user=account
        )
        if not wrong and self.new_password.data == self.password.data:
            same = Problem("new_password", "password_same", passwords.LABEL)
            return [same.text("en" if str(get_locale()).startswith("en") else "ja")]
        return wrong or []


class SetUpForm(TwoFactorSetupForm):
    """The one method there is, as text: which are allowed is checked by the library."""

    setup = StringField()  # type: ignore[assignment]


class NoRescueForm(TwoFactorRescueForm):
    """Help comes from the administrator; the library wants a form for it."""

    help_setup = None  # type: ignore[assignment]


def _errors(field: Any) -> list[str]:
    """A field's errors as a list that may be added to; before validation it is a tuple."""
    field.errors = list(field.errors)
    errors: list[str] = field.errors
    return errors
