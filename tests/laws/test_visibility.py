"""The law of access: in any office, the SQL clause reaches exactly the records that CDS's rules,
stated in plain Python, let a person reach; with every privilege, on both databases.
"""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from sqlalchemy import insert, update

from models.metadata.query import Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.records.sharing import Share
from models.security import caller as callers
from models.security.caller import Caller
from models.security.principals import load_caller
from models.security.privileges import AccessLevel, Privilege
from models.tables.organization import Organization
from models.tables.principals import (
    BusinessUnit,
    PrincipalRole,
    Role,
    RolePrivilege,
    SystemUser,
    Team,
    TeamMembership,
)
from tests.laws.worlds import EVERYONE, SHARED, Group, Person, RoleGiven, World, worlds
from tests.models.office import SYSTEM, office
from tests.models.outcomes import DENIED, DONE, NOT_FOUND, outcome, result_of

ENTITY = "tst_folder"


@pytest.fixture(scope="module")
def engine(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("worlds")) as running:
        yield running


class Built:
    """A world in the tables, within one transaction that will be taken back."""

    def __init__(self, service: RecordService, world: World) -> None:
        self.service, self.world = service, world
        self.units = [uuid4() for _ in world.parents]
        self.ids = {one.name: uuid4() for one in [*world.people, *world.groups]}
        self.ids[EVERYONE] = callers.EVERYONE
        self._insert_units()
        self._insert_people()
        self._insert_groups()
        for role in world.roles:
            self._insert_role(role)
        self.records = [self._create(owner) for owner in world.owners]
        for record, receiver, rights in world.shares:
            share = Share(self.ids[receiver], frozenset(rights))
            service.sharing(SYSTEM, ENTITY, [self.records[record]]).grant(share)
        self._write(update(Organization), {"hierarchy_depth": world.depth})

    def caller(self, person: int) -> Caller:
        found = load_caller(
            self.service.transaction.connection, self.ids[self.world.people[person].name]
        )
        assert found is not None
        return found

    def _write(self, statement: object, rows: object) -> None:
        self.service.transaction.write(statement, rows)  # type: ignore[arg-type]

    def _insert_units(self) -> None:
        for number, above in enumerate(self.world.parents):
            parent = None if above is None else self.units[above]
            row = {"id": self.units[number], "name": f"unit {number}", "parent_id": parent}
            self._write(insert(BusinessUnit), row)

    def _insert_people(self) -> None:
        for one in self.world.people:
            row = {
                "id": self.ids[one.name],
                "email": f"{one.name}@example.jp",
                "fs_uniquifier": uuid4().hex,
                "businessunit_id": self.units[one.unit],
            }
            self._write(insert(SystemUser), row)
        for one in self.world.people:
            manager = None if one.manager is None else self.world.people[one.manager].name
            if manager is not None:
                mine = SystemUser.id == self.ids[one.name]
                self._write(update(SystemUser).where(mine), {"manager_id": self.ids[manager]})

    def _insert_groups(self) -> None:
        for group in self.world.groups:
            row = {
                "id": self.ids[group.name],
                "name": group.name,
                "businessunit_id": self.units[group.unit],
                "is_default": group.is_default,
                "is_access_team": group.is_access_team,
            }
            self._write(insert(Team), row)
            for person in group.joined:
                user = self.ids[self.world.people[person].name]
                self._write(insert(TeamMembership), {"team_id": row["id"], "systemuser_id": user})

    def _insert_role(self, role: RoleGiven) -> None:
        role_id = uuid4()
        self._write(insert(Role), {"id": role_id, "name": role_id.hex})
        for privilege, level in role.levels.items():
            row = {"role_id": role_id, "entity": ENTITY, "privilege": str(privilege)}
            self._write(insert(RolePrivilege), row | {"access_level": int(level)})
        holders = [self.world.people[n].name for n in role.people]
        holders += [self.world.groups[n].name for n in role.groups]
        for name in holders:
            self._write(
                insert(PrincipalRole), {"principal_id": self.ids[name], "role_id": role_id}
            )

    def _create(self, owner: str) -> UUID:
        unit = self.units[self.world.unit_of(owner)]
        maker = replace(SYSTEM, owner=self.ids[owner], business_unit=unit)
        return self.service.create_multiple(maker, ENTITY, [{"tst_title": "世界"}])[0]


