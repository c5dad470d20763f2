"""What an applicant was shown, and agreed to, before the answers were sent: the version of the
purpose of use, as the page itself said it.

The page brings it along, the draft keeps it: another page of the same visit, opened after other
words were published, does not make it the newer one.
"""

from collections.abc import Mapping
from typing import Any

from forms.building import CONSENT, PlainForm
from models.metadata.components import FormDefinition

SHOWN = "shown_purpose"
"""The control of the page, and its place among the answers of a draft."""


class AnotherPurpose(Exception):
    """The form states another purpose by now than its applicant was shown."""


def version_of(form: FormDefinition) -> str:
    return form.purpose.version if form.purpose is not None else ""


def is_of_now(form: FormDefinition, answers: Mapping[str, Any]) -> bool:
    """Whether what these were given under is what the form states."""
    return version_of(form) == str(answers.get(SHOWN, ""))


def kept(form: FormDefinition) -> dict[str, str]:
    """What a draft keeps, of which the page was the form's of now."""
    ticked = {CONSENT: "1"} if form.consent is not None else {}
    return {SHOWN: version_of(form), **ticked}


def take(form: FormDefinition, answers: dict[str, Any]) -> str:
    """Take it out of a draft's answers: the version. Raises AnotherPurpose."""
    if not is_of_now(form, answers):
        raise AnotherPurpose
    answers.pop(CONSENT, None)
    return str(answers.pop(SHOWN))


def take_back(form: FormDefinition, entered: PlainForm) -> None:
    """Untick the box: what was ticked beside other words is no consent to these."""
    if form.consent is not None:
        entered[CONSENT].data = False
