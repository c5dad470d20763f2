"""The law of deleting: what points to a record restricts, lets go or goes along, all or nothing.

A cascade goes as far as the caller's own right to delete; nothing is left pointing into the void.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from crypto.errors import DestroyedKey
from models.metadata.errors import ValidationFailed
from models.metadata.query import Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from tests.models.office import SYSTEM, member, system
from tests.models.outcomes import DENIED, DONE, outcome, result_of


@pytest.fixture(scope="module")
def maker(engine: RecordEngine) -> Caller:
    return system(engine)


@pytest.fixture
def create(engine: RecordEngine, maker: Caller) -> Callable[..., UUID]:
    def made(entity: str, name: str, caller: Caller = maker, **values: object) -> UUID:
        primary = engine.catalog.entity(entity).primary_name
        given = {primary: name, **values}
        return engine.run(lambda s: s.create_multiple(caller, entity, [given]))[0]

    return made


def delete(engine: RecordEngine, caller: Caller, *people: UUID) -> None:
    batch = [Deletion(one) for one in people]
    engine.run(lambda s: s.delete_multiple(caller, "tst_person", batch))


def left(engine: RecordEngine, entity: str, *ids: UUID) -> set[UUID]:
    query = Query(entity=entity, columns=(engine.catalog.entity(entity).primary_name,), ids=ids)
    page = engine.run(lambda s: s.retrieve_multiple(SYSTEM, query))
    return {record["id"] for record in page.records}


def test_a_contract_restricts_and_nothing_is_deleted(
    engine: RecordEngine, maker: Caller, create: Callable[..., UUID]
) -> None:
    party, other = create("tst_person", "契約者"), create("tst_person", "別の人")
    letter = create("tst_letter", "拝啓", tst_sender=party)
    contract = create("tst_contract", "委託契約", tst_party=party)
    with pytest.raises(ValidationFailed) as refusal:
        delete(engine, maker, other, party)
    [problem] = refusal.value.problems
    assert (problem.code, problem.attribute) == ("referenced", "tst_party")
    assert "契約" in problem.text("ja")
    assert left(engine, "tst_person", party, other) == {party, other}
    assert left(engine, "tst_letter", letter) == {letter}
    engine.run(lambda s: s.delete_multiple(maker, "tst_contract", [Deletion(contract)]))
    delete(engine, maker, party)
    assert left(engine, "tst_person", party) == set()


def test_a_restricting_record_restricts_though_the_caller_cannot_see_it(
    engine: RecordEngine, maker: Caller, create: Callable[..., UUID]
) -> None:
    caller = member(engine)
    hidden = {k: v for k, v in caller.privileges.items() if k[0] != "tst_contract"}
    party = create("tst_person", "契約者")
    create("tst_contract", "委託契約", tst_party=party)
    with pytest.raises(ValidationFailed):
        delete(engine, replace(caller, privileges=hidden), party)


def test_a_note_lets_go_at_a_new_version_by_the_platform(
    engine: RecordEngine, maker: Caller, create: Callable[..., UUID]
) -> None:
    person, other = create("tst_person", "話題の人"), create("tst_person", "別の人")
    note, kept = (create("tst_note", "覚え書き", tst_about=one) for one in (person, other))
    nobody_writes_notes = member(engine)
    held = {k: v for k, v in nobody_writes_notes.privileges.items() if k[0] != "tst_note"}
    delete(engine, replace(nobody_writes_notes, privileges=held), person)
    found = engine.run(lambda s: s.retrieve(SYSTEM, "tst_note", note))
    assert (found["tst_about"], found["versionnumber"], found["modifiedby"]) == (None, 2, None)
    assert engine.run(lambda s: s.retrieve(SYSTEM, "tst_note", kept))["tst_about"] == other


def test_what_goes_along_goes_once_by_whatever_way_it_is_reached(
    engine: RecordEngine, maker: Caller, create: Callable[..., UUID]
) -> None:
    """To oneself; from one to the other, both of whom go; three generations; a circle."""
    grandparent = create("tst_person", "祖母")
    parent = create("tst_person", "母", tst_superior=grandparent)
    child = create("tst_person", "娘", tst_superior=parent)
    letters = [
        create("tst_letter", "自分へ", tst_sender=parent, tst_addressee=parent),
        create("tst_letter", "母から娘へ", tst_sender=parent, tst_addressee=child),
        create("tst_letter", "娘から祖母へ", tst_sender=child, tst_addressee=grandparent),
    ]
    bystander = create("tst_letter", "無関係")
    circle = {"tst_superior": child}
    engine.run(lambda s: s.update_multiple(maker, "tst_person", [Change(grandparent, circle)]))
    delete(engine, maker, parent)
    assert left(engine, "tst_person", grandparent, parent, child) == set()
    assert left(engine, "tst_letter", *letters, bystander) == {bystander}


def test_all_of_a_family_at_once(
    engine: RecordEngine, maker: Caller, create: Callable[..., UUID]
) -> None:
    parent = create("tst_person", "父")
    child = create("tst_person", "息子", tst_superior=parent)
    delete(engine, maker, child, parent)
    assert left(engine, "tst_person", parent, child) == set()


@pytest.mark.parametrize("level", list(AccessLevel), ids=lambda level: level.name)
def test_a_cascade_stops_where_the_caller_may_not_delete(
    engine: RecordEngine, create: Callable[..., UUID], level: AccessLevel
) -> None:
    """The letter is the child unit's; sight of it makes no difference."""
    person = create("tst_person", "窓口の人")
    letter = create("tst_letter", "窓口から", caller=system(engine, "東区窓口"), tst_sender=person)
    for read in (AccessLevel.NONE, AccessLevel.GLOBAL):
        caller = member(engine, "東区")
        caller = replace(
            caller,
            privileges={
                **caller.privileges,
                ("tst_letter", Privilege.DELETE): level,
                ("tst_letter", Privilege.READ): read,
            },
        )
        act = deleting(caller, person)
        assert outcome(engine, act) == (DONE if level >= AccessLevel.DEEP else DENIED)
    assert left(engine, "tst_letter", letter) == {letter}


