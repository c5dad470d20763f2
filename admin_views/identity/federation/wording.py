"""What is said to somebody whom the provider's word does not let in: what happened, what to do."""

from dataclasses import dataclass

from flask_babel import gettext

from admin_views.identity.federation.reasons import Reason
from config import SingleSignOn

SERVICE_UNAVAILABLE, FORBIDDEN, BAD_REQUEST = 503, 403, 400


@dataclass(frozen=True, slots=True)
class Saying:
    text: str
    status: int


def called(stated: SingleSignOn) -> str:
    """What people call the provider."""
    return stated.name or gettext("your organization's sign-in")


def saying(reason: Reason, stated: SingleSignOn) -> Saying:
    if reason is Reason.UNREACHABLE:
        return Saying(_texts(stated)[reason], SERVICE_UNAVAILABLE)
    is_conversation = reason in {Reason.CANCELLED, Reason.EXPIRED, Reason.INVALID}
    return Saying(_texts(stated)[reason], BAD_REQUEST if is_conversation else FORBIDDEN)


def _texts(stated: SingleSignOn) -> dict[Reason, str]:
    name = called(stated)
    return _of_the_conversation(name) | _of_the_account(name)


def _of_the_conversation(name: str) -> dict[Reason, str]:
    return {
        Reason.UNREACHABLE: gettext(
            "There is no answer from %(name)s. Try again in a few minutes. If you have a password "
            "of this service, you can sign in with it.",
            name=name,
        ),
        Reason.CANCELLED: gettext("You have not signed in at %(name)s.", name=name),
        Reason.EXPIRED: gettext(
            "This was begun too long ago or in another browser, or it is done already. Begin "
            "again."
        ),
        Reason.INVALID: gettext(
            "The answer of %(name)s could not be verified. Try again; if it happens again, tell "
            "your system administrator.",
            name=name,
        ),
        Reason.NOT_FRESH: gettext(
            "%(name)s has not asked you who you are, so nothing was done. Try again.", name=name
        ),
    }


def _of_the_account(name: str) -> dict[Reason, str]:
    return {
        Reason.NO_GROUP: gettext(
            "None of your groups at %(name)s may use this service. If you need it for your work, "
            "ask your system administrator.",
            name=name,
        ),
        Reason.GROUPS_ELSEWHERE: gettext(
            "You are in so many groups that %(name)s does not list them. Tell your system "
            "administrator.",
            name=name,
        ),
        Reason.SEVERAL_UNITS: gettext(
            "Your groups belong to more than one business unit, so your rights are not clear. "
            "Tell your system administrator."
        ),
        Reason.OTHER_UNIT: gettext(
            "Your groups belong to another business unit than your account. Tell your system "
            "administrator."
        ),
        Reason.NOT_UNDER_CONTRACT: gettext(
            "Your groups give rights that an account under contract cannot have. Tell your system "
            "administrator."
        ),
        Reason.ADDRESS_TAKEN: gettext(
            "There is an account with your e-mail address already. Sign in with its password and "
            "link it on the page “Single sign-on”. If you cannot, tell your system administrator "
            "this identifier:"
        ),
        Reason.INACTIVE: gettext(
            "Your account cannot be used at present. Ask your system administrator."
        ),
        Reason.OTHER_PERSON: gettext(
            "Somebody else than the person signed in here has signed in at %(name)s.", name=name
        ),
        Reason.LINKED: gettext(
            "This account of %(name)s is linked to another account, or yours to another one. "
            "Nothing was changed.",
            name=name,
        ),
    }
