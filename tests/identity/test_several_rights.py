"""Roles add up; nobody is above themselves; nobody changes their own rights, by whatever way."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from admin_views.identity import account_rights
from models.metadata.errors import AccessDenied, ValidationFailed
from models.records.engine import RecordEngine
from models.security.privileges import Miscellaneous, Privilege
from models.tables.base import new_id
from models.tables.organization import Organization
from models.tables.principals import BusinessUnit, SystemUser, Team, TeamMembership
from models.tables.session import Transaction
from tests.admin_views.office import ENTITY, ROLES, build_app, build_engine
from tests.conftest import NewDatabase
from tests.identity.staff import (
    HIRING,
    Person,
    account_of,
    acts,
    acts_on,
    caller_of,
    change_account,
    hire,
)


@pytest.fixture(scope="module")
def engine(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    """On SQLite and on PostgreSQL."""
    engine = build_engine(tmp_path_factory.mktemp("several"), new_database())
    yield engine
    engine.database.dispose()


@pytest.fixture(scope="module")
def app(engine: RecordEngine) -> Flask:
    return build_app(engine)


def give(app: Flask, person: Person, **stated: tuple[str, ...]) -> None:
    with app.app_context():
        account_rights.change_rights(HIRING, person.id, stated)


def make_team(engine: RecordEngine, name: str) -> UUID:
    team_id = new_id()

    def work(transaction: Transaction) -> None:
        unit = select(BusinessUnit.id).where(BusinessUnit.name == "神戸市").scalar_subquery()
        row = insert(Team).values(id=team_id, name=name, businessunit_id=unit)
        transaction.write(row)

    engine.database.run(work)
    return team_id


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(held=st.sets(st.sampled_from(sorted(ROLES))))
def test_of_several_roles_each_grants_what_it_grants_alone(
    app: Flask, engine: RecordEngine, held: set[str]
) -> None:
    person = hire(app, engine)
    alone = []
    for role in sorted(held):
        give(app, person, roles=(role,))
        alone.append(caller_of(engine, person))
    give(app, person, roles=tuple(held))
    now = caller_of(engine, person)
    assert now.roles == held
    assert now.miscellaneous == frozenset().union(*(one.miscellaneous for one in alone))
    for privilege in Privilege:
        key = (ENTITY, privilege)
        levels = [one.privileges.get(key, 0) for one in alone]
        assert now.privileges.get(key, 0) == max(levels, default=0)


def test_a_profile_of_ones_own_adds_to_those_of_the_roles(
    app: Flask, engine: RecordEngine
) -> None:
    person = hire(app, engine)
    before = caller_of(engine, person).rights(ENTITY, "kobe_email")
    give(app, person, profiles=("kobe_official",))
    now = caller_of(engine, person).rights(ENTITY, "kobe_email")
    assert (before.update, now.update, now.read) == (False, True, True)
    assert acts_on(engine, person)[-1]["details"] == {
        "profiles": ["kobe_official"],
        "profiles_before": [],
    }
    give(app, person, profiles=())
    assert caller_of(engine, person).rights(ENTITY, "kobe_email") == before


def test_teams_are_joined_and_left_but_not_those_of_a_unit(
    app: Flask, engine: RecordEngine
) -> None:
    person, name = hire(app, engine), f"調整班 {new_id().hex}"
    team_id = make_team(engine, name)
    give(app, person, teams=(name,))
    assert team_id in caller_of(engine, person).teams
    for unknown in ("運営事務局", "どこにもない班"):
        with pytest.raises(ValidationFailed) as refused:
            give(app, person, teams=(name, unknown))
        assert refused.value.problems[0].attribute == "teams"
    give(app, person, teams=())
    assert team_id not in caller_of(engine, person).teams


def test_what_is_wrong_is_said_of_everything_and_nothing_is_stored(
    app: Flask, engine: RecordEngine
) -> None:
    person = hire(app, engine)
    before = caller_of(engine, person)
    wrong = {"roles": ("auditor", "x"), "profiles": ("x",), "manager": ("x",)}
    with pytest.raises(ValidationFailed) as refused:
        give(app, person, teams=(), **wrong)
    assert [one.attribute for one in refused.value.problems] == list(wrong)
    assert caller_of(engine, person) == before


def test_an_inactive_account_is_given_nobody_but_kept_where_it_is(
    app: Flask, engine: RecordEngine
) -> None:
    person, manager = hire(app, engine), hire(app, engine)
    give(app, person, manager=(manager.email,))
    change_account(engine, manager, active=False)
    give(app, person, manager=(manager.email,), roles=("auditor",))
    give(app, person, manager=("",))
    with pytest.raises(ValidationFailed):
        give(app, person, manager=(manager.email,))
    assert account_of(engine, person).manager_id is None


@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_nobody_is_above_themselves(app: Flask, engine: RecordEngine, length: int) -> None:
    people = [hire(app, engine) for _ in range(length)]
    for person, above in pairwise(people):
        give(app, person, manager=(above.email,))
    with pytest.raises(ValidationFailed) as refused:
        give(app, people[-1], manager=(people[0].email,))
    [problem] = refused.value.problems
    assert (problem.attribute, problem.code) == ("manager", "ring")
    assert account_of(engine, people[-1]).manager_id is None


def test_two_who_make_each_other_the_manager_at_once_make_no_ring(
    app: Flask, engine: RecordEngine
) -> None:
    for _ in range(5):
        pair = [hire(app, engine), hire(app, engine)]
        start = threading.Barrier(2)

        def set_manager(person: Person, above: Person, start: threading.Barrier = start) -> None:
            start.wait()
            with suppress(ValidationFailed):
                give(app, person, manager=(above.email,))

        threads = [
            threading.Thread(target=set_manager, args=(one, other))
            for one, other in (pair, pair[::-1])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(account_of(engine, one).manager_id is not None for one in pair) == 1


def manager_of_users(app: Flask, engine: RecordEngine, **changes: object) -> Person:
    person = hire(app, engine)
    give(app, person, roles=("administrator",), business_unit=("神戸市",))
    if changes:
        change_account(engine, person, **changes)
    return person


def hierarchy(engine: RecordEngine, depth: int) -> None:
    statement = update(Organization).values(hierarchy_depth=depth)
    engine.database.run(lambda transaction: transaction.write(statement))


@pytest.mark.parametrize("stated", [{"roles": ("auditor",)}, {"profiles": ("kobe_official",)}])
def test_nobody_changes_their_own_account(
    app: Flask, engine: RecordEngine, stated: dict[str, tuple[str, ...]]
) -> None:
    me = manager_of_users(app, engine)
    caller = caller_of(engine, me)
    with app.app_context(), pytest.raises(AccessDenied):
        account_rights.change_rights(caller, me.id, stated)
    assert caller_of(engine, me) == caller
    assert acts(engine)[-1]["action"] == "refusal"


@pytest.mark.parametrize("depth", [0, 1])
def test_nobody_makes_themselves_the_manager_of_others_where_that_counts(
    app: Flask, engine: RecordEngine, depth: int
) -> None:
    me, other = manager_of_users(app, engine), hire(app, engine)
    hierarchy(engine, depth)
    try:
        caller = caller_of(engine, me)
        with app.app_context():
            if depth:
                with pytest.raises(AccessDenied):
                    account_rights.change_rights(caller, other.id, {"manager": (me.email,)})
            else:
                account_rights.change_rights(caller, other.id, {"manager": (me.email,)})
        assert (account_of(engine, other).manager_id == me.id) is (depth == 0)
    finally:
        hierarchy(engine, 0)


def test_a_report_is_not_moved_into_the_manager_s_own_reach_by_that_manager(
    app: Flask, engine: RecordEngine
) -> None:
    """A report counts in the manager's own business unit and below it only."""
    me, other = manager_of_users(app, engine), hire(app, engine)
    give(app, me, business_unit=("運営事務局",))
    give(app, other, manager=(me.email,), business_unit=("神戸市",))
    hierarchy(engine, 1)
    try:
        caller = caller_of(engine, me)
        moved = {"business_unit": ("運営事務局",)}
        with app.app_context(), pytest.raises(AccessDenied):
            account_rights.change_rights(caller, other.id, moved)
        give(app, other, **moved)
        assert caller_of(engine, me).direct_reports
    finally:
        hierarchy(engine, 0)


