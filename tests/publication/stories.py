"""Stories of Kobe's solution as the city's people write, check and publish them."""

from uuid import UUID

from models.records.changes import Change
from models.security.publications import published
from tests.admin_views.office import Office
from tests.publication.town import approve, requested

STORY, PROJECT, PARTICIPATION = "kobe_story", "kobe_project", "kobe_projectparticipation"
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
}
TOOK_PART: dict[str, object] = {"kobe_subject": "第1回の配膳", "kobe_day": "2026-04-02"}
CHECKED = 2


def write(office: Office, *, status: int = DRAFT, **values: object) -> UUID:
    """A story as far as `status`, each step by those who may."""
    writer = office.caller(WRITER)
    batch = [TEXTS | values]
    record = office.engine.run(lambda s: s.create_multiple(writer, STORY, batch))[0]
    for one in (TO_CHECK, PUBLIC, OVER)[: status - 1]:
        give(office, APPROVER if one == PUBLIC else WRITER, record, statuscode=one)
    return record


def give(
    office: Office, role: str, record: UUID, *, entity: str = STORY, **values: object
) -> None:
    caller = office.caller(role)
    office.engine.run(lambda s: s.update_multiple(caller, entity, [Change(record, values)]))


def start(
    office: Office, *, is_let_out: bool = True, organizations: int = 3, **values: object
) -> UUID:
    """A project that is under way, or in preparation; so many took part in it."""
    writer, batch = office.caller(WRITER), [UNDER_WAY | values]
    record = office.engine.run(lambda s: s.create_multiple(writer, PROJECT, batch))[0]
    check(office, take_part(office, record, organizations))
    for role, status in ((WRITER, 5), (APPROVER, 2)) if is_let_out else ():
        give(office, role, record, entity=PROJECT, statuscode=status)
    return record


def take_part(office: Office, project: UUID, organizations: int, **values: object) -> UUID:
    """Written down by one person, as it waits for another's look."""
    writer = office.caller(WRITER)
    stated = {"kobe_project": project, "kobe_organizations": organizations} | TOOK_PART | values
    return office.engine.run(lambda s: s.create_multiple(writer, PARTICIPATION, [stated]))[0]


def check(office: Office, participation: UUID) -> None:
    give(office, APPROVER, participation, entity=PARTICIPATION, statuscode=CHECKED)


def go_live(office: Office, *views: str) -> None:
    """As if two people had published them; those that are live already stay so."""
    for view in views:
        with office.engine.database.reading() as connection:
            is_live = published(connection, office.engine.catalog, view) is not None
        if not is_live:
            asked = requested(office.engine, office.caller("kobe_official"), view)
            approve(office.engine, asked, office.caller("kobe_manager"))
