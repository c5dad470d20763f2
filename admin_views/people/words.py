"""What acts about people are called in the audit, and what they name: contracts, teams, pledge,
training, settings, reviews."""

from collections.abc import Iterator

from flask_babel import gettext

from admin_views.language import language
from admin_views.people.settings_form import LABELS


def acts() -> dict[str, str]:
    return {
        "turned_away": gettext("Turned away by the contract"),
        "create_contractor": gettext("Add a contractor"),
        "change_contractor": gettext("Change a contract"),
        "end_other_sessions": gettext("End the other sessions of a contractor's account"),
        "create_team": gettext("Make a team"),
        "change_team": gettext("Change a team"),
        "give_pledge": gettext("Give the pledge"),
        "enter_training": gettext("Enter a training"),
        "change_organization": gettext("Change settings of the organization"),
        "send_reminder": gettext("Remind somebody of what is due"),
        "report_contractor": gettext("Write a contractor’s monthly report"),
        "fetch_answers": gettext("Fetch answers from the mailbox"),
        "account_dormant": gettext("An account became dormant"),
        "open_account_review": gettext("Open a review of accounts"),
        "decide_account_review": gettext("Decide on an account in a review"),
        "sign_off_account_review": gettext("Sign off a review of accounts"),
    }


def details() -> dict[str, str]:
    changed = dict(_changed())
    before = {
        f"{name}_before": gettext("%(name)s before", name=label) for name, label in changed.items()
    }
    return changed | before | dict(_others())


def _changed() -> Iterator[tuple[str, str]]:
    """What an act names as it is now, and as it was before."""
    yield "contractor", gettext("Contractor")
    yield "team", gettext("Team")
    yield "starts_on", gettext("First day")
    yield "ends_on", gettext("Last day")
    yield "scope", gettext("Data")
    yield "networks", gettext("Networks")
    yield "trained_on", gettext("Day of the training")
    yield "decision", gettext("Decision")
    yield "pledge_version", gettext("Version of the pledge")
    yield from ((name, label.text(language())) for name, label in LABELS.items())


def _others() -> Iterator[tuple[str, str]]:
    yield "kind", gettext("Kind")
    yield "address", gettext("Network address")
    yield "sessions", gettext("Number of sessions")
    yield "quarter", gettext("Quarter")
    yield "accounts", gettext("Number of accounts")
    yield "note", gettext("Note")
    yield "last_signed_in_on", gettext("Last sign-in")
    yield "training", gettext("Name of the training")
