"""Why somebody was not let in, or a file not made, in a few words: an entry keeps only a name."""

from flask_babel import gettext

from admin_views.extraction.showing import failures
from admin_views.identity.federation.reasons import Reason


def reasons() -> dict[str, str]:
    return {
        **_of_accounts(),
        **_of_passkeys(),
        **_of_the_provider(),
        **_of_support(),
        **failures(),
    }


def _of_accounts() -> dict[str, str]:
    return {
        "unknown": gettext("No such account"),
        "inactive": gettext("Account not active"),
        "dormant": gettext("Dormant"),
        "contract": gettext("Outside of the contract’s period"),
        "network": gettext("Outside of the contract’s networks"),
    }


def _of_passkeys() -> dict[str, str]:
    return {
        "handle": gettext("The passkey belongs to another account"),
        "assertion": gettext("The passkey’s proof does not hold"),
        "counter": gettext("The passkey may have been copied"),
    }


def _of_the_provider() -> dict[str, str]:
    return {
        Reason.UNREACHABLE: gettext("The provider did not answer"),
        Reason.CANCELLED: gettext("Not signed in at the provider"),
        Reason.EXPIRED: gettext("Begun too long ago, or in another browser"),
        Reason.INVALID: gettext("The provider’s answer does not hold"),
        Reason.NO_GROUP: gettext("In no group that may use the service"),
        Reason.GROUPS_ELSEWHERE: gettext("The provider does not list the groups"),
        Reason.SEVERAL_UNITS: gettext("Groups of several business units"),
        Reason.OTHER_UNIT: gettext("Groups of another business unit"),
        Reason.NOT_UNDER_CONTRACT: gettext("Groups that no contractor’s account may be in"),
        Reason.ADDRESS_TAKEN: gettext("There is an account of this address already"),
        Reason.NOT_FRESH: gettext("The provider did not ask who it is"),
        Reason.OTHER_PERSON: gettext("Another person signed in at the provider"),
        Reason.LINKED: gettext("Linked to another account"),
    }


def _of_support() -> dict[str, str]:
    """Why a support session ended."""
    return {
        "ended": gettext("Ended by who supported"),
        "time": gettext("Its time was over"),
        "rights": gettext("A right it needs was taken away"),
        "signed_out": gettext("Who supported signed out"),
    }
