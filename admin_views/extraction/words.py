"""What the acts of extraction, and what they name, are called in the audit."""

from flask_babel import gettext


def acts() -> dict[str, str]:
    return {
        "export": gettext("Data export"),
        "request_extract": gettext("Ask for an extract"),
        "approve_extract": gettext("Approve an extract"),
        "reject_extract": gettext("Reject an extract"),
        "withdraw_extract": gettext("Withdraw a request for an extract"),
        "build_extract": gettext("Make an extract’s file"),
        "renew_extract": gettext("Have an extract’s file made anew"),
        "download_extract": gettext("Download an extract"),
        "confirm_deletion": gettext("Confirm the deletion of an extract"),
        "statistics": gettext("Statistics"),
        "expire_extract": gettext("End an extract in time"),
    }


def details() -> dict[str, str]:
    return {
        "format": gettext("File format"),
        "keep_until": gettext("To be kept until"),
        "requested_by": gettext("Requester"),
        "deleted_on": gettext("Day of the deletion"),
        "deleted_how": gettext("How it was deleted"),
        "state_before": gettext("State before"),
    }