def test_a_role_with_rights_the_giver_lacks_may_be_given(app: Flask, engine: RecordEngine) -> None:
    """ADR 13: each grant is audited, and those who manage users need hold no other right."""
    me, other = manager_of_users(app, engine), hire(app, engine)
    caller = caller_of(engine, me)
    assert not caller.may(Miscellaneous.EXPORT)
    with app.app_context():
        account_rights.change_rights(caller, other.id, {"roles": ("kobe_official", "auditor")})
    assert caller_of(engine, other).may(Miscellaneous.EXPORT)
    [act] = acts_on(engine, other)
    assert (act["by"], act["details"]["roles"]) == (me.email, ["auditor", "kobe_official"])


def test_of_an_account_all_that_is_held_is_told(app: Flask, engine: RecordEngine) -> None:
    person, name = hire(app, engine), f"班 {new_id().hex}"
    team_id = make_team(engine, name)
    member = {"team_id": team_id, "systemuser_id": person.id}
    engine.database.run(lambda transaction: transaction.write(insert(TeamMembership), member))
    held = engine.run(lambda service: account_rights.names_held(service, person.id))
    assert held == {
        "roles": ("kobe_operator",),
        "business_unit": ("運営事務局",),
        "profiles": (),
        "teams": (name,),
        "manager": (),
        "contractor": (),
    }
    with engine.database.reading() as connection:
        statement = select(SystemUser.email).where(SystemUser.id == person.id)
        assert connection.scalar(statement) == person.email
