"""Forms from what was stated: sections of controls, purpose, consent, contact, round trip."""

from models.metadata.autofill import require_autofill
from models.metadata.components import (
    Confirmation,
    Consent,
    ContactPoint,
    ControlDefinition,
    FormDefinition,
    PurposeStatement,
    SectionDefinition,
    Subject,
)
from models.metadata.errors import DefinitionError
from models.metadata.parsing.self_service import parse_self_service
from models.metadata.parsing.stated import Stated


def parse_form(name: str, stated: Stated) -> FormDefinition:
    kind = stated.text("kind", "main")
    if kind not in {"public", "main"}:
        raise DefinitionError("kind is public or main", where=stated.where)
    form = FormDefinition(
        name=name,
        entity=stated.text("entity"),
        kind="public" if kind == "public" else "main",
        title=stated.label("title"),
        introduction=stated.labels("introduction"),
        introduction_title=stated.label("introduction_title", None),
        sections=tuple(_section(part) for part in stated.items("sections")),
        purpose=_purpose(stated.part("purpose")),
        purpose_attribute=stated.text("purpose_attribute", ""),
        consent=_consent(stated.part("consent")),
        contact=_contact(stated.part("contact")),
        confirmation=_confirmation(stated.part("confirmation")),
        next_steps=stated.labels("next_steps"),
        captcha=stated.flag("captcha", default=True),
        least_seconds=stated.integer("least_seconds", 3, among=range(601)),
        self_service=parse_self_service(stated.part("self_service")),
        answers=_subject(stated.part("answers")),
        owning_unit=stated.text("owning_unit", ""),
    )
    stated.finish()
    if form.self_service is not None and (form.kind != "public" or form.confirmation is None):
        message = "self_service is for public forms that confirm the address by mail"
        raise DefinitionError(message, where=stated.where)
    if form.answers is not None and form.kind != "public":
        raise DefinitionError("answers is for public forms", where=stated.where)
    return form


def _section(stated: Stated) -> SectionDefinition:
    section = SectionDefinition(
        title=stated.label("title"),
        introduction=stated.label("introduction", None),
        controls=tuple(_control(part) for part in stated.items("controls")),
    )
    stated.finish()
    return section


def _control(stated: Stated) -> ControlDefinition:
    required = stated.flag("required", default=False) if "required" in stated.mapping else None
    control = ControlDefinition(
        attribute=stated.text("attribute"),
        label=stated.label("label", None),
        hint=stated.label("hint", None),
        autocomplete=stated.text("autocomplete", ""),
        required=required,
        rows=stated.integer("rows", 0, among=range(101)),
    )
    stated.finish()
    require_autofill(control.autocomplete, stated.where)
    return control


def _purpose(stated: Stated | None) -> PurposeStatement | None:
    if stated is None:
        return None
    purpose = PurposeStatement(
        version=stated.text("version"), title=stated.label("title"), text=stated.label("text")
    )
    stated.finish()
    return purpose


def _consent(stated: Stated | None) -> Consent | None:
    if stated is None:
        return None
    consent = Consent(
        label=stated.label("label"),
        introduction=stated.label("introduction"),
        policy_label=stated.label("policy_label"),
        policy_url=stated.text("policy_url"),
    )
    stated.finish()
    if not consent.policy_url.startswith(("https://", "http://")):
        raise DefinitionError("policy_url begins with https://", where=stated.where)
    return consent


def _contact(stated: Stated | None) -> ContactPoint | None:
    if stated is None:
        return None
    contact = ContactPoint(
        name=stated.label("name"),
        telephone=stated.text("telephone"),
        hours=stated.label("hours"),
        email=stated.text("email", ""),
    )
    stated.finish()
    return contact


def _subject(stated: Stated | None) -> Subject | None:
    if stated is None:
        return None
    subject = Subject(attribute=stated.text("attribute"), public_view=stated.text("public_view"))
    stated.finish()
    return subject


def _confirmation(stated: Stated | None) -> Confirmation | None:
    if stated is None:
        return None
    confirmation = Confirmation(
        email=stated.text("email"),
        hours=stated.integer("hours", 72, among=range(1, 8761)),
        pending_status=stated.integer("pending_status"),
        confirmed_status=stated.integer("confirmed_status"),
        receipt_number=stated.text("receipt_number"),
        language=stated.text("language", ""),
    )
    stated.finish()
    return confirmation
