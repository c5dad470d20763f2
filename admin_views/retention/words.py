"""What rules, erasures, outcomes and methods of retention are called."""

from typing import Any

from flask_babel import gettext

from models.metadata.retention import Action, RetentionRule
from models.tables.retention import (
    APPROVED,
    CHANGED,
    DONE,
    GONE,
    HELD,
    PROPOSED,
    REFUSED,
    REJECTED,
    UNPROVED,
    WAITING,
)


def acts() -> dict[str, str]:
    return {
        "propose_erasure": gettext("Found records that are not kept any longer"),
        "approve_erasure": gettext("Approve an erasure"),
        "reject_erasure": gettext("Reject an erasure"),
        "carry_out_erasure": gettext("Carry out an erasure"),
        "anonymise": gettext("Anonymise a record"),
        "hold_record": gettext("Put a record on hold"),
        "lift_hold": gettext("End a hold"),
        "settle_erasure": gettext("Say what was done about a failed proof"),
        "tidy": gettext("Put away what is of no use any more"),
    }


def details() -> dict[str, str]:
    return {
        "rule": gettext("Rule"),
        "erasure": gettext("Number"),
        "counts": gettext("What became of the records"),
        "removed": gettext("Number of records"),
    }


def states() -> dict[str, str]:
    return {
        PROPOSED: gettext("To be approved"),
        APPROVED: gettext("To be carried out"),
        REJECTED: gettext("Rejected"),
        DONE: gettext("Carried out"),
        UNPROVED: gettext("Carried out, but not proved"),
    }


def outcomes() -> dict[str, str]:
    return {
        WAITING: gettext("To be carried out"),
        GONE: gettext("Erased or anonymised"),
        HELD: gettext("On hold"),
        CHANGED: gettext("Not due any more, on hold, or under another rule by now"),
        REFUSED: gettext("Could not be erased: other records refer to it"),
    }


def actions() -> dict[str, str]:
    return {
        Action.ERASE.value: gettext("Erase"),
        Action.ANONYMISE.value: gettext("Anonymise"),
    }


def methods() -> dict[str, str]:
    """In the order of a certificate."""
    return {
        "record_keys_destroyed": gettext("The keys of the records were destroyed."),
        "month_keys_shared": gettext(
            "The records shared their month’s key, which goes on until the month’s others go."
        ),
        "rows_deleted": gettext(
            "Rows, index entries, links, mails and files of the records were deleted."
        ),
        "secure_delete": gettext("Deleted pages of the database were overwritten."),
        "vacuum": gettext("The database’s file was written anew."),
        "log_emptied": gettext("The database’s log was emptied."),
        "vacuum_full": gettext("The tables were written anew."),
    }


def period(stated: dict[str, Any]) -> str:
    """How long records are kept, of a rule in plain values."""
    parts = [
        text
        for count, text in (
            (stated["years"], gettext("%(count)s years", count=stated["years"])),
            (stated["months"], gettext("%(count)s months", count=stated["months"])),
            (stated["days"], gettext("%(count)s days", count=stated["days"])),
        )
        if count
    ]
    kept = gettext(" and ").join(parts)
    if stated["fiscal_year"]:
        return gettext("%(period)s from 1 April of the next fiscal year", period=kept)
    return kept


def period_of(rule: RetentionRule) -> str:
    keep = rule.keep
    return period(
        {
            "years": keep.years,
            "months": keep.months,
            "days": keep.days,
            "fiscal_year": rule.fiscal_year,
        }
    )
