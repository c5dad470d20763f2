"""What requests, their states and what is done about them are called."""

from flask_babel import gettext

from models.tables.requests import (
    CORRECTION,
    DISCLOSURE,
    DONE,
    RECEIVED,
    REFUSED,
    SUSPENSION,
)


def acts() -> dict[str, str]:
    return {
        "enter_request": gettext("Enter a request of a person"),
        "read_person_request": gettext("Read a request of a person"),
        "identify_person": gettext("Record the check of a person’s identity"),
        "extend_request": gettext("Put off the decision on a request"),
        "freeze_records": gettext("Suspend the use of records"),
        "take_over_suspension": gettext("Take over a request for suspension"),
        "release_records": gettext("End the suspension of records"),
        "gather_person": gettext("Put together what is held on a person"),
        "decide_request": gettext("Decide on a request of a person"),
        "end_registers": gettext("Erase old entries of registers"),
    }


def details() -> dict[str, str]:
    return {
        "request": gettext("Request of the person"),
        "granted": gettext("Granted"),
        "until": gettext("To be decided by"),
        "changes": gettext("Entries of the changes"),
        "handler": gettext("Handled by"),
        "handler_before": gettext("Handled before by"),
        "persons_requests": gettext("Requests for disclosure, correction and suspension"),
        "applicants_requests": gettext("Made by the link in a mail"),
        "incidents": gettext("Incidents"),
        "legal_holds": gettext("Legal holds"),
    }


def kinds() -> dict[str, str]:
    return {
        DISCLOSURE: gettext("Disclosure"),
        CORRECTION: gettext("Correction of data"),
        SUSPENSION: gettext("Suspension of use"),
    }


def states() -> dict[str, str]:
    return {
        RECEIVED: gettext("To be decided"),
        DONE: gettext("Granted"),
        REFUSED: gettext("Not granted"),
    }
