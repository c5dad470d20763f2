"""Stories of Kobe's solution as the city's people write, check and publish them."""

from uuid import UUID

from models.records.changes import Change
from models.security.publications import published
from tests.admin_views.office import Office
from tests.publication.town import approve, requested

STORY, PROJECT = "kobe_story", "kobe_project"
STORIES, PROJECTS = "kobe_stories", "kobe_projects"
DRAFT, TO_CHECK, PUBLIC, OVER = 1, 2, 3, 4
WRITER, APPROVER = "kobe_operator", "kobe_manager"
TEXTS: dict[str, object] = {
    "kobe_title": "読み聞かせの会を開きました",
    "kobe_category": 927000000,
    "kobe_area": 927000101,
    "kobe_day": "2026-04-01",
    "kobe_summary": "子どもたち20人が集まりました。",
    "kobe_body": "絵本を10冊読みました。",
}
UNDER_WAY: dict[str, object] = {
    "kobe_projectname": "こども食堂の応援",
    "kobe_category": 927000000,
    "kobe_area": 927000101,
    "kobe_begins": "2026-04-01",
    "kobe_organizations": 3,
    "statuscode": 2,
}


def write(office: Office, *, status: int = DRAFT, **values: object) -> UUID:
    """A story as far as `status`, each step by those who may."""
    writer = office.caller(WRITER)
    batch = [TEXTS | values]
    record = office.engine.run(lambda s: s.create_multiple(writer, STORY, batch))[0]
    for one in (TO_CHECK, PUBLIC, OVER)[: status - 1]:
        give(office, APPROVER if one == PUBLIC else WRITER, record, statuscode=one)
    return record


def give(office: Office, role: str, record: UUID, **values: object) -> None:
    caller = office.caller(role)
    office.engine.run(lambda s: s.update_multiple(caller, STORY, [Change(record, values)]))


def start(office: Office, **values: object) -> UUID:
    caller, batch = office.caller("kobe_official"), [UNDER_WAY | values]
    return office.engine.run(lambda s: s.create_multiple(caller, PROJECT, batch))[0]


def go_live(office: Office, *views: str) -> None:
    """As if two people had published them; those that are live already stay so."""
    for view in views:
        with office.engine.database.reading() as connection:
            is_live = published(connection, office.engine.catalog, view) is not None
        if not is_live:
            asked = requested(office.engine, office.caller("kobe_official"), view)
            approve(office.engine, asked, office.caller("kobe_manager"))
