"""What belongs to a record (its relationship cascades) goes along when it is assigned or shared,
as far as the caller may; and a contract that keeps the record from somebody keeps that as well.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from models.metadata.query import Query
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.records.sharing import Share
from models.security import visibility
from models.security.caller import Caller
from models.security.privileges import Privilege
from tests.models.office import account, member, system
from tests.models.outcomes import DENIED, DONE, outcome
from tests.support.auditing import entries, last

FOLDER, THING, PERSON, LETTER = "tst_folder", "tst_thing", "tst_person", "tst_letter"
READ = frozenset({Privilege.READ})


def made(engine: RecordEngine, entity: str, **values: object) -> UUID:
    return engine.run(lambda s: s.create_multiple(system(engine), entity, [values]))[0]


def owner_of(engine: RecordEngine, entity: str, record: UUID) -> object:
    found = engine.run(lambda s: s.retrieve(system(engine), entity, record, columns=["ownerid"]))
    return found["ownerid"]


@pytest.fixture
def filed(engine: RecordEngine) -> tuple[UUID, UUID]:
    """A folder and a thing in it."""
    folder = made(engine, FOLDER, tst_title="台帳")
    return folder, made(engine, THING, tst_name="中のもの", tst_parent=folder)


def without(caller: Caller, privilege: Privilege, entity: str) -> Caller:
    held = {key: level for key, level in caller.privileges.items() if key != (entity, privilege)}
    return replace(caller, privileges=held)


def test_what_belongs_to_a_record_is_assigned_with_it(
    engine: RecordEngine, filed: tuple[UUID, UUID]
) -> None:
    folder, thing = filed
    beside = made(engine, THING, tst_name="別のもの")
    caller, owner, before = member(engine), account(engine, "西区"), last(engine)
    engine.run(lambda s: s.assign_multiple(caller, FOLDER, [folder], owner=owner))
    assert owner_of(engine, FOLDER, folder) == owner_of(engine, THING, thing) == owner
    assert owner_of(engine, THING, beside) != owner
    told = [(one["action"], one["entity"], one["record"]) for one in entries(engine, before)]
    assert told == [("assign", FOLDER, folder.hex), ("assign", THING, thing.hex)]


def test_people_below_people_are_assigned_once(engine: RecordEngine) -> None:
    """Even where they stand in a circle."""
    first = made(engine, PERSON, tst_fullname="一")
    second = made(engine, PERSON, tst_fullname="二", tst_superior=first)
    letter = made(engine, LETTER, tst_subject="便り", tst_sender=second, tst_addressee=first)
    own = system(engine)
    change = {"tst_superior": second}
    engine.run(lambda s: s.update_multiple(own, PERSON, [Change(first, change)]))
    owner = account(engine, "西区")
    engine.run(lambda s: s.assign_multiple(member(engine), PERSON, [first], owner=owner))
    found = {owner_of(engine, PERSON, one) for one in (first, second)}
    assert found | {owner_of(engine, LETTER, letter)} == {owner}


@pytest.mark.parametrize("privilege", [Privilege.ASSIGN, Privilege.SHARE])
def test_nothing_is_done_where_it_may_not_go_along(
    engine: RecordEngine, filed: tuple[UUID, UUID], privilege: Privilege
) -> None:
    folder, _ = filed
    receiver, before = account(engine, "西区"), owner_of(engine, FOLDER, folder)
    caller = without(member(engine), privilege, THING)
    act: Callable[[RecordService], object] = (
        (lambda s: s.assign_multiple(caller, FOLDER, [folder], owner=receiver))
        if privilege is Privilege.ASSIGN
        else (lambda s: s.sharing(caller, FOLDER, [folder]).grant(Share(receiver, READ)))
    )
    assert outcome(engine, act) == DENIED
    assert owner_of(engine, FOLDER, folder) == before
    assert shares(engine, FOLDER, folder) == []
    empty = made(engine, FOLDER, tst_title="空")
    assert engine.run(lambda s: s.sharing(caller, FOLDER, [empty]).is_allowed())
    allowed = engine.run(lambda s: s.sharing(caller, FOLDER, [folder]).is_allowed())
    assert allowed is (privilege is Privilege.ASSIGN)


def shares(engine: RecordEngine, entity: str, record: UUID) -> list[Share]:
    return engine.run(lambda s: s.sharing(member(engine), entity, [record]).shares())


def test_what_belongs_to_a_record_is_shared_with_it_and_taken_back(
    engine: RecordEngine, filed: tuple[UUID, UUID]
) -> None:
    folder, thing = filed
    receiver, caller = account(engine, "西区"), member(engine)
    both = READ | {Privilege.WRITE}
    for rights in (READ, both):
        share = Share(receiver, rights)
        engine.run(lambda s, one=share: s.sharing(caller, FOLDER, [folder]).modify(one))
        assert shares(engine, FOLDER, folder) == shares(engine, THING, thing) == [share]
    engine.run(lambda s: s.sharing(caller, FOLDER, [folder]).revoke(receiver))
    assert shares(engine, FOLDER, folder) == shares(engine, THING, thing) == []


def test_one_gives_only_what_one_holds_on_what_goes_along(
    engine: RecordEngine, filed: tuple[UUID, UUID]
) -> None:
    folder, _ = filed
    caller, receiver = without(member(engine), Privilege.DELETE, THING), account(engine, "西区")
    offered = engine.run(lambda s: s.sharing(caller, FOLDER, [folder]).rights_to_give())
    assert Privilege.READ in offered
    assert Privilege.DELETE not in offered
    share = Share(receiver, frozenset({Privilege.DELETE}))
    act = outcome(engine, lambda s: s.sharing(caller, FOLDER, [folder]).grant(share))
    assert act == DENIED


@pytest.mark.parametrize(
    ("sender", "addressee", "is_reached"),
    [
        (None, None, True),
        ("inside", None, True),
        ("inside", "inside", True),
        ("outside", None, False),
        ("inside", "outside", False),
        ("below one outside", "inside", False),
    ],
)
def test_the_contract_of_all_it_belongs_to_holds(
    engine: RecordEngine, sender: str | None, addressee: str | None, *, is_reached: bool
) -> None:
    """For a letter: of its sender, its addressee, and of these people's superiors."""
    outside = made(engine, PERSON, tst_fullname="外", statuscode=2)
    people: dict[str | None, object] = {
        None: None,
        "inside": made(engine, PERSON, tst_fullname="内"),
        "outside": outside,
        "below one outside": made(engine, PERSON, tst_fullname="下", tst_superior=outside),
    }
    values = {"tst_sender": people[sender], "tst_addressee": people[addressee]}
    letter = made(engine, LETTER, tst_subject="便り", **values)
    scope = {PERSON: {"statuscode": frozenset({1})}, LETTER: {}}
    caller = replace(member(engine), scope=scope)
    query = Query(entity=LETTER, columns=("tst_subject",), ids=(letter,), count=True)
    page = engine.run(lambda s: s.retrieve_multiple(caller, query))
    assert (len(page.records), page.count) == (is_reached, is_reached)
    owner = account(engine, "東区")
    acts = [
        lambda s: s.update_multiple(caller, LETTER, [Change(letter, {"tst_subject": "改"})]),
        lambda s: s.assign_multiple(caller, LETTER, [letter], owner=owner),
    ]
    assert [outcome(engine, act) == DONE for act in acts] == [is_reached] * 2


@pytest.mark.parametrize("scope", [{LETTER: {}}, {LETTER: {}, PERSON: {}}])
def test_a_contract_without_limits_asks_nothing_more(
    engine: RecordEngine, scope: dict[str, dict[str, frozenset[int]]]
) -> None:
    """Nor does the office's own: every list is the statement it was."""

    def told(caller: Caller) -> str:
        catalog = engine.catalog
        entity, table = catalog.entity(LETTER), catalog.tables.entities[LETTER]
        return str(visibility.clause(catalog, caller, Privilege.READ, entity, table=table))

    own = member(engine)
    assert told(own) == told(replace(own, scope=scope))
    assert "EXISTS" not in told(own)
    limited = replace(own, scope={**scope, PERSON: {"statuscode": frozenset({1})}})
    assert told(limited).count("EXISTS") == 4
