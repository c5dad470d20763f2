"""Sharing: single rights on single records, given, changed and taken back by who may share them.

What a share lets its receiver do is the law of visibility's; here it is who may share what, with
whom, and what is left in the table and in the audit.
"""

import json
from collections import defaultdict
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from models.metadata.errors import DefinitionError
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.records.sharing import MOST_AT_ONCE, Share
from models.security.caller import EVERYONE, Caller
from models.security.privileges import SHAREABLE, AccessLevel, Privilege
from models.tables.base import new_id
from models.tables.principals import SystemUser, Team
from models.tables.record_data import AuditEntry
from models.tables.sharing import SharedRecord
from tests.models.office import account, member, system, team, unit
from tests.models.outcomes import DENIED, DONE, NOT_FOUND, outcome, result_of

ENTITY = "tst_folder"
READ, WRITE = frozenset({Privilege.READ}), frozenset({Privilege.WRITE})
BOTH = READ | WRITE


def made(engine: RecordEngine, count: int = 1, owned_by: str = "東区") -> list[UUID]:
    values = [{"tst_title": f"共有 {n}"} for n in range(count)]
    return engine.run(lambda s: s.create_multiple(system(engine, owned_by), ENTITY, values))


@pytest.fixture(scope="module")
def record(engine: RecordEngine) -> UUID:
    return made(engine)[0]


@pytest.fixture(scope="module")
def receiver(engine: RecordEngine) -> UUID:
    return account(engine, "西区")


def holding(engine: RecordEngine, *privileges: Privilege, level: AccessLevel) -> Caller:
    levels = {(ENTITY, privilege): level for privilege in privileges}
    return replace(member(engine, "東区"), privileges=levels)


@pytest.mark.parametrize("right", SHAREABLE)
@pytest.mark.parametrize("level", [AccessLevel.NONE, AccessLevel.LOCAL])
def test_one_gives_only_what_one_holds_on_the_record(
    engine: RecordEngine, record: UUID, receiver: UUID, right: Privilege, level: AccessLevel
) -> None:
    caller = holding(engine, right, level=level)
    sharing = {(ENTITY, Privilege.SHARE): AccessLevel.LOCAL}
    caller = replace(caller, privileges={**caller.privileges, **sharing})
    given_away = Share(receiver, frozenset({right}))
    for act in ("grant", "modify"):
        found = outcome(
            engine, lambda s, a=act: getattr(s.sharing(caller, ENTITY, [record]), a)(given_away)
        )
        is_held = level > 0 or right is Privilege.SHARE
        assert found == (DONE if is_held else DENIED), act


def test_what_one_was_given_by_a_share_one_can_pass_on_with_the_right_to_share(
    engine: RecordEngine, record: UUID, receiver: UUID
) -> None:
    levels = {Privilege.SHARE: AccessLevel.BASIC, Privilege.READ: AccessLevel.BASIC}
    user = account(engine, "西区")
    caller = Caller(
        id=user,
        kind="user",
        name="受取人",
        privileges={(ENTITY, privilege): level for privilege, level in levels.items()},
        shared_entities=frozenset({ENTITY}),
    )

    def pass_on(service: RecordService, rights: frozenset[Privilege]) -> None:
        first = service.sharing(system(engine), ENTITY, [record])
        first.grant(Share(user, READ | WRITE | {Privilege.SHARE}))
        service.sharing(caller, ENTITY, [record]).grant(Share(receiver, rights))

    assert outcome(engine, lambda s: pass_on(s, READ)) == DONE
    assert outcome(engine, lambda s: pass_on(s, WRITE)) == DENIED, "no role of theirs writes"


@pytest.mark.parametrize("act", ["grant", "modify", "revoke", "shares"])
def test_only_who_may_share_it(
    engine: RecordEngine, record: UUID, receiver: UUID, act: str
) -> None:
    def outcome_for(caller: Caller) -> str:
        arguments = {"revoke": (receiver,), "shares": ()}.get(act, (Share(receiver, READ),))
        return outcome(
            engine, lambda s: getattr(s.sharing(caller, ENTITY, [record]), act)(*arguments)
        )

    everything = member(engine, "東区", level=AccessLevel.LOCAL)
    key = (ENTITY, Privilege.SHARE)
    without = {one: level for one, level in everything.privileges.items() if one != key}
    assert outcome_for(everything) == DONE
    assert outcome_for(replace(everything, privileges=without)) == DENIED
    of_own = {**everything.privileges, key: AccessLevel.BASIC}
    reading = replace(everything, privileges=of_own, teams=frozenset())
    assert outcome_for(reading) == DENIED, "seen, but not theirs to share"
    elsewhere = member(engine, "西区", level=AccessLevel.LOCAL)
    assert outcome_for(elsewhere) == NOT_FOUND, "not seen"


def test_all_of_several_records_or_none(engine: RecordEngine, receiver: UUID) -> None:
    caller = member(engine, "東区", level=AccessLevel.LOCAL)
    own, foreign = made(engine, 3), made(engine, owned_by="西区")

    def grant(service: RecordService, ids: list[UUID]) -> int:
        service.sharing(caller, ENTITY, ids).grant(Share(receiver, READ))
        return len(service.sharing(caller, ENTITY, ids).shares())

    assert result_of(engine, lambda s: grant(s, own)) == 3
    assert outcome(engine, lambda s: grant(s, own + foreign)) == NOT_FOUND
    too_many = [uuid4() for _ in range(MOST_AT_ONCE + 1)]
    assert type(result_of(engine, lambda s: grant(s, too_many))) is DefinitionError


