"""Dormant accounts: nobody has signed in for so long that they are shut until somebody opens them.

Days are those of the office's time zone. It decides from rows; it changes none.
"""

from datetime import datetime, timedelta
from typing import Any

from models.metadata.attribute_types import LOCAL_ZONE


def counted_from(account: Any) -> datetime:
    """The last sign-in, or what came after it: the account's making, its being opened again."""
    moments: tuple[datetime | None, ...] = (
        account.last_signed_in_on,
        account.opened_on,
        account.created_on,
    )
    return max(one for one in moments if one is not None)


def is_dormant(account: Any, organization: Any, *, at: datetime) -> bool:
    """Whether more than the organization's days lie between; zero days: never. Nor is the account
    for emergencies, which nobody is to use."""
    days = organization.dormant_days
    if not days or account.is_break_glass:
        return False
    last_day = counted_from(account).astimezone(LOCAL_ZONE).date() + timedelta(days=days)
    return bool(at.astimezone(LOCAL_ZONE).date() > last_day)
