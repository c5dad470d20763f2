"""An account as Flask-Security sees it: one row of systemuser, loaded and written through us.

It knows no role; what a person may do is reckoned by `models/security/principals.py`.
"""

from typing import Any
from uuid import UUID

from flask import has_request_context, request
from flask_security import RoleMixin, UserDatastore, UserMixin
from sqlalchemy import select, update

from admin_views.identity import lockout
from admin_views.identity.auditing import note_change
from admin_views.identity.passkeys.storing import KnownPasskey, of_account
from admin_views.identity.session_list import forget_sessions
from jobs.letter_texts import FACTOR_SET_UP
from models.security.admission import Shut, why_shut
from models.tables.principals import SystemUser
from models.tables.session import Database, Transaction

WRITTEN = (
    "active",
    "fs_uniquifier",
    "must_change_password",
    "password",
    "tf_primary_method",
    "tf_totp_secret",
)
FOUND_BY = {"fs_uniquifier", "email", "id"}


def as_written(address: object) -> str:
    """An address as accounts keep it; PostgreSQL takes no NUL."""
    return str(address).replace("\0", "").strip().lower()


class NoRole(RoleMixin):
    """Flask-Security wants a class for roles; ours are not its business."""


class Account(UserMixin):
    """The mutable thing Flask-Security works on; `StaffDatastore.put` writes it back."""

    # The library says int; it may be anything.
    id: UUID  # type: ignore[assignment]
    email = ""
    active = False
    fs_uniquifier = ""  # the library looks for these on the class
    password: str | None = None
    must_change_password = False
    tf_primary_method: str | None = None
    tf_totp_secret: str | None = None
    is_break_glass = False
    password_is_short = False
    """Set at sign-in, when the password is known: too short to stand alone."""
    shut: Shut = ""
    """Why it was not let in when that was asked last; for the audit alone."""

    def __init__(self, database: Database, row: Any) -> None:
        self._database = database
        self.roles = []
        self.id, self.email, self.is_break_glass = row.id, row.email, row.is_break_glass
        for name in WRITTEN:
            setattr(self, name, getattr(row, name))
        self._stored = self._values()

    def take_changes(self) -> dict[str, Any]:
        """What was changed since the row was loaded, or since this was last asked."""
        before, self._stored = self._stored, self._values()
        return {name: value for name, value in self._stored.items() if value != before[name]}

    @property
    def passkeys(self) -> list[KnownPasskey]:
        with self._database.reading() as connection:
            return of_account(connection, self.id)

    @property
    def has_second_factor(self) -> bool:
        return bool(self.tf_totp_secret) or bool(self.passkeys)

    def check_tf_required(
        self,
        tf_setup_methods: list[tuple[str, str]],
        tf_fresh: bool,  # noqa: FBT001 - the library's signature
    ) -> tuple[bool, list[tuple[str, str]]]:
        """With a factor its code is asked for; a short password does not get in without one.

        So a factor that was taken away leaves no account behind a short password alone.
        """
        return bool(tf_setup_methods) or self.password_is_short, tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Nobody takes their own factor away: the library offers “disable” where this is False."""
        return True

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's signature
        lockout.count_failure(self, factor="code" if tfa else auth_type)

    def is_locked(self, form_error: list[str] | None = None) -> bool:
        """Locked, or shut for another reason: refused in the words of a wrong password, so that a
        stranger learns nothing."""
        if not self.is_shut() and lockout.is_locked(self.id):
            self.shut = "locked"
        if self.shut and form_error is not None:
            form_error.append("locked")
        return bool(self.shut)

    def is_shut(self) -> bool:
        """Dormant, outside its contract or its networks: however its person proves who they
        are."""
        address = (request.remote_addr or "") if has_request_context() else None
        with self._database.reading() as connection:
            self.shut = why_shut(connection, self.id, address=address)
        return bool(self.shut)

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in WRITTEN}


class StaffDatastore(UserDatastore):
    """Flask-Security's datastore over our own session: every write is a unit of work."""

    def __init__(self, database: Database) -> None:
        super().__init__(Account, NoRole)
        self._database = database

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Account | None:  # noqa: FBT001, FBT002 - the library's signature
        [(name, value)] = by.items()
        if name not in FOUND_BY or value is None:
            return None
        wanted = as_written(value) if name == "email" else value
        with self._database.reading() as connection:
            statement = select(SystemUser.__table__).where(getattr(SystemUser, name) == wanted)
            row = connection.execute(statement).first()
        return None if row is None else Account(self._database, row)

    def find_role(self, role: str) -> None:
        return None

    def put(self, model: Account) -> Account:
        """Only what changed: an account ended meanwhile by another must stay ended.

        A new identifier ends every session; this one's goes on when it signs in with it again.
        """
        if values := model.take_changes():
            self._database.run(lambda transaction: _write(transaction, model.id, values))
        return model

    def tf_set(
        self,
        user: Any,
        primary_method: str,
        totp_secret: str | None = None,
        phone: str | None = None,
    ) -> None:
        """A new factor ends every session that began without it."""
        # nosemgrep: secret-compared - the person's own, and sealed
        is_new = totp_secret is not None and totp_secret != user.tf_totp_secret
        super().tf_set(user, primary_method, totp_secret=totp_secret, phone=phone)
        if is_new:
            self.set_uniquifier(user)
            note_change("change_second_factor", user, FACTOR_SET_UP)

    def commit(self) -> None:
        """Nothing waits: `put` has written it."""


def _write(transaction: Transaction, user_id: UUID, values: dict[str, Any]) -> None:
    transaction.write(update(SystemUser).where(SystemUser.id == user_id).values(**values))
    if "fs_uniquifier" in values:
        forget_sessions(transaction, user_id)