RECEIVERS = ["user", "inactive", "team", "access team", "everyone", "nobody", "role"]


@pytest.mark.parametrize("kind", RECEIVERS)
def test_with_whom(engine: RecordEngine, record: UUID, kind: str) -> None:
    user, access_team = account(engine, "西区"), new_id()

    def prepare(service: RecordService) -> None:
        row = {
            "id": access_team,
            "name": access_team.hex,
            "businessunit_id": unit(engine, "西区"),
            "is_access_team": True,
        }
        service.transaction.write(insert(Team), row)
        if kind == "inactive":
            left = update(SystemUser).where(SystemUser.id == user)
            service.transaction.write(left.values(active=False))

    receivers = {
        "team": team(engine, "西区"),
        "access team": access_team,
        "everyone": EVERYONE,
        "nobody": uuid4(),
        "role": UUID(int=1),
    }
    caller = member(engine)

    def grant(service: RecordService) -> None:
        prepare(service)
        sharing = service.sharing(caller, ENTITY, [record])
        sharing.grant(Share(receivers.get(kind, user), READ))

    refused = {"inactive", "nobody", "role"}
    assert outcome(engine, grant) == (NOT_FOUND if kind in refused else DONE)


@pytest.mark.parametrize("rights", [{Privilege.CREATE}, {Privilege.CREATE, Privilege.READ}])
def test_to_create_cannot_be_shared(
    engine: RecordEngine, record: UUID, receiver: UUID, rights: set[Privilege]
) -> None:
    share = Share(receiver, frozenset(rights))
    found = result_of(engine, lambda s: s.sharing(member(engine), ENTITY, [record]).grant(share))
    assert type(found) is DefinitionError


def test_what_the_organization_owns_is_not_shared(engine: RecordEngine, receiver: UUID) -> None:
    caller = member(engine)

    def share(service: RecordService) -> None:
        ids = service.create_multiple(caller, "tst_rule", [{"tst_text": "規則"}])
        service.sharing(caller, "tst_rule", ids).grant(Share(receiver, READ))

    assert type(result_of(engine, share)) is DefinitionError


RIGHTS = st.frozensets(st.sampled_from(sorted(SHAREABLE)))
STEPS = st.lists(
    st.tuples(st.sampled_from(["grant", "modify", "revoke"]), st.integers(0, 2), RIGHTS),
    max_size=8,
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_after_any_acts_each_holds_what_was_given_last(
    engine: RecordEngine, record: UUID, steps: list[tuple[str, int, frozenset[Privilege]]]
) -> None:
    """Grant adds, modify replaces, revoke takes all; a share of nothing is none."""
    people, caller = [account(engine, "西区") for _ in range(3)], member(engine)
    expected: dict[UUID, frozenset[Privilege]] = defaultdict(frozenset)

    def act(service: RecordService) -> dict[UUID, frozenset[Privilege]]:
        expected.clear()
        sharing = service.sharing(caller, ENTITY, [record])
        for name, number, rights in steps:
            person = people[number]
            if name == "revoke":
                sharing.revoke(person)
                expected[person] = frozenset()
            else:
                getattr(sharing, name)(Share(person, rights))
                expected[person] = rights | (expected[person] if name == "grant" else frozenset())
        return {one.principal: one.rights for one in sharing.shares()}

    found = result_of(engine, act)
    assert found == {person: rights for person, rights in expected.items() if rights}


def entries(service: RecordService) -> list[dict[str, object]]:
    service.unit.auditing.write(service.transaction)
    statement = select(AuditEntry.body).order_by(AuditEntry.sequence)
    return [json.loads(body) for body in service.transaction.read(statement).scalars()]


def test_each_act_is_audited_with_receiver_and_rights_of_each_record(
    engine: RecordEngine, receiver: UUID
) -> None:
    caller, ids = member(engine), made(engine, 2)

    def act(service: RecordService) -> list[dict[str, object]]:
        sharing = service.sharing(caller, ENTITY, ids)
        sharing.grant(Share(receiver, BOTH))
        sharing.modify(Share(receiver, READ))
        sharing.revoke(receiver)
        return entries(service)[-6:]

    found = result_of(engine, act)
    assert isinstance(found, list)
    assert [entry["action"] for entry in found] == [
        *["share"] * 2,
        *["modify_share"] * 2,
        *["revoke_share"] * 2,
    ]
    assert {entry["record"] for entry in found} == {one.hex for one in ids}
    assert [entry["details"]["rights"] for entry in found[::2]] == [
        ["Read", "Write"],
        ["Read"],
        [],
    ]
    assert {entry["details"]["principal"] for entry in found} == {receiver.hex}
    [name] = {entry["details"]["receiver"] for entry in found}
    assert name == result_of(
        engine,
        lambda s: s.transaction.read(
            select(SystemUser.email).where(SystemUser.id == receiver)
        ).scalar(),
    )


def test_with_the_record_its_shares_go(engine: RecordEngine, receiver: UUID) -> None:
    caller, [record] = member(engine), made(engine)

    def act(service: RecordService) -> int:
        service.sharing(caller, ENTITY, [record]).grant(Share(receiver, READ))
        service.delete_multiple(caller, ENTITY, [Deletion(record)])
        rows = select(SharedRecord).where(SharedRecord.record_id == record)
        return len(service.transaction.read(rows).all())

    assert result_of(engine, act) == 0
