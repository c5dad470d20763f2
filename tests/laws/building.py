"""A world put into the tables, within one transaction that will be taken back."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Executable, insert, select, update

from models.records.service import RecordService
from models.records.sharing import Share
from models.security import caller as callers
from models.security import contracts
from models.security.caller import Caller
from models.security.granting import MISCELLANEOUS_ENTITY
from models.security.pledge import PLATFORM
from models.security.principals import caller_of, load_caller
from models.tables.organization import Organization
from models.tables.principals import (
    BusinessUnit,
    Contractor,
    FieldPermission,
    FieldSecurityProfile,
    PrincipalRole,
    ProfileMember,
    Role,
    RolePrivilege,
    SystemUser,
    Team,
    TeamMembership,
)
from tests.laws.worlds import EVERYONE, Person, ProfileGiven, RoleGiven, World
from tests.models.office import SYSTEM

ENTITY, SUPERIOR = "tst_person", "tst_superior"
TRAINING_MONTHS = 12


class Built:
    """What the world's people, groups, roles and records are in the tables."""

    def __init__(self, service: RecordService, world: World) -> None:
        self.service, self.world = service, world
        self.units = [uuid4() for _ in world.parents]
        self.ids = {one.name: uuid4() for one in [*world.people, *world.groups]}
        self.ids[EVERYONE] = callers.EVERYONE
        self._insert_units()
        self._insert_people()
        self._insert_groups()
        self.roles = [self._insert_role(role) for role in world.roles]
        for profile in world.profiles:
            self._insert_profile(profile)
        self.records: list[UUID] = []
        for number in range(len(world.owners)):
            self.records.append(self._create(number))
        for record, receiver, rights in world.shares:
            self.share(record, receiver, frozenset(rights))
        self._set_organization()
        self._deactivate()

    def caller(self, person: int) -> Caller | None:
        """None for who is not let in."""
        found = load_caller(self.service.transaction.connection, self.id_of(person))
        return found and self._stating(found, person)

    def as_if_let_in(self, person: int) -> Caller:
        """What the account could do if it were let in."""
        connection = self.service.transaction.connection
        mine = select(SystemUser.__table__).where(SystemUser.id == self.id_of(person))
        return self._stating(caller_of(connection, connection.execute(mine).one()), person)

    def _stating(self, caller: Caller, person: int) -> Caller:
        return caller.for_purpose("点検" if self.world.people[person].has_stated_purpose else "")

    def id_of(self, person: int) -> UUID:
        return self.ids[self.world.people[person].name]

    def write(self, statement: Executable, rows: dict[str, object] | None = None) -> None:
        self.service.transaction.write(statement, rows)

    def share(self, record: int, receiver: str, rights: frozenset[callers.Privilege]) -> None:
        sharing = self.service.sharing(SYSTEM, ENTITY, [self.records[record]])
        sharing.grant(Share(self.ids[receiver], rights))

    def give_role(self, person: int, role: RoleGiven) -> None:
        """A new role, to one person more."""
        role_id = self._insert_role(replace(role, people=set(), groups=set()))
        self.hold(self.id_of(person), role_id)

    def hold(self, principal: UUID, role_id: UUID) -> None:
        self.write(insert(PrincipalRole), {"principal_id": principal, "role_id": role_id})

    def _insert_units(self) -> None:
        for number, above in enumerate(self.world.parents):
            parent = None if above is None else self.units[above]
            row = {"id": self.units[number], "name": f"unit {number}", "parent_id": parent}
            self.write(insert(BusinessUnit), row)

    def _insert_people(self) -> None:
        for one in self.world.people:
            row = {
                "id": self.ids[one.name],
                "email": f"{one.name}@example.jp",
                "full_name": one.name,
                "fs_uniquifier": uuid4().hex,
                "businessunit_id": self.units[one.unit],
                "contractor_id": self._contractor_of(one),
                "pledged_on": contracts.today() if one.has_pledged else None,
                "pledge_version": PLATFORM.version,
                "trained_on": contracts.today() if one.is_trained else None,
            }
            self.write(insert(SystemUser), row)
        for one in self.world.people:
            manager = None if one.manager is None else self.world.people[one.manager].name
            if manager is not None:
                mine = SystemUser.id == self.ids[one.name]
                self.write(update(SystemUser).where(mine), {"manager_id": self.ids[manager]})

    def _contractor_of(self, person: Person) -> UUID | None:
        contract = person.contract
        if contract is None:
            return None
        options = {"statuscode": sorted(contract.statuses)} if contract.statuses else {}
        today = contracts.today()
        row = {
            "id": uuid4(),
            "name": f"contractor of {person.name}",
            "starts_on": today - timedelta(days=7),
            "ends_on": today + timedelta(days=7 if contract.runs else -1),
            "scope": json.dumps({ENTITY: options} if contract.names_entity else {}),
        }
        self.write(insert(Contractor), row)
        return row["id"]  # type: ignore[return-value]

    def _insert_groups(self) -> None:
        for group in self.world.groups:
            row = {
                "id": self.ids[group.name],
                "name": group.name,
                "businessunit_id": self.units[group.unit],
                "is_default": group.is_default,
                "is_access_team": group.is_access_team,
            }
            self.write(insert(Team), row)
            for person in group.joined:
                user = self.id_of(person)
                self.write(insert(TeamMembership), {"team_id": row["id"], "systemuser_id": user})

    def _insert_role(self, role: RoleGiven) -> UUID:
        role_id = uuid4()
        self.write(insert(Role), {"id": role_id, "name": role_id.hex})
        for privilege, level in role.levels.items():
            row = {"role_id": role_id, "entity": ENTITY, "privilege": str(privilege)}
            self.write(insert(RolePrivilege), row | {"access_level": int(level)})
        for other in role.others:
            row = {"role_id": role_id, "entity": MISCELLANEOUS_ENTITY, "privilege": str(other)}
            self.write(insert(RolePrivilege), row | {"access_level": 4})
        holders = [self.world.people[n].name for n in role.people]
        holders += [self.world.groups[n].name for n in role.groups]
        for name in holders:
            self.hold(self.ids[name], role_id)
        return role_id

    def _insert_profile(self, profile: ProfileGiven) -> None:
        profile_id = uuid4()
        self.write(insert(FieldSecurityProfile), {"id": profile_id, "name": profile_id.hex})
        for attribute, rights in profile.rights.items():
            row = {
                "profile_id": profile_id,
                "entity": ENTITY,
                "attribute": attribute,
                "can_read": rights.read,
                "can_read_unmasked": int(rights.unmasked),
                "can_create": rights.create,
                "can_update": rights.update,
            }
            self.write(insert(FieldPermission), row)
        holders = [self.id_of(n) for n in profile.people]
        holders += [self.ids[self.world.groups[n].name] for n in profile.groups]
        holders += [self.roles[n] for n in profile.roles]
        for holder in holders:
            self.write(insert(ProfileMember), {"profile_id": profile_id, "principal_id": holder})

    def _create(self, number: int) -> UUID:
        owner = self.world.owners[number]
        unit = self.units[self.world.unit_of(owner)]
        maker = replace(SYSTEM, owner=self.ids[owner], business_unit=unit)
        values = {"tst_fullname": "世界", "statuscode": self.world.status_of(number)}
        superior = self.world.superior_of(number)
        values |= {} if superior is None else {SUPERIOR: self.records[superior]}
        return self.service.create_multiple(maker, ENTITY, [values])[0]

    def _deactivate(self) -> None:
        """Last: nothing is shared with an account that is inactive already."""
        left = [self.ids[one.name] for one in self.world.people if not one.is_active]
        self.write(update(SystemUser).where(SystemUser.id.in_(left)), {"active": False})

    def _set_organization(self) -> None:
        settings = {
            "hierarchy_depth": self.world.depth,
            "must_pledge": self.world.must_pledge,
            "training_months": TRAINING_MONTHS if self.world.must_be_trained else 0,
        }
        self.write(update(Organization), settings)
