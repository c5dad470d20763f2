"""Hypothesis strategies for worlds: small ones, of every shape."""

from hypothesis import strategies as st

from models.security.privileges import AccessLevel, FieldRights, Miscellaneous, Privilege, Unmasked
from tests.laws.worlds import (
    EVERYONE,
    PERSONAL,
    SECURED,
    SHARED,
    Contract,
    Group,
    Person,
    ProfileGiven,
    RoleGiven,
    World,
)

STATUSES = (1, 2)
CONTRACTS = st.builds(
    Contract,
    runs=st.sampled_from([True, True, False]),
    names_entity=st.sampled_from([True, True, False]),
    statuses=st.sets(st.sampled_from(STATUSES)),
)
FIELD_RIGHTS = st.builds(
    FieldRights,
    read=st.booleans(),
    unmasked=st.sampled_from(Unmasked),
    create=st.booleans(),
    update=st.booleans(),
)
MOSTLY = st.sampled_from([True, True, True, False])
LEVELS = st.dictionaries(st.sampled_from(Privilege), st.sampled_from(AccessLevel), max_size=8)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    units = draw(st.integers(1, 5))
    parents = [None, *(draw(st.integers(0, n - 1)) for n in range(1, units))]
    unit = st.integers(0, units - 1)
    count = draw(st.integers(1, 4))
    person = st.integers(0, count - 1)
    people = [draw(_people(f"person {n}", unit, person)) for n in range(count)]
    groups = [Group(f"unit {n}", n, set(), is_default=True) for n in range(units)]
    for n in range(draw(st.integers(0, 3))):
        joined = draw(st.sets(person))
        groups.append(Group(f"team {n}", draw(unit), joined, is_access_team=draw(st.booleans())))
    owning = [one.name for one in people] + [g.name for g in groups if not g.is_access_team]
    owners = draw(st.lists(st.sampled_from(owning), min_size=1, max_size=6))
    group = st.integers(0, len(groups) - 1)
    roles = draw(st.lists(_roles(person, group), max_size=4))
    return World(
        parents=parents,
        people=people,
        groups=groups,
        roles=roles,
        owners=owners,
        shares=draw(_shares(len(owners), [*(p.name for p in people), *(g.name for g in groups)])),
        depth=draw(st.integers(0, 3)),
        profiles=draw(st.lists(_profiles(person, group, len(roles)), max_size=3)),
        statuses=[draw(st.sampled_from(STATUSES)) for _ in owners],
        superiors=[draw(_superiors(n)) for n in range(len(owners))],
        must_pledge=draw(st.booleans()),
        must_be_trained=draw(st.booleans()),
    )


def _superiors(before: int) -> st.SearchStrategy[int | None]:
    """Mostly none."""
    return st.none() | st.none() | st.integers(0, before - 1) if before else st.none()


def _people(
    name: str, unit: st.SearchStrategy[int], person: st.SearchStrategy[int]
) -> st.SearchStrategy[Person]:
    return st.builds(
        Person,
        name=st.just(name),
        unit=unit,
        manager=st.none() | person,
        is_active=MOSTLY,
        has_pledged=MOSTLY,
        is_trained=MOSTLY,
        has_stated_purpose=MOSTLY,
        contract=st.none() | st.none() | CONTRACTS,
    )


def _roles(
    person: st.SearchStrategy[int], group: st.SearchStrategy[int]
) -> st.SearchStrategy[RoleGiven]:
    others = st.sets(st.sampled_from(Miscellaneous), max_size=3)
    return st.builds(RoleGiven, LEVELS, st.sets(person), st.sets(group, max_size=2), others)


def _profiles(
    person: st.SearchStrategy[int], group: st.SearchStrategy[int], roles: int
) -> st.SearchStrategy[ProfileGiven]:
    rights = st.dictionaries(st.sampled_from([SECURED, PERSONAL]), FIELD_RIGHTS)
    of_roles = st.sets(st.integers(0, roles - 1), max_size=2) if roles else st.just(set[int]())
    return st.builds(ProfileGiven, rights, st.sets(person), st.sets(group, max_size=2), of_roles)


def _shares(
    records: int, receivers: list[str]
) -> st.SearchStrategy[list[tuple[int, str, set[Privilege]]]]:
    one = st.tuples(
        st.integers(0, records - 1),
        st.sampled_from([*receivers, EVERYONE]),
        st.sets(st.sampled_from(SHARED), min_size=1),
    )
    return st.lists(one, max_size=4, unique_by=lambda share: share[:2])
