"""Signing a month's inspection off: once, by an auditor in their own name, when it is over.

The figures of that moment are kept with it; the audit notes it in the same transaction.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select, update

from admin_views.audit.inspections.figures import count_month
from admin_views.audit.inspections.months import Month
from admin_views.audit.inspections.reading import Examined, examined, month_of
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    Problem,
    ValidationFailed,
)
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.audit import AuditInspection
from models.tables.base import utc_now
from models.tables.organization import Organization

REMARKS = Label("所見", "Remarks")
LONGEST_REMARKS = 1000


def sign_off(service: RecordService, caller: Caller, text: str, *, remarks: str) -> None:
    """Raises AccessDenied, RecordNotFound (no month of the log), ConcurrencyConflict (not over
    yet, or signed off already), ValidationFailed."""
    _require_person(caller)
    month = month_of(service.transaction, text)
    if utc_now() < month.ends:
        raise ConcurrencyConflict("a month that is not over")
    found = examined(service.transaction, month)
    _check(remarks, found)
    figures = replace(count_month(service, month), vouched=found.vouched)
    _take(
        service,
        month,
        {
            "signed_on": utc_now(),
            "signed_by": caller.id,
            "signer": caller.name,
            "remarks": remarks,
            "figures": figures.stored(),
        },
    )
    service.audit(
        caller,
        "sign_off_inspection",
        month=str(month),
        count=figures.entries,
        holds=found.is_good,
    )


def _require_person(caller: Caller) -> None:
    """Not in the name of another: who has looked must be plain."""
    require_miscellaneous(caller, Miscellaneous.READ_AUDIT)
    if caller.id is None or caller.supporter is not None:
        raise AccessDenied("inspecting the audit in another's name", caller=caller)


def _check(remarks: str, found: Examined) -> None:
    if not remarks and not found.is_good:
        raise ValidationFailed([Problem("remarks", "required", REMARKS)])
    if len(remarks) > LONGEST_REMARKS:
        sizes: dict[str, object] = {"maximum": LONGEST_REMARKS, "length": len(remarks)}
        raise ValidationFailed([Problem("remarks", "too_long", REMARKS, sizes)])
    if not remarks.replace("\n", "").isprintable():
        raise ValidationFailed([Problem("remarks", "control_characters", REMARKS)])


def _take(service: RecordService, month: Month, signed: dict[str, Any]) -> None:
    """Whoever comes first; the others wait for the organization's row, and find it done."""
    connection = service.transaction.lock()
    connection.execute(select(Organization.id).with_for_update())
    this = AuditInspection.month == str(month)
    if connection.execute(select(AuditInspection.month).where(this)).first() is None:
        connection.execute(insert(AuditInspection).values(month=str(month)))
    unsigned = update(AuditInspection).where(this, AuditInspection.signed_on.is_(None))
    if connection.execute(unsigned.values(**signed)).rowcount != 1:
        raise ConcurrencyConflict("audit inspection")
