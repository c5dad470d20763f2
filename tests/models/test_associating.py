"""The law of N:N relationships: both sides' privileges, both directions, a trace of each act."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from models.metadata.query import Query, Related
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from models.tables.record_data import AuditEntry
from tests.models.office import SYSTEM, member, system
from tests.models.outcomes import DENIED, DONE, NOT_FOUND, outcome

RULES, FRIENDS = "tst_thing_rules", "tst_person_friends"


@pytest.fixture(scope="module")
def maker(engine: RecordEngine) -> Caller:
    return system(engine)


def made(engine: RecordEngine, caller: Caller, entity: str, *names: str) -> list[UUID]:
    primary = engine.catalog.entity(entity).primary_name
    batch = [{primary: name} for name in names]
    return engine.run(lambda s: s.create_multiple(caller, entity, batch))


def related(
    engine: RecordEngine, caller: Caller, entity: str, to: Related, **more: object
) -> set[UUID]:
    columns = (engine.catalog.entity(entity).primary_name,)
    query = Query(entity=entity, columns=columns, related=to, count=True)
    page = engine.run(lambda s: s.retrieve_multiple(caller, query))
    assert page.count == len(page.records)
    return {record["id"] for record in page.records}


def acts_on(engine: RecordEngine, record_id: UUID) -> list[tuple[str, list[str]]]:
    table = AuditEntry.__table__
    statement = select(table.c.action, table.c.body).where(table.c.record_id == record_id)
    with engine.database.reading() as connection:
        rows = connection.execute(statement.order_by(table.c.sequence)).all()
    return [
        (row.action, json.loads(row.body)["details"]["related"])
        for row in rows
        if row.action.endswith("associate")
    ]


def test_related_records_are_found_from_either_side_until_they_are_parted(
    engine: RecordEngine, maker: Caller
) -> None:
    thing, other = made(engine, maker, "tst_thing", "自転車", "傘")
    rules = made(engine, SYSTEM, "tst_rule", "放置禁止", "記名")
    pairs = [(thing, rules[0]), (thing, rules[1]), (other, rules[1])]
    engine.run(lambda s: s.associate(maker, RULES, pairs))
    assert related(engine, maker, "tst_rule", Related(RULES, thing)) == set(rules)
    assert related(engine, maker, "tst_rule", Related(RULES, other)) == {rules[1]}
    from_rule = Related(RULES, rules[1], side="second")
    assert related(engine, maker, "tst_thing", from_rule) == {thing, other}
    engine.run(lambda s: s.disassociate(maker, RULES, [(thing, rules[1])]))
    assert related(engine, maker, "tst_thing", from_rule) == {other}
    engine.run(lambda s: s.delete_multiple(maker, "tst_thing", [Deletion(other)]))
    assert related(engine, maker, "tst_thing", from_rule) == set()


def test_saying_it_twice_changes_and_notes_nothing(engine: RecordEngine, maker: Caller) -> None:
    thing, rule = (
        *made(engine, maker, "tst_thing", "本"),
        *made(engine, SYSTEM, "tst_rule", "返却"),
    )
    for verb in ("associate", "associate", "disassociate", "disassociate"):
        engine.run(lambda s, v=verb: getattr(s, v)(maker, RULES, [(thing, rule), (thing, rule)]))
    assert acts_on(engine, thing) == [("associate", [rule.hex]), ("disassociate", [rule.hex])]


def test_a_relationship_of_an_entity_with_itself_has_a_direction(
    engine: RecordEngine, maker: Caller
) -> None:
    one, two = made(engine, maker, "tst_person", "花子", "次郎")
    engine.run(lambda s: s.associate(maker, FRIENDS, [(one, two)]))
    found = {
        side: [
            related(engine, maker, "tst_person", Related(FRIENDS, person, side=side))
            for person in (one, two)
        ]
        for side in ("first", "second")
    }
    assert found == {"first": [{two}, set()], "second": [set(), {one}]}


@pytest.mark.parametrize("verb", ["associate", "disassociate"])
def test_each_side_takes_its_own_privilege(engine: RecordEngine, maker: Caller, verb: str) -> None:
    """Append reaches the first, append-to the second; out of sight is not found."""
    [first] = made(engine, maker, "tst_person", "東区の人")
    [second] = made(engine, system(engine, "西区"), "tst_person", "西区の人")
    caller = member(engine, "東区")
    none, local, wide = AccessLevel.NONE, AccessLevel.LOCAL, AccessLevel.GLOBAL
    for append, append_to, read in product((none, local, wide), repeat=3):
        held = {Privilege.APPEND: append, Privilege.APPEND_TO: append_to, Privilege.READ: read}
        someone = replace(caller, privileges={("tst_person", p): v for p, v in held.items()})
        act = acting(verb, someone, (first, second))
        if none in (append, append_to):
            expected = DENIED
        elif append_to is wide:
            expected = DONE
        else:
            expected = DENIED if read is wide else NOT_FOUND
        assert outcome(engine, act) == expected, (append, append_to, read)


def acting(
    verb: str, caller: Caller, pair: tuple[UUID, UUID]
) -> Callable[[RecordService], object]:
    return lambda service: getattr(service, verb)(caller, FRIENDS, [pair])


def test_who_does_not_see_one_end_does_not_learn_of_the_other(
    engine: RecordEngine, maker: Caller
) -> None:
    [hidden] = made(engine, system(engine, "西区"), "tst_person", "西区の人")
    friends = made(engine, maker, "tst_person", "東区の友人")
    engine.run(lambda s: s.associate(SYSTEM, FRIENDS, [(hidden, friends[0])]))
    caller = member(engine, "東区", level=AccessLevel.LOCAL)
    assert related(engine, caller, "tst_person", Related(FRIENDS, hidden)) == set()
    from_friend = Related(FRIENDS, friends[0], side="second")
    assert related(engine, caller, "tst_person", from_friend) == set()
    assert related(engine, SYSTEM, "tst_person", from_friend) == {hidden}
    blind = replace(caller, privileges={("tst_rule", Privilege.READ): AccessLevel.GLOBAL})
    query = Query(entity="tst_rule", related=Related(RULES, uuid4()))
    assert outcome(engine, lambda s: s.retrieve_multiple(blind, query)) == DENIED


@pytest.mark.parametrize(
    "to", [Related("tst_none", uuid4()), Related(RULES, uuid4()), Related(FRIENDS, uuid4())]
)
def test_a_relationship_that_leads_elsewhere_is_refused(engine: RecordEngine, to: Related) -> None:
    query = Query(entity="tst_thing", related=to)
    assert outcome(engine, lambda s: s.retrieve_multiple(SYSTEM, query)) == "DefinitionError"