def deleting(caller: Caller, person: UUID) -> Callable[[RecordService], object]:
    return lambda service: service.delete_multiple(caller, "tst_person", [Deletion(person)])


def test_a_lookup_takes_the_right_to_append_on_both_sides(
    engine: RecordEngine, create: Callable[..., UUID]
) -> None:
    """Append on what points, append-to on the very record that is pointed to."""
    near = create("tst_person", "東区の人")
    far = create("tst_person", "西区の人", caller=system(engine, "西区"))
    caller = member(engine, "東区")
    local = (("tst_person", Privilege.APPEND_TO), AccessLevel.LOCAL)
    pointing = ("tst_letter", Privilege.APPEND)

    def sent(sender: UUID, *changes: tuple[tuple[str, Privilege], AccessLevel]) -> object:
        someone = replace(caller, privileges={**caller.privileges, **dict(changes)})
        values = {"tst_subject": "件名", "tst_sender": sender}
        return result_of(engine, lambda s: s.create_multiple(someone, "tst_letter", [values]))

    assert isinstance(sent(near, local), list)
    beyond = sent(far, local)
    assert isinstance(beyond, ValidationFailed)
    assert [problem.code for problem in beyond.problems] == ["no_such_record"]
    for refused in (pointing, ("tst_person", Privilege.APPEND_TO)):
        assert type(sent(near, (refused, AccessLevel.NONE))).__name__ == DENIED


def test_a_record_goes_with_its_key_and_a_failed_deletion_leaves_both(
    engine: RecordEngine, maker: Caller, create: Callable[..., UUID]
) -> None:
    person = create("tst_person", "鍵の持ち主", tst_mail="kagi@example.jp")
    table = engine.catalog.tables.entities["tst_person"]
    with engine.database.reading() as connection:
        key_id = connection.execute(table.select().where(table.c.id == person)).one().data_key_id
    assert outcome(engine, deleting(maker, person)) == DONE
    found = engine.run(lambda s: s.retrieve(maker, "tst_person", person))
    assert found["tst_mail"] == "kagi@example.jp"
    delete(engine, maker, person)
    with pytest.raises(DestroyedKey):
        engine.keyring.opening_key(key_id)
