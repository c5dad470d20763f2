"""The law of privileges: an access level reaches exactly the owners it names, in every verb.

The oracle is a table of sets and three lines; it shares nothing with the code it judges.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from uuid import UUID, uuid4

import pytest

from models.metadata.query import Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from tests.models.office import SYSTEM, account, member, system, team, unit
from tests.models.outcomes import DENIED, DONE, NOT_FOUND, outcome, result_of

LEVELS = list(AccessLevel)
OWN = {"the caller", "the caller's team", "a team of another unit, with the caller in it"}
REACHED = {
    AccessLevel.NONE: set(),
    AccessLevel.BASIC: OWN,
    AccessLevel.LOCAL: OWN | {"a colleague"},
    AccessLevel.DEEP: OWN | {"a colleague", "a child unit"},
    AccessLevel.GLOBAL: OWN | {"a colleague", "a child unit", "a sibling unit", "the parent"},
}
OWNERS = sorted(REACHED[AccessLevel.GLOBAL])
Verb = Callable[[RecordService, Caller, UUID], object]
VERBS: Mapping[Privilege, Verb] = {
    Privilege.WRITE: lambda service, caller, one: service.update_multiple(
        caller, "tst_folder", [Change(one, {"tst_title": "改題"})]
    ),
    Privilege.DELETE: lambda service, caller, one: service.delete_multiple(
        caller, "tst_folder", [Deletion(one)]
    ),
    Privilege.ASSIGN: lambda service, caller, one: service.assign_multiple(
        caller, "tst_folder", [one], owner=caller.teams.__iter__().__next__()
    ),
}


def expected(*, read: AccessLevel, level: AccessLevel, owner: str) -> str:
    if level is AccessLevel.NONE:
        return DENIED
    if owner in REACHED[level]:
        return DONE
    return DENIED if owner in REACHED[read] else NOT_FOUND


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    """A member of 東区, and of the team of 西区 besides."""
    someone = member(engine, "東区")
    return replace(someone, teams=someone.teams | {team(engine, "西区")}, privileges={})


@pytest.fixture(scope="module")
def records(engine: RecordEngine, caller: Caller) -> dict[str, UUID]:
    """One record for each kind of owner."""
    owners = {
        "the caller": (caller.id, "東区"),
        "the caller's team": (team(engine, "東区"), "東区"),
        "a team of another unit, with the caller in it": (team(engine, "西区"), "西区"),
        "a colleague": (account(engine, "東区"), "東区"),
        "a child unit": (account(engine, "東区窓口"), "東区窓口"),
        "a sibling unit": (account(engine, "西区"), "西区"),
        "the parent": (account(engine, "本庁"), "本庁"),
    }
    made = {}
    for name, (owner, unit_name) in owners.items():
        maker = replace(SYSTEM, owner=owner, business_unit=unit(engine, unit_name))
        values = {"tst_title": f"所有者の表 {name}"}
        [made[name]] = engine.run(
            lambda s, m=maker, v=values: s.create_multiple(m, "tst_folder", [v])
        )
    return made


def holding(caller: Caller, **levels: AccessLevel) -> Caller:
    held = {("tst_folder", Privilege[name.upper()]): level for name, level in levels.items()}
    return replace(caller, privileges=held)


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
@pytest.mark.parametrize("privilege", VERBS)
def test_a_verb_reaches_whom_its_privilege_reaches(
    engine: RecordEngine,
    caller: Caller,
    records: dict[str, UUID],
    privilege: Privilege,
    level: AccessLevel,
) -> None:
    wrong = []
    for read, owner in product(LEVELS, OWNERS):
        someone = holding(caller, read=read, **{privilege.name: level})
        act = VERBS[privilege]
        found = outcome(engine, lambda s, a=act, c=someone, o=owner: a(s, c, records[o]))
        if found != expected(read=read, level=level, owner=owner):
            wrong.append((read.name, owner, found))
    assert wrong == []


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_a_record_is_given_to_those_whom_assigning_reaches(
    engine: RecordEngine, caller: Caller, records: dict[str, UUID], level: AccessLevel
) -> None:
    someone = holding(caller, read=AccessLevel.GLOBAL, assign=level)
    own = records["the caller"]
    found = {
        name: outcome(
            engine,
            lambda s, r=record: s.assign_multiple(
                someone, "tst_folder", [own], owner=owner_of(s, r)
            ),
        )
        for name, record in records.items()
    }
    assert found == {name: DONE if name in REACHED[level] else DENIED for name in OWNERS}


def owner_of(service: RecordService, record: UUID) -> UUID:
    found = service.retrieve(SYSTEM, "tst_folder", record)["ownerid"]
    assert isinstance(found, UUID)
    return found


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_reading_one_reading_many_and_counting_agree(
    engine: RecordEngine, caller: Caller, records: dict[str, UUID], level: AccessLevel
) -> None:
    someone = holding(caller, read=level)
    query = Query(entity="tst_folder", ids=tuple(records.values()), count=True)
    one_by_one = {
        owner: outcome(engine, lambda s, r=record: s.retrieve(someone, "tst_folder", r))
        for owner, record in records.items()
    }
    if level is AccessLevel.NONE:
        assert set(one_by_one.values()) == {DENIED}
        assert outcome(engine, lambda s: s.retrieve_multiple(someone, query)) == DENIED
        return
    assert one_by_one == {o: DONE if o in REACHED[level] else NOT_FOUND for o in OWNERS}
    page = engine.run(lambda s: s.retrieve_multiple(someone, query))
    assert {record["id"] for record in page.records} == {records[o] for o in REACHED[level]}
    assert page.count == len(REACHED[level])
    streamed = [row for chunk in engine.stream(someone, query) for row in chunk]
    assert len(streamed) == page.count


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_who_may_create_may_create_for_those_in_reach(
    engine: RecordEngine, caller: Caller, level: AccessLevel
) -> None:
    owners = {
        "the caller": caller.id,
        "the caller's team": team(engine, "東区"),
        "a colleague": account(engine, "東区"),
    }
    found = {
        name: outcome(
            engine,
            lambda s, o=owner: s.create_multiple(
                replace(holding(caller, create=level), owner=o),
                "tst_folder",
                [{"tst_title": "新"}],
            ),
        )
        for name, owner in owners.items()
    }
    assert found == {name: DONE if name in REACHED[level] else DENIED for name in owners}


@pytest.mark.parametrize("privilege", VERBS)
def test_a_batch_is_done_whole_or_not_at_all(
    engine: RecordEngine, caller: Caller, records: dict[str, UUID], privilege: Privilege
) -> None:
    """One record out of reach at the end: those before it stay as they were."""
    held = {("tst_folder", privilege): AccessLevel.BASIC}
    someone = replace(caller, privileges=held | {("tst_folder", Privilege.READ): LEVELS[-1]})
    reached, beyond = records["the caller"], records["a sibling unit"]
    acts: Mapping[Privilege, Callable[[RecordService], object]] = {
        Privilege.WRITE: lambda s: s.update_multiple(
            someone, "tst_folder", [Change(one, {"tst_title": "変"}) for one in (reached, beyond)]
        ),
        Privilege.DELETE: lambda s: s.delete_multiple(
            someone, "tst_folder", [Deletion(reached), Deletion(beyond)]
        ),
        Privilege.ASSIGN: lambda s: s.assign_multiple(
            someone, "tst_folder", [reached, beyond], owner=team(engine, "西区")
        ),
    }
    before = engine.run(lambda s: s.retrieve(SYSTEM, "tst_folder", reached))
    assert outcome(engine, acts[privilege]) == DENIED
    assert engine.run(lambda s: s.retrieve(SYSTEM, "tst_folder", reached)) == before


def test_a_record_out_of_sight_and_one_that_never_was_are_refused_in_the_same_words(
    engine: RecordEngine, caller: Caller, records: dict[str, UUID]
) -> None:
    levels = {name.lower(): AccessLevel.LOCAL for name in Privilege.__members__}
    someone = holding(caller, **levels)
    verbs: list[Verb] = [lambda s, c, r: s.retrieve(c, "tst_folder", r), *VERBS.values()]
    for verb in verbs:
        hidden, absent = (
            result_of(engine, lambda s, v=verb, r=record: v(s, someone, r))
            for record in (records["a sibling unit"], uuid4())
        )
        assert (type(hidden), str(hidden)) == (type(absent), str(absent))


def test_in_a_batch_what_is_not_visible_weighs_more_than_what_is_not_permitted(
    engine: RecordEngine, caller: Caller, records: dict[str, UUID]
) -> None:
    someone = holding(caller, read=AccessLevel.LOCAL, delete=AccessLevel.BASIC)
    visible = Deletion(records["a colleague"])
    for other in (records["a sibling unit"], uuid4()):
        batch = [visible, Deletion(other)]
        found = outcome(engine, lambda s, b=batch: s.delete_multiple(someone, "tst_folder", b))
        assert found == NOT_FOUND


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_what_the_organization_owns_is_reached_globally_or_not_at_all(
    engine: RecordEngine, caller: Caller, level: AccessLevel
) -> None:
    [rule] = engine.run(lambda s: s.create_multiple(SYSTEM, "tst_rule", [{"tst_text": "規則"}]))
    someone = replace(caller, privileges={("tst_rule", one): level for one in Privilege})
    acts: list[Callable[[RecordService], object]] = [
        lambda s: s.retrieve(someone, "tst_rule", rule),
        lambda s: s.update_multiple(someone, "tst_rule", [Change(rule, {"tst_text": "改正"})]),
        lambda s: s.delete_multiple(someone, "tst_rule", [Deletion(rule)]),
    ]
    refused = DENIED if level is AccessLevel.NONE else NOT_FOUND
    wanted = DONE if level is AccessLevel.GLOBAL else refused
    assert [outcome(engine, act) for act in acts] == [wanted] * 3
    may_create = outcome(
        engine, lambda s: s.create_multiple(someone, "tst_rule", [{"tst_text": "新しい規則"}])
    )
    assert may_create == (DONE if level is AccessLevel.GLOBAL else DENIED)
    given_away = outcome(
        engine, lambda s: s.assign_multiple(someone, "tst_rule", [rule], owner=caller.id)
    )
    assert given_away == (DENIED if level is AccessLevel.NONE else "DefinitionError")


def test_an_assigned_record_follows_its_new_owner(engine: RecordEngine) -> None:
    giver, taker = member(engine, "東区"), account(engine, "西区")
    maker = system(engine)
    [one] = engine.run(lambda s: s.create_multiple(maker, "tst_folder", [{"tst_title": "引継ぎ"}]))
    engine.run(lambda s: s.assign_multiple(giver, "tst_folder", [one], owner=taker))
    found = engine.run(lambda s: s.retrieve(giver, "tst_folder", one))
    assert (found["ownerid"], found["owningbusinessunit"]) == (taker, unit(engine, "西区"))
    assert (
        outcome(engine, lambda s: s.assign_multiple(giver, "tst_folder", [one], owner=uuid4()))
        == NOT_FOUND
    )
