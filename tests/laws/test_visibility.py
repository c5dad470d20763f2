"""The law of access: in any office, the SQL clause reaches exactly the records that CDS's rules,
stated in plain Python, let a person reach; with every privilege, on both databases.
"""

from collections.abc import Callable
from uuid import UUID

from hypothesis import HealthCheck, example, given, settings

from models.metadata.query import Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security import caller as callers
from models.security import column_security
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Miscellaneous, Privilege
from tests.laws.any_world import worlds
from tests.laws.building import ENTITY, Built
from tests.laws.worlds import PERSONAL, SECURED, SHARED, Group, Person, RoleGiven, World
from tests.models.outcomes import DENIED, DONE, NOT_FOUND, outcome, result_of

EVERY_SHAPE = list(HealthCheck)


def reached(built: Built, person: int, privilege: Privilege) -> set[int]:
    """By the record store's clause."""
    service, caller = built.service, built.caller(person)
    if caller is None:
        return set()
    entity = service.catalog.entity(ENTITY)
    found = service.unit.store.visible_ids(caller, privilege, entity, built.records)
    return {number for number, record in enumerate(built.records) if record in found}


def expected(world: World, person: int, privilege: Privilege) -> set[int]:
    if not world.people[person].is_let_in:
        return set()
    return {n for n in range(len(world.owners)) if world.reaches(person, privilege, n)}


def everything_reached(service: RecordService, world: World) -> dict[tuple[int, str], set[int]]:
    built = Built(service, world)
    people = range(len(world.people))
    return {(who, str(what)): reached(built, who, what) for who in people for what in SHARED}


SHARED_WITHOUT_A_ROLE = World(
    parents=[None],
    people=[Person("person 0", 0)],
    groups=[Group("unit 0", 0, set(), is_default=True), Group("team 0", 0, set())],
    roles=[RoleGiven({Privilege.WRITE: AccessLevel.BASIC}, {0}, set())],
    owners=["team 0"],
    shares=[(0, "person 0", {Privilege.READ, Privilege.WRITE})],
    depth=0,
)


@settings(max_examples=50, suppress_health_check=EVERY_SHAPE)
@given(worlds())
@example(SHARED_WITHOUT_A_ROLE)
def test_the_clause_reaches_what_the_rule_says(engine: RecordEngine, world: World) -> None:
    found = result_of(engine, lambda service: everything_reached(service, world))
    people = range(len(world.people))
    assert found == {
        (who, str(what)): expected(world, who, what) for who in people for what in SHARED
    }


@settings(max_examples=30, suppress_health_check=EVERY_SHAPE)
@given(worlds())
def test_profiles_and_miscellaneous_privileges_add_up_as_the_rule_says(
    engine: RecordEngine, world: World
) -> None:
    entity = engine.catalog.entity(ENTITY)
    attributes = [entity.attributes[name] for name in (SECURED, PERSONAL)]

    def held(caller: Caller) -> object:
        rights = [column_security.rights(caller, entity, one) for one in attributes]
        return rights, {other for other in Miscellaneous if caller.may(other)}

    def ask(service: RecordService) -> list[object]:
        built = Built(service, world)
        return [held(built.as_if_let_in(n)) for n in range(len(world.people))]

    assert result_of(engine, ask) == [
        (
            [world.rights(person, name) for name in (SECURED, PERSONAL)],
            {other for other in Miscellaneous if world.may(person, other)},
        )
        for person in range(len(world.people))
    ]


def has(world: World, person: int, privilege: Privilege) -> bool:
    """Whether some role grants it at all."""
    me = world.people[person]
    in_contract = me.contract is None or me.contract.names_entity
    return in_contract and bool(list(world.holders(person, privilege)))


VERBS: dict[Privilege, Callable[[RecordService, Caller, UUID], object]] = {
    Privilege.WRITE: lambda service, caller, record: service.update_multiple(
        caller, ENTITY, [Change(record, {"tst_fullname": "改"})]
    ),
    Privilege.DELETE: lambda service, caller, record: service.delete_multiple(
        caller, ENTITY, [Deletion(record)]
    ),
    Privilege.SHARE: lambda service, caller, record: service.sharing(
        caller, ENTITY, [record]
    ).revoke(callers.EVERYONE),
    Privilege.READ: lambda service, caller, record: service.retrieve(
        caller, ENTITY, record, columns=["tst_fullname"]
    ),
}


GOING_ALONG = {Privilege.DELETE, Privilege.SHARE}
"""Done to what belongs to the record as well, or not at all."""


def outcome_of(world: World, privilege: Privilege) -> set[str]:
    """What the verb may come to, by the first person on the first record."""
    if not world.people[0].is_let_in:
        return {"nobody"}
    if world.reaches(0, privilege, 0):
        along = world.along(0) if privilege in GOING_ALONG else {0}
        return {DONE if all(world.reaches(0, privilege, one) for one in along) else DENIED}
    if not has(world, 0, privilege):
        return {DENIED}
    return {DENIED} if world.reaches(0, Privilege.READ, 0) else {NOT_FOUND}


@settings(max_examples=30, suppress_health_check=EVERY_SHAPE)
@given(worlds())
def test_the_verbs_do_as_the_clause_says(engine: RecordEngine, world: World) -> None:
    """Not visible is not found; visible but not permitted is denied."""
    wrong = []
    for privilege, verb in VERBS.items():

        def act(service: RecordService, verb: object = verb) -> object:
            built = Built(service, world)
            caller = built.caller(0)
            return "nobody" if caller is None else verb(service, caller, built.records[0])  # type: ignore[operator]

        result = result_of(engine, act)
        found = result if result == "nobody" else outcome(engine, act)
        if found not in outcome_of(world, privilege):
            wrong.append((privilege, found, outcome_of(world, privilege)))
    assert wrong == []


@settings(max_examples=40, suppress_health_check=EVERY_SHAPE)
@given(worlds())
def test_lists_counts_and_single_records_agree(engine: RecordEngine, world: World) -> None:
    def ask(service: RecordService) -> tuple[set[UUID], int | None, set[UUID]]:
        built = Built(service, world)
        caller = built.caller(0)
        if caller is None or not caller.has(ENTITY, Privilege.READ):
            return set(), 0, set()
        columns = ("tst_fullname",)
        query = Query(entity=ENTITY, columns=columns, ids=tuple(built.records), count=True)
        page = service.retrieve_multiple(caller, query)
        wanted = {built.records[n] for n in expected(world, 0, Privilege.READ)}
        return {record["id"] for record in page.records}, page.count, wanted  # type: ignore[misc]

    listed, count, wanted = result_of(engine, ask)  # type: ignore[misc]
    assert listed == wanted
    assert count == len(wanted)
