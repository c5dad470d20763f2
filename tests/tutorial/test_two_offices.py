"""The student volunteers' solution beside Kobe's and alone, on both databases: whichever comes
first, importing again changes nothing, and neither office reaches the other's records."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from jobs.kinds import KINDS
from jobs.recurrences import check as check_recurrences
from models.metadata.errors import AccessDenied, DefinitionError, ValidationFailed
from models.metadata.query import Query
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.records.suggesting import suggestions
from models.security.caller import Caller
from models.security.principals import load_caller, public_caller
from models.tables.installation import create_platform
from models.tables.principals import Role, RolePrivilege
from models.tables.session import Database
from packager.installing import install
from tests.admin_views.office import build_engine, create_users
from tests.packager.folders import KOBE, contents, said, say
from tests.packager.test_kobe_support import labels
from tests.support.databases import NewDatabase
from tests.tutorial.reading import SOLUTION

DESK = "学生ボランティア担当"
ROLES = {"vol_staff": DESK, "vol_leader": DESK, "kobe_official": "企画調整局つなぐラボ"}
STUDENT = {
    "vol_fullname": "灘 さくら",
    "vol_email": "sakura.nada@example.jp",
    "vol_phone": "090-1234-5678",
    "vol_school": "六甲大学 教育学部",
    "vol_kind": 1,
    "vol_subjects": [2, 4],
    "vol_days": [3],
    "vol_areas": [2, 3],
}
REQUEST = {
    "vol_title": "放課後の宿題の見守り",
    "vol_schoolname": "灘の浜小学校",
    "vol_schoolemail": "school@example.jp",
    "vol_subject": 2,
    "vol_area": 2,
    "vol_wanted": 2,
}
WAITING, RECEIVED, REGISTERED = 1, 2, 3
ASKED, SETTLED, DONE = 1, 2, 3


@dataclass(frozen=True)
class Desk:
    """Both offices' records, by somebody of one of them."""

    engine: RecordEngine
    users: dict[str, UUID]

    def caller(self, role: str) -> Caller:
        with self.engine.database.snapshot() as connection:
            found = load_caller(connection, self.users[role])
        assert found is not None
        return found.for_purpose("試験のため")

    def create(self, entity: str, role: str = "vol_staff", **values: object) -> UUID:
        by = self.caller(role)
        return self.engine.run(lambda s: s.create_multiple(by, entity, [values]))[0]

    def change(self, entity: str, one: UUID, role: str = "vol_staff", **values: object) -> None:
        by, change = self.caller(role), Change(one, values)
        self.engine.run(lambda service: service.update_multiple(by, entity, [change]))

    def read(self, entity: str, role: str = "vol_staff") -> list[dict[str, object]]:
        by, query = self.caller(role), Query(entity=entity)
        return list(self.engine.run(lambda s: s.retrieve_multiple(by, query)).records)


@pytest.fixture(scope="module")
def desk(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    engine = build_engine(tmp_path_factory.mktemp("two_offices"), new_database())
    install(engine.database, SOLUTION)
    yield Desk(engine, create_users(engine.database, "no password", roles=ROLES))
    engine.database.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    create_platform(found)
    yield found
    found.dispose()


@pytest.mark.parametrize("order", [(SOLUTION,), (SOLUTION, KOBE)], ids=["alone", "first"])
def test_it_installs_alone_and_beside_kobe_and_again(
    database: Database, order: Sequence[Path]
) -> None:
    for folder in order:
        catalog = install(database, folder)
    check_recurrences(catalog.recurrences, KINDS)
    assert sum(name.startswith("vol_") for name in catalog.entities) == 5
    before = contents(database, without=("id",))
    assert install(database, SOLUTION).version == len(order)
    assert contents(database, without=("id",)) == before


def test_everything_is_said_in_both_languages(desk: Desk) -> None:
    catalog = desk.engine.catalog
    kinds = (catalog.entities, catalog.option_sets, catalog.views, catalog.forms, catalog.homes)
    more = (catalog.mail_templates, catalog.processes, catalog.business_rules, catalog.charts)
    found = labels([*kinds, *more, catalog.suggestion_rules, catalog.public_views])
    assert len(found) > 300
    assert [one for one in found if one and not (one.ja and one.en)] == []


def test_no_role_names_the_other_offices_entities(desk: Desk) -> None:
    statement = select(Role.name, RolePrivilege.entity).join(
        RolePrivilege, RolePrivilege.role_id == Role.id
    )
    with desk.engine.database.reading() as connection:
        found = {(row.name[:3], row.entity[:3]) for row in connection.execute(statement)}
    assert {("vol", "kob"), ("kob", "vol")} & found == set()


@pytest.mark.parametrize("part", ["roles", "field_security_profiles"])
def test_no_office_takes_a_name_that_the_other_works_with(
    desk: Desk, tmp_path: Path, part: str
) -> None:
    """Two that call it `staff`: the second import would end what the first one's people do."""
    folder = Path(shutil.copytree(SOLUTION, tmp_path / "volunteers"))
    rights = said(folder, "roles.yaml")
    rights[part]["kobe_official"] = rights[part]["vol_leader"]
    say(folder, "roles.yaml", rights)
    with pytest.raises(DefinitionError, match=r"roles.yaml.*gives rights on kobe_\w+, which is"):
        install(desk.engine.database, folder)
    assert desk.read("kobe_application", "kobe_official") == []


def test_roles_on_no_entity_may_be_stated_by_both(desk: Desk, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SOLUTION, tmp_path / "volunteers"))
    rights = said(folder, "roles.yaml")
    rights["roles"]["auditor"] = said(KOBE, "roles.yaml")["roles"]["auditor"]
    say(folder, "roles.yaml", rights)
    install(desk.engine.database, folder)


