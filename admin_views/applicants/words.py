"""What applicants' requests, their states and what is done about them are called."""

from flask_babel import gettext

from models.tables.applicants import (
    ADDRESS,
    CORRECTION,
    DONE,
    ERASURE,
    REFUSED,
    REQUESTED,
    WITHDRAWAL,
)


def acts() -> dict[str, str]:
    return {
        "open_own": gettext("Applicant opened their application"),
        "propose_address": gettext("Applicant gave a new e-mail address"),
        "ask_erasure": gettext("Applicant asked for erasure"),
        "grant_erasure": gettext("Grant a request for erasure"),
        "refuse_erasure": gettext("Refuse a request for erasure"),
        "read_request": gettext("Read what an applicant wrote"),
        "send_status_links": gettext("Send an applicant a new link"),
    }


def kinds() -> dict[str, str]:
    return {
        CORRECTION: gettext("Correction"),
        ADDRESS: gettext("Change of the e-mail address"),
        WITHDRAWAL: gettext("Withdrawal"),
        ERASURE: gettext("Erasure"),
    }


def states() -> dict[str, str]:
    return {
        REQUESTED: gettext("To be decided"),
        DONE: gettext("Done"),
        REFUSED: gettext("Not granted"),
    }
