"""Views, forms, mail templates, workflows and recurrences as data.

They say what is to be shown, asked or sent; how is the business of the front doors and jobs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from models.metadata.labels import Label
from models.metadata.query import Query
from models.metadata.self_service import SelfService


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewDefinition:
    """A saved query with a name. `query.columns` are the list's columns, in order."""

    name: str
    entity: str
    display_name: Label
    query: Query
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlDefinition:
    """A form control on one attribute; its name in HTML is the attribute's logical name."""

    attribute: str
    label: Label = Label("")
    hint: Label = Label("")
    autocomplete: str = ""
    required: bool | None = None
    """None: as the attribute says."""
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionDefinition:
    title: Label
    controls: tuple[ControlDefinition, ...]
    introduction: Label = Label("")


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeStatement:
    """What the personal data is for (shown before it is asked), with its version."""

    version: str
    title: Label
    text: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The box `privacy_confirmed`: the question, and the policy it links to."""

    label: Label
    introduction: Label
    policy_label: Label
    policy_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """For those who cannot use the form or the CAPTCHA."""

    name: Label
    telephone: str
    hours: Label
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The mail round trip: which attribute holds the address, and the statuses around it."""

    email: str
    hours: int
    pending_status: int
    confirmed_status: int
    receipt_number: str
    language: str = ""
    """The attribute that keeps the applicant's language, if one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a public form may be an answer to: a record that a public view tells."""

    attribute: str
    """The Lookup of the form's entity that says to which one."""
    public_view: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDefinition:
    """A form: `kind` public (citizens) or main (staff, the record's page in the back office)."""

    name: str
    entity: str
    kind: Literal["public", "main"]
    title: Label
    introduction: tuple[Label, ...] = ()
    introduction_title: Label = Label("")
    """What stands above it, where that is not "How it works"."""
    sections: tuple[SectionDefinition, ...] = ()
    purpose: PurposeStatement | None = None
    purpose_attribute: str = ""
    """Where the record keeps the purpose's version."""
    consent: Consent | None = None
    contact: ContactPoint | None = None
    confirmation: Confirmation | None = None
    next_steps: tuple[Label, ...] = ()
    captcha: bool = True
    least_seconds: int = 3
    self_service: SelfService | None = None
    """What an applicant may do by the link in a mail, if anything."""
    answers: Subject | None = None
    owning_unit: str = ""
    """The business unit whose default team owns what the public sends in."""

    @property
    def attributes(self) -> tuple[str, ...]:
        return tuple(c.attribute for section in self.sections for c in section.controls)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTemplate:
    """Subject and body with `{placeholders}`: attributes of the record and named values."""

    name: str
    entity: str
    subject: Label
    body: Label
    display_name: Label = Label("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A mail sent when a record of `entity` is created with, or gets, a status reason."""

    name: str
    entity: str
    status: int
    template: str
    to: str
    previous: int | None = None
    """The status reason that a changed record comes from; None for any."""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A recurring system job: `kind` is one the jobs folder knows, `rule` is RFC 5545's."""

    name: str
    kind: str
    rule: str
    display_name: Label = Label("")
    parameters: Mapping[str, object] = field(default_factory=dict)


MASK = "•"
SHIPPED_MASKS = frozenset({"email", "phone", "name"})
"""Masking rules that are there without being stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskingRule:
    """What a masked reader sees: each match of `pattern` is replaced by `replacement`, or else
    each of its characters by `mask`."""

    name: str
    pattern: str
    replacement: str | None = None
    mask: str = MASK