def test_neither_office_reads_the_other(desk: Desk) -> None:
    for role, entity in (("vol_staff", "kobe_application"), ("kobe_official", "vol_volunteer")):
        with pytest.raises(AccessDenied):
            desk.read(entity, role)


def test_a_high_school_student_needs_a_guardian(desk: Desk) -> None:
    with desk.engine.database.snapshot() as connection:
        public = public_caller(connection, desk.engine.catalog.forms["vol_volunteer"])

    def register(**values: object) -> None:
        given = STUDENT | values
        desk.engine.run(lambda s: s.create_multiple(public, "vol_volunteer", [given]))

    for answer in ({}, {"vol_guardian": False}):
        with pytest.raises(ValidationFailed):
            register(vol_kind=3, **answer)
    register(vol_kind=3, vol_guardian=True, vol_email="minor@example.jp")


def test_a_request_goes_its_course(desk: Desk) -> None:
    """The gates, the leader's part, what fits, what follows, and the mails of both sides."""
    student = desk.create("vol_volunteer", **STUDENT, statuscode=RECEIVED)
    desk.change("vol_volunteer", student, statuscode=REGISTERED)
    request = desk.create("vol_request", **REQUEST)
    with pytest.raises(ValidationFailed):
        desk.change("vol_request", request, "vol_leader", vol_stage=2)
    hours = {"vol_times": 10, "vol_hourseach": 2}
    desk.change("vol_request", request, vol_days=[3, 4], vol_begins="2026-10-07", **hours)
    with pytest.raises(ValidationFailed):  # publishing is the leader's
        desk.change("vol_request", request, vol_stage=2)
    desk.change("vol_request", request, "vol_leader", vol_stage=2)
    assert suggested(desk, request) == [(student, 3)]
    lookups = {"vol_request": request, "vol_volunteer": student}
    joined = desk.create("vol_assignment", **lookups)
    for refused in (
        lambda: desk.change("vol_request", request, vol_stage=3),
        lambda: desk.change("vol_assignment", joined, statuscode=SETTLED),
    ):
        with pytest.raises(ValidationFailed):
            refused()
    desk.change("vol_assignment", joined, vol_agreedon="2026-09-20", statuscode=SETTLED)
    desk.change("vol_request", request, vol_stage=3)
    [found] = [one for one in desk.read("vol_request") if one["id"] == request]
    assert (found["vol_hours"], found["vol_assigned"], found["vol_stillwanted"]) == (20, 1, 1)
    desk.change("vol_assignment", joined, vol_hoursdone=18, statuscode=DONE)
    [found] = [one for one in desk.read("vol_volunteer") if one["id"] == student]
    assert found["vol_hoursdone"] == 18


def suggested(desk: Desk, request: UUID) -> list[tuple[object, int]]:
    """Who fits, and in how many things."""
    by, rule = desk.caller("vol_staff"), desk.engine.catalog.suggestion_rules["vol_who_fits"]
    found = desk.engine.run(lambda service: suggestions(service, by, rule, request)).found
    return [(one.record["id"], len(one.shared)) for one in found]
