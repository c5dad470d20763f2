"""Who keeps the register of incidents, and who may ask the access log about one."""

from models.metadata.errors import AccessDenied
from models.security.caller import Caller
from models.security.privileges import Miscellaneous

SUPERVISORS = (
    Miscellaneous.READ_AUDIT,
    Miscellaneous.MANAGE_USERS,
    Miscellaneous.APPROVE_EXPORT,
)
"""Auditors, administrators, and who decides on what personal data leaves."""
KEEPERS = (*SUPERVISORS, Miscellaneous.EXPORT)
"""And officials who may take personal data out: they tell the persons of it."""


def may_keep(caller: Caller) -> bool:
    """The register is the office's own: no contractor's account opens it."""
    return caller.contractor is None and any(caller.may(one) for one in KEEPERS)


def may_ask_log(caller: Caller) -> bool:
    return caller.contractor is None and any(caller.may(one) for one in SUPERVISORS)


def require_keeper(caller: Caller) -> None:
    """Who writes into the register does so in their own name. Raises AccessDenied."""
    if not may_keep(caller):
        raise AccessDenied("the register of incidents", caller=caller)
    if caller.id is None or caller.supporter is not None:
        raise AccessDenied("writing into the register in another's name", caller=caller)
