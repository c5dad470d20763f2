"""People of an office who owe something, and what the office asks of everyone."""

from datetime import timedelta

from sqlalchemy import update

from models.security.contracts import today
from models.tables.organization import Organization
from tests.admin_views.office import Office
from tests.identity.staff import Person, account_of, change_account


def of(office: Office, role: str) -> Person:
    return Person(office.users[role], f"{role}@example.jp", "", "")


def owe_pledge(office: Office, role: str, *, version: str = "") -> None:
    """Never given, or another version of it."""
    given = today() if version else None
    change_account(office.engine, of(office, role), pledged_on=given, pledge_version=version)


def owe_training(office: Office, role: str, *, days: int | None = 400) -> None:
    """Trained so many days ago; never, for None."""
    trained_on = None if days is None else today() - timedelta(days=days)
    change_account(office.engine, of(office, role), trained_on=trained_on)


def settle(office: Office, role: str) -> None:
    """Nothing is owed any more."""
    values = {"pledged_on": today(), "trained_on": today(), "pledge_version": VERSION}
    change_account(office.engine, of(office, role), **values)


def ask(office: Office, **settings: object) -> None:
    """Settings of the organization."""
    statement = update(Organization).values(**settings)
    office.engine.database.run(lambda transaction: transaction.write(statement))


def pledge_of(office: Office, role: str) -> tuple[object, str]:
    row = account_of(office.engine, of(office, role))
    return row.pledged_on, row.pledge_version


VERSION = "2026-04-01"
"""Of Kobe's pledge."""
