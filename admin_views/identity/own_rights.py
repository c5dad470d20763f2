"""Nobody changes their own rights, by whatever way: an account, a team, a unit, a report.

What an act did is looked at, not what it was meant to do: rights come to a person in many ways.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from models.metadata.errors import AccessDenied
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.principals import load_caller


@contextmanager
def own_rights_kept(service: RecordService, caller: Caller) -> Iterator[None]:
    """AccessDenied if the block changed what its caller may do; the transaction ends with it."""
    before = _now(service, caller)
    yield
    if _now(service, caller) != before:
        raise AccessDenied("changing one's own rights", caller=caller)


def _now(service: RecordService, caller: Caller) -> Caller | None:
    """None for the shell, which has all rights and keeps them."""
    if caller.id is None:
        return None
    return load_caller(service.transaction.connection, caller.id)
