"""What an account is signed in with: a password and perhaps a second factor, as they are kept.

It knows no account; which passwords are taken is the business of `passwords`.
"""

from dataclasses import dataclass

from flask_security import hash_password

from admin_views.identity import passwords
from models.metadata.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    password: str
    totp_secret: str | None = None
    """Sealed."""
    must_change_password: bool = False
    """At the next sign-in, since another person has seen it."""

    @classmethod
    def made(cls) -> "Credentials":
        """A password made here, for somebody to hand over."""
        return cls(password=passwords.make_password(), must_change_password=True)

    def problem(self, *, email: str, has_second_factor: bool = False) -> Problem | None:
        """Why this password is not taken, beside that factor or one of the account's own."""
        has_factor = has_second_factor or bool(self.totp_secret)
        return passwords.problem(self.password, email=email, has_second_factor=has_factor)

    def columns(self) -> dict[str, object]:
        """What an account keeps of them; without a factor here, one it has stays."""
        return {
            "password": hash_password(passwords.normalised(self.password)),
            "must_change_password": self.must_change_password,
            **(second_factor(self.totp_secret) if self.totp_secret else {}),
        }


def second_factor(totp_secret: str | None) -> dict[str, object]:
    """What an account holds of a factor: codes used before say nothing of a new one."""
    method = "authenticator" if totp_secret else None
    return {
        "tf_primary_method": method,
        "tf_totp_secret": totp_secret,
        "last_totp_step": None,
    }
