"""Any office: a tree of business units, people, teams, roles, managers, records and shares; and,
in plain Python, who reaches what in it.

The rule is written from CDS's documentation (access levels, record sharing, team privileges,
manager hierarchy). It shares nothing with the code it judges but the names of the privileges.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from models.security.privileges import AccessLevel, Privilege

SHARED = sorted(set(Privilege) - {Privilege.CREATE})
MANAGED = {Privilege.READ, Privilege.WRITE, Privilege.APPEND, Privilege.APPEND_TO}
EVERYONE = "everyone"


@dataclass
class Person:
    name: str
    unit: int
    manager: int | None


@dataclass
class Group:
    """A team; a business unit's default team has all of the unit's people."""

    name: str
    unit: int
    joined: set[int]
    is_default: bool = False
    is_access_team: bool = False


@dataclass
class RoleGiven:
    levels: dict[Privilege, AccessLevel]
    people: set[int]
    groups: set[int]


@dataclass
class World:
    parents: list[int | None]
    people: list[Person]
    groups: list[Group]
    roles: list[RoleGiven]
    owners: list[str]
    """Of each record: the name of a person or a group."""
    shares: list[tuple[int, str, set[Privilege]]]
    depth: int

    def members(self, group: Group) -> set[int]:
        if not group.is_default:
            return group.joined
        return group.joined | {n for n, one in enumerate(self.people) if one.unit == group.unit}

    def groups_of(self, person: int) -> set[str]:
        return {group.name for group in self.groups if person in self.members(group)}

    def unit_of(self, owner: str) -> int:
        return next(one.unit for one in [*self.people, *self.groups] if one.name == owner)

    def below(self, unit: int) -> set[int]:
        found = {unit}
        while more := {n for n, above in enumerate(self.parents) if above in found} - found:
            found |= more
        return found

    def reaches(self, person: int, privilege: Privilege, record: int) -> bool:
        """Whether the person holds the privilege on the record."""
        owner, me = self.owners[record], self.people[person]
        holders = list(self._holders(person, privilege))
        if not holders:
            return False  # What is shared or below a manager needs a role first.
        for level, unit, owners in holders:
            home = self.unit_of(owner)
            if level == AccessLevel.GLOBAL or owner in owners:
                return True
            if level >= AccessLevel.LOCAL and home == unit:
                return True
            if level >= AccessLevel.DEEP and home in self.below(unit):
                return True
        below = self._reports(person, privilege)
        receivers = {EVERYONE, me.name} | self.groups_of(person) | below
        return owner in below or self._is_shared(record, privilege, receivers)

    def _holders(
        self, person: int, privilege: Privilege
    ) -> Iterator[tuple[AccessLevel, int, set[str]]]:
        """Level, the unit it counts from, and whose records are one's own by it."""
        me = self.people[person]
        for role in self.roles:
            level = role.levels.get(privilege, AccessLevel.NONE)
            if level == AccessLevel.NONE:
                continue
            if person in role.people:
                yield level, me.unit, {me.name} | self.groups_of(person)
            for number in role.groups:
                group = self.groups[number]
                if person in self.members(group) and not group.is_access_team:
                    yield level, group.unit, {group.name}

    def _is_shared(self, record: int, privilege: Privilege, receivers: set[str]) -> bool:
        return any(
            number == record and privilege in rights and receiver in receivers
            for number, receiver, rights in self.shares
        )

    def _reports(self, person: int, privilege: Privilege) -> set[str]:
        """Names of the people below a manager and of their teams, as far as they count."""
        reached: set[int] = set()
        level, seen = {person}, {person}
        for distance in range(1, self.depth + 1):
            level = {n for n in range(len(self.people)) if self._reports_to(n, level, person)}
            level -= seen
            seen |= level
            if privilege is Privilege.READ or (distance == 1 and privilege in MANAGED):
                reached |= level
        names = {self.people[n].name for n in reached}
        return names.union(*(self.groups_of(n) for n in reached))

    def _reports_to(self, person: int, managers: set[int], top: int) -> bool:
        one = self.people[person]
        return one.manager in managers and one.unit in self.below(self.people[top].unit)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    units = draw(st.integers(1, 5))
    parents = [None, *(draw(st.integers(0, n - 1)) for n in range(1, units))]
    unit = st.integers(0, units - 1)
    count = draw(st.integers(1, 4))
    person = st.integers(0, count - 1)
    people = [Person(f"person {n}", draw(unit), draw(st.none() | person)) for n in range(count)]
    groups = [Group(f"unit {n}", n, set(), is_default=True) for n in range(units)]
    for n in range(draw(st.integers(0, 3))):
        joined = draw(st.sets(person))
        groups.append(Group(f"team {n}", draw(unit), joined, is_access_team=draw(st.booleans())))
    owning = [one.name for one in people] + [g.name for g in groups if not g.is_access_team]
    owners = draw(st.lists(st.sampled_from(owning), min_size=1, max_size=6))
    return World(
        parents=parents,
        people=people,
        groups=groups,
        roles=draw(st.lists(_roles(count, len(groups)), max_size=4)),
        owners=owners,
        shares=draw(_shares(len(owners), [*(p.name for p in people), *(g.name for g in groups)])),
        depth=draw(st.integers(0, 3)),
    )


def _roles(people: int, groups: int) -> st.SearchStrategy[RoleGiven]:
    levels = st.dictionaries(st.sampled_from(Privilege), st.sampled_from(AccessLevel), max_size=8)
    return st.builds(
        RoleGiven,
        levels,
        st.sets(st.integers(0, people - 1)),
        st.sets(st.integers(0, groups - 1), max_size=2),
    )


def _shares(
    records: int, receivers: list[str]
) -> st.SearchStrategy[list[tuple[int, str, set[Privilege]]]]:
    one = st.tuples(
        st.integers(0, records - 1),
        st.sampled_from([*receivers, EVERYONE]),
        st.sets(st.sampled_from(SHARED), min_size=1),
    )
    return st.lists(one, max_size=4, unique_by=lambda share: share[:2])
