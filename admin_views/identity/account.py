"""An account as Flask-Security sees it: one row of systemuser, loaded and written through us.

It knows no role; what a person may do is reckoned by `models/security/principals.py`.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_security import RoleMixin, UserDatastore, UserMixin
from sqlalchemy import case, select, update

from admin_views.identity.auditing import note
from models.tables.base import utc_now
from models.tables.principals import SystemUser
from models.tables.session import Database, Transaction

FAILURES_ALLOWED = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=5), timedelta(hours=12)
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
    password_is_short = False
    """Set at sign-in, when the password is known: too short to stand alone."""

    def __init__(self, database: Database, row: Any) -> None:
        self._database = database
        self.roles = []
        self.id, self.email = row.id, row.email
        for name in WRITTEN:
            setattr(self, name, getattr(row, name))
        self._stored = self._values()

    def take_changes(self) -> dict[str, Any]:
        """What was changed since the row was loaded, or since this was last asked."""
        before, self._stored = self._stored, self._values()
        return {name: value for name, value in self._stored.items() if value != before[name]}

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
        """Count a failure; the fifth and every one after it lock, each time twice as long."""
        self._database.run(self._count_failure)
        note("sign_in_failed", self, outcome="refused", factor="code" if tfa else auth_type)

    def is_locked(self, form_error: list[str] | None = None) -> bool:
        """A locked account is refused in the words of a wrong password."""
        with self._database.reading() as connection:
            until = connection.scalar(
                select(SystemUser.locked_until).where(SystemUser.id == self.id)
            )
        locked = until is not None and until > utc_now()
        if locked and form_error is not None:
            form_error.append("locked")
        return locked

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in WRITTEN}

    def _count_failure(self, transaction: Transaction) -> None:
        mine = SystemUser.id == self.id
        transaction.write(
            update(SystemUser)
            .where(mine)
            .values(
                failed_sign_ins=case(
                    (SystemUser.failed_sign_ins < 1000, SystemUser.failed_sign_ins + 1),
                    else_=1000,
                )
            )
        )
        failures = transaction.read(select(SystemUser.failed_sign_ins).where(mine)).scalar() or 0
        if failures >= FAILURES_ALLOWED:
            lock = min(LONGEST_LOCK, FIRST_LOCK * 2 ** min(failures - FAILURES_ALLOWED, 12))
            transaction.write(update(SystemUser).where(mine).values(locked_until=utc_now() + lock))


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
        """Only what changed: an account ended meanwhile by another must stay ended."""
        if values := model.take_changes():
            statement = update(SystemUser).where(SystemUser.id == model.id).values(**values)
            self._database.run(lambda transaction: transaction.write(statement))
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
            note("change_second_factor", user)

    def commit(self) -> None:
        """Nothing waits: `put` has written it."""
