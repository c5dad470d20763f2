"""What the register's acts, states and details are called, on its pages and in the audit."""

from flask_babel import gettext

from models.tables.incidents import CLOSED, FINAL, OPEN, PRELIMINARY


def acts() -> dict[str, str]:
    return {
        "enter_incident": gettext("Enter an incident"),
        "change_incident": gettext("Change the facts of an incident"),
        "ask_about_incident": gettext("Ask the access log about an incident"),
        "draft_incident_report": gettext("Write the report of an incident"),
        "write_incident_report": gettext("Write the report of an incident as a file"),
        "send_preliminary_report": gettext("Note that the preliminary report was sent"),
        "send_final_report": gettext("Note that the final report was sent"),
        "close_incident": gettext("Close an incident"),
    }


def details() -> dict[str, str]:
    return {
        "known_on": gettext("When it was known"),
        "kinds": gettext("Kinds of the law"),
        "protected": gettext("Sealed, and the key safe"),
        "asked_account": gettext("Account asked about"),
        "asked_contractor": gettext("Contractor asked about"),
        "asked_extract": gettext("Extract asked about"),
        "asked_since": gettext("From (time)"),
        "asked_until": gettext("Until (time)"),
    }


def states() -> dict[str, str]:
    return {
        OPEN: gettext("Preliminary report not sent"),
        PRELIMINARY: gettext("Preliminary report sent"),
        FINAL: gettext("Final report sent"),
        CLOSED: gettext("Closed"),
    }
