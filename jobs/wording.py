"""What every mail says alike, whoever it is from and to: moments, addresses of pages, the contact
that a form states. It knows no record and no template."""

from datetime import datetime

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.components import FormDefinition


def status_url(base_url: str, token: str) -> str:
    """Where a link of an applicant's leads."""
    return f"{base_url}/status/{token}"


def spoken(moment: datetime, language: str) -> str:
    """A moment as a letter says it."""
    local = moment.astimezone(LOCAL_ZONE)
    if language == "en":
        return f"{local.day} {local:%B %Y, %H:%M} (Japan time)"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H時%M分}"


def contact_of(form: FormDefinition | None, language: str) -> dict[str, str]:
    """The office's name, telephone and hours, as the form states them for everyone."""
    if form is None or form.contact is None:
        return {}
    contact = form.contact
    return {
        "contact_name": contact.name.text(language),
        "contact_telephone": contact.telephone,
        "contact_hours": contact.hours.text(language),
    }
