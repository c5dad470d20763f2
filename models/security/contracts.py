"""What a contractor's account may do at all, and when personal data stays closed to an account.

Days are those of the office's time zone. It knows no role.
"""

import json
from calendar import monthrange
from datetime import date
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from models.metadata.attribute_types import LOCAL_ZONE
from models.security.caller import Caller, Scope
from models.tables.base import utc_now


def today() -> date:
    return utc_now().astimezone(LOCAL_ZONE).date()


def runs(contractor: Any, *, on: date) -> bool:
    """Whether the contract's period, first and last day included, holds the day."""
    return bool(contractor.starts_on <= on <= contractor.ends_on)


def scope_of(contractor: Any) -> Scope:
    """What is stored as JSON; an empty one allows no entity."""
    stored: dict[str, dict[str, list[int]]] = json.loads(contractor.scope)
    return {
        entity: {name: frozenset(values) for name, values in attributes.items()}
        for entity, attributes in stored.items()
    }


def networks_of(contractor: Any) -> tuple[str, ...]:
    return tuple(contractor.networks.split())


def is_answered_at(caller: Caller, address: str) -> bool:
    """Whether the caller's contract lets this address in; no stated network: any."""
    if not caller.networks:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in ip_network(one, strict=False) for one in caller.networks)


def why_closed(account: Any, organization: Any, *, on: date) -> Literal["", "pledge", "training"]:
    """Why personal data is closed to the account; "" where it is open."""
    if organization.must_pledge and account.pledged_on is None:
        return "pledge"
    months = organization.training_months
    if months and not _is_fresh(account.trained_on, months=months, on=on):
        return "training"
    return ""


def _is_fresh(trained_on: date | None, *, months: int, on: date) -> bool:
    return trained_on is not None and on <= months_after(trained_on, months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where there is none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