def reached(built: Built, person: int, privilege: Privilege) -> set[int]:
    """By the record store's clause."""
    service, caller = built.service, built.caller(person)
    entity = service.catalog.entity(ENTITY)
    found = service.unit.store.visible_ids(caller, privilege, entity, built.records)
    return {number for number, record in enumerate(built.records) if record in found}


def expected(world: World, person: int, privilege: Privilege) -> set[int]:
    return {n for n in range(len(world.owners)) if world.reaches(person, privilege, n)}


def everything_reached(service: RecordService, world: World) -> dict[tuple[int, str], set[int]]:
    built = Built(service, world)
    people = range(len(world.people))
    return {(who, str(what)): reached(built, who, what) for who in people for what in SHARED}


SHARED_WITHOUT_A_ROLE = World(
    parents=[None],
    people=[Person("person 0", 0, None)],
    groups=[Group("unit 0", 0, set(), is_default=True), Group("team 0", 0, set())],
    roles=[RoleGiven({Privilege.WRITE: AccessLevel.BASIC}, {0}, set())],
    owners=["team 0"],
    shares=[(0, "person 0", {Privilege.READ, Privilege.WRITE})],
    depth=0,
)


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(worlds())
@example(SHARED_WITHOUT_A_ROLE)
def test_the_clause_reaches_what_the_rule_says(engine: RecordEngine, world: World) -> None:
    found = result_of(engine, lambda service: everything_reached(service, world))
    people = range(len(world.people))
    assert found == {
        (who, str(what)): expected(world, who, what) for who in people for what in SHARED
    }


VERBS = {
    Privilege.WRITE: lambda service, caller, record: service.update_multiple(
        caller, ENTITY, [Change(record, {"tst_title": "改"})]
    ),
    Privilege.DELETE: lambda service, caller, record: service.delete_multiple(
        caller, ENTITY, [Deletion(record)]
    ),
    Privilege.SHARE: lambda service, caller, record: service.sharing(
        caller, ENTITY, [record]
    ).revoke(callers.EVERYONE),
    Privilege.READ: lambda service, caller, record: service.retrieve(caller, ENTITY, record),
}


def outcome_of(world: World, privilege: Privilege, *, person: int, record: int) -> str:
    """What the verb must come to."""
    readable = world.reaches(person, Privilege.READ, record)
    if world.reaches(person, privilege, record):
        return DONE
    held = any(world.reaches(person, privilege, n) for n in range(len(world.owners)))
    if privilege is Privilege.READ:
        return NOT_FOUND if held else "either"
    return DENIED if readable else "either"


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_the_verbs_do_as_the_clause_says(engine: RecordEngine, world: World) -> None:
    wrong = []
    for privilege, verb in VERBS.items():

        def act(service: RecordService, verb: object = verb) -> None:
            built = Built(service, world)
            verb(service, built.caller(0), built.records[0])  # type: ignore[operator]

        found = outcome(engine, act)
        wanted = outcome_of(world, privilege, person=0, record=0)
        if found not in ({DENIED, NOT_FOUND} if wanted == "either" else {wanted}):
            wrong.append((privilege, found, wanted))
    assert wrong == []


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_lists_counts_and_single_records_agree(engine: RecordEngine, world: World) -> None:
    def ask(service: RecordService) -> tuple[set[UUID], int | None, set[UUID]]:
        built = Built(service, world)
        caller = built.caller(0)
        if not caller.has(ENTITY, Privilege.READ):
            return set(), 0, set()
        query = Query(entity=ENTITY, ids=tuple(built.records), count=True)
        page = service.retrieve_multiple(caller, query)
        wanted = {built.records[n] for n in expected(world, 0, Privilege.READ)}
        return {record["id"] for record in page.records}, page.count, wanted  # type: ignore[misc]

    listed, count, wanted = result_of(engine, ask)  # type: ignore[misc]
    assert listed == wanted
    assert count == len(wanted)
