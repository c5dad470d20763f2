"""Any office: a tree of business units, people, teams, roles, profiles, managers, contracts,
records and shares; and, in plain Python, who reaches what in it.

The rule is written from CDS's documentation (access levels, record sharing, team privileges,
manager hierarchy, column security). It shares nothing with the code it judges but the names of
the privileges.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from models.security.privileges import AccessLevel, FieldRights, Miscellaneous, Privilege, Unmasked

SHARED = sorted(set(Privilege) - {Privilege.CREATE})
MANAGED = {Privilege.READ, Privilege.WRITE, Privilege.APPEND, Privilege.APPEND_TO}
EVERYONE = "everyone"
NEVER_UNDER_CONTRACT = {
    Miscellaneous.MANAGE_USERS,
    Miscellaneous.CUSTOMIZE,
    Miscellaneous.READ_AUDIT,
    Miscellaneous.ACT_ON_BEHALF,
    Miscellaneous.ERASE,
    Miscellaneous.ANSWER_REQUESTS,
}
SECURED, PERSONAL = "tst_grade", "tst_mail"
"""A secured attribute of the entity, and one that is personal as well."""


@dataclass
class Contract:
    """A contractor's; `statuses` are those its records may have: all, if none is named."""

    runs: bool = True
    names_entity: bool = True
    statuses: set[int] = field(default_factory=set)


@dataclass
class Person:
    name: str
    unit: int
    manager: int | None = None
    is_active: bool = True
    has_pledged: bool = True
    is_trained: bool = True
    has_stated_purpose: bool = True
    contract: Contract | None = None

    @property
    def is_let_in(self) -> bool:
        return self.is_active and (self.contract is None or self.contract.runs)


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
    others: set[Miscellaneous] = field(default_factory=set)


@dataclass
class ProfileGiven:
    rights: dict[str, FieldRights]
    people: set[int]
    groups: set[int]
    roles: set[int]


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
    profiles: list[ProfileGiven] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """Of each record; where none is stated, the first."""
    superiors: list[int | None] = field(default_factory=list)
    """Of each record the one it belongs to: one that was there before, or none."""
    must_pledge: bool = False
    must_be_trained: bool = False

    def superior_of(self, record: int) -> int | None:
        return self.superiors[record] if record < len(self.superiors) else None

    def above(self, record: int) -> set[int]:
        """The record and all it belongs to."""
        superior = self.superior_of(record)
        return {record} | (set() if superior is None else self.above(superior))

    def along(self, record: int) -> set[int]:
        """The record and all that belongs to it."""
        return {one for one in range(len(self.owners)) if record in self.above(one)}

    def status_of(self, record: int) -> int:
        return self.statuses[record] if record < len(self.statuses) else 1

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
        holders = list(self.holders(person, privilege))
        if not holders or not self._is_in_contract(me, record):
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

    def creates(self, person: int, privilege: Privilege = Privilege.CREATE) -> bool:
        """Whether the person may make a record of their own, of a status the contract allows; or
        would hold another privilege on it."""
        me = self.people[person]
        if me.contract is not None and not me.contract.names_entity:
            return False
        return any(
            level == AccessLevel.GLOBAL
            or me.name in owners
            or (level >= AccessLevel.LOCAL and me.unit == unit)
            or (level >= AccessLevel.DEEP and me.unit in self.below(unit))
            for level, unit, owners in self.holders(person, privilege)
        )

    def may(self, person: int, other: Miscellaneous) -> bool:
        if self.people[person].contract is not None and other in NEVER_UNDER_CONTRACT:
            return False
        return any(other in role.others for role in self._roles(person))

    def rights(self, person: int, attribute: str) -> FieldRights:
        """On a secured attribute: all profiles together; none on personal data while pledge or
        training is owing, and nothing shown in every record before it is said what for."""
        me = self.people[person]
        owing = (self.must_pledge and not me.has_pledged) or (
            self.must_be_trained and not me.is_trained
        )
        if attribute == PERSONAL and owing:
            return FieldRights()
        mine, roles = self.groups_of(person), self._roles(person)
        found = [
            profile.rights[attribute]
            for profile in self.profiles
            if attribute in profile.rights
            and (
                person in profile.people
                or any(self.groups[n].name in mine for n in profile.groups)
                or any(self.roles[n] in roles for n in profile.roles)
            )
        ]
        widest = Unmasked.ALL_RECORDS if me.has_stated_purpose else Unmasked.ONE_RECORD
        return FieldRights(
            read=any(one.read for one in found),
            unmasked=min(widest, max((one.unmasked for one in found), default=Unmasked.NO)),
            create=any(one.create for one in found),
            update=any(one.update for one in found),
        )

    def _roles(self, person: int) -> list[RoleGiven]:
        """A person's own, and those of teams that may hold roles."""
        teams = {
            n
            for n, group in enumerate(self.groups)
            if person in self.members(group) and not group.is_access_team
        }
        return [role for role in self.roles if person in role.people or role.groups & teams]

    def _is_in_contract(self, me: Person, record: int) -> bool:
        contract = me.contract
        if contract is None:
            return True
        allowed, superior = contract.statuses, self.superior_of(record)
        asked = [record] if superior is None else [record, superior]
        return contract.names_entity and (
            not allowed or all(self.status_of(one) in allowed for one in asked)
        )

    def holders(
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
        """What belongs to a record is shared with it."""
        shared = self.above(record)
        return any(
            number in shared and privilege in rights and receiver in receivers
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
