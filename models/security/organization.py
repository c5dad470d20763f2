"""The organization's settings: which there are, what each may be, and how they are changed.

What follows from a setting is reckoned where it is used. It knows no page and no solution.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from models.tables.organization import THE_ONE, Organization

FLAGS = ("must_pledge",)
NUMBERS: Mapping[str, range] = {
    "hierarchy_depth": range(11),
    "training_months": range(121),
    "dormant_days": range(3661),
    "registers_kept_years": range(31),
}
"""Whole numbers, each with those it may be; zero switches its rule off."""
PLEDGE = ("pledge_version", "pledge_ja", "pledge_en")
TEXTS_OF_PLEDGE = frozenset({"pledge_ja", "pledge_en"})
"""Too long for the audit, which names their version."""


def settings_of(connection: Connection) -> dict[str, Any]:
    """All of them as they are now."""
    row = connection.execute(select(Organization.__table__)).one()
    return {name: getattr(row, name) for name in (*FLAGS, *NUMBERS, *PLEDGE)}


def change(connection: Connection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Put these in the place of those of before. What is otherwise then, for the audit: now and
    before. The connection must be one that writes."""
    locked = select(Organization.id).where(Organization.id == THE_ONE).with_for_update()
    connection.execute(locked).all()
    before = settings_of(connection)
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return {}
    connection.execute(update(Organization).where(Organization.id == THE_ONE).values(**changed))
    told = {name: value for name, value in changed.items() if name not in TEXTS_OF_PLEDGE}
    return told | {f"{name}_before": before[name] for name in told}
