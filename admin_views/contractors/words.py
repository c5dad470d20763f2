"""What the acts of this room, and what they name, are called in the audit."""

from flask_babel import gettext


def acts() -> dict[str, str]:
    return {
        "turned_away": gettext("Turned away by the contract"),
        "create_contractor": gettext("Add a contractor"),
        "change_contractor": gettext("Change a contract"),
        "end_other_sessions": gettext("End the other sessions of a contractor's account"),
    }


def details() -> dict[str, str]:
    changed = {
        "contractor": gettext("Contractor"),
        "starts_on": gettext("First day"),
        "ends_on": gettext("Last day"),
        "scope": gettext("Data"),
        "networks": gettext("Networks"),
    }
    before = {
        f"{name}_before": gettext("%(name)s before", name=label) for name, label in changed.items()
    }
    others = {
        "address": gettext("Network address"),
        "sessions": gettext("Number of sessions"),
    }
    return changed | before | others
