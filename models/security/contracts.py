"""What a contractor's account may do at all, and when personal data stays closed to an account.

Days are those of the office's time zone. It knows no role.
"""

import json
from calendar import monthrange
from datetime import date
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from models.metadata.attribute_types import LOCAL_ZONE
from models.security.caller import Scope
from models.security.pledge import pledge_of
from models.security.privileges import Miscellaneous
from models.tables.base import utc_now

NEVER_UNDER_CONTRACT = frozenset(
    {
        Miscellaneous.MANAGE_USERS,
        Miscellaneous.CUSTOMIZE,
        Miscellaneous.READ_AUDIT,
        Miscellaneous.ACT_ON_BEHALF,
        Miscellaneous.ERASE,
        Miscellaneous.ANSWER_REQUESTS,
    }
)
"""What no contractor's account may do, whatever its roles grant: who is supervised decides
neither who works here, nor what is seen of it, nor what a person is told or what ends."""
Standing = Literal["future", "running", "over"]


def today() -> date:
    return utc_now().astimezone(LOCAL_ZONE).date()


def standing(contractor: Any, *, on: date) -> Standing:
    """Where the day stands to the contract's period, whose first and last day count."""
    if on < contractor.starts_on:
        return "future"
    return "running" if on <= contractor.ends_on else "over"


def runs(contractor: Any, *, on: date) -> bool:
    return standing(contractor, on=on) == "running"


def scope_of(contractor: Any) -> Scope:
    """What is stored as JSON; an empty one allows no entity."""
    stored: dict[str, dict[str, list[int]]] = json.loads(contractor.scope)
    return {
        entity: {name: frozenset(values) for name, values in attributes.items()}
        for entity, attributes in stored.items()
    }


def networks_of(contractor: Any) -> tuple[str, ...]:
    return tuple(contractor.networks.split())


def is_answered_at(networks: tuple[str, ...], address: str) -> bool:
    """Whether a contract of these networks lets this address in; none stated: any."""
    if not networks:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in ip_network(one, strict=False) for one in networks)


def why_closed(account: Any, organization: Any, *, on: date) -> Literal["", "pledge", "training"]:
    """Why personal data is closed to the account; "" where it is open."""
    return next(iter(what_closes(account, organization, on=on)), "")


def what_closes(
    account: Any, organization: Any, *, on: date
) -> tuple[Literal["pledge", "training"], ...]:
    """All that closes personal data to the account."""
    found: tuple[Literal["pledge", "training"], ...] = ()
    if organization.must_pledge and not has_pledged(account, organization):
        found += ("pledge",)
    months = organization.training_months
    if months and not _is_fresh(account.trained_on, months=months, on=on):
        found += ("training",)
    return found


def has_pledged(account: Any, organization: Any) -> bool:
    """Another version of the pledge is another pledge: it is asked for anew."""
    given = account.pledged_on is not None
    return given and account.pledge_version == pledge_of(organization).version


def _is_fresh(trained_on: date | None, *, months: int, on: date) -> bool:
    return trained_on is not None and on <= months_after(trained_on, months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where there is none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
