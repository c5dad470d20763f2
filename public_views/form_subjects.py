"""The published record that a visit to a form is about, such as a call that somebody answers.

The address names it; it counts while anyone may read it, and is asked again when the form is sent.
What is unknown, a draft or past leaves a form that is about nothing.
"""

from dataclasses import dataclass
from uuid import UUID

from flask import request

from extensions import engine, of_this_request
from forms.sessions import Visit
from models.metadata.components import FormDefinition
from models.metadata.errors import RecordNotFound
from models.records.service import RecordService
from models.security.publications import Published, published
from public_views.visits import form_sessions

ABOUT = "about"


@dataclass(frozen=True, slots=True)
class ToldSubject:
    """As the form's pages name it."""

    record: UUID
    view: str
    list_name: str
    title: str


def noted(form: FormDefinition, visit: Visit) -> Visit:
    """The visit, about what this request's address names, if it names anything."""
    wanted = _identifier(request.args.get(ABOUT, ""))
    if form.answers is None or wanted is None or wanted == visit.about:
        return visit
    return form_sessions().note_subject(visit, wanted)


def told(form: FormDefinition, visit: Visit, *, language: str) -> ToldSubject | None:
    def work(service: RecordService) -> ToldSubject | None:
        found = subject_of(service, form, visit)
        if found is None or visit.about is None:
            return None
        view, title = found[0].view, found[1]
        return ToldSubject(visit.about, view.name, view.display_name.text(language), title)

    return engine().run(work) if visit.about and form.answers else None


def subject_of(
    service: RecordService, form: FormDefinition, visit: Visit
) -> tuple[Published, str] | None:
    """The view that tells what the visit is about, and its title; None where none does."""
    if form.answers is None or visit.about is None:
        return None
    connection = service.transaction.connection
    found = published(connection, service.catalog, form.answers.public_view)
    if found is None:
        return None
    caller, view = of_this_request(found.caller), found.view
    try:
        record = service.retrieve(caller, view.entity, visit.about, columns=(view.title,))
    except RecordNotFound:
        return None
    return found, str(record[view.title] or "")


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
