"""People of the office of tests with roles in the tables, as who builds a file finds them anew."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update

from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.contracts import today
from models.security.granting import MISCELLANEOUS_ENTITY
from models.security.principals import load_caller
from models.security.privileges import AccessLevel, Miscellaneous, Privilege, Unmasked
from models.tables.base import new_id
from models.tables.principals import (
    Contractor,
    FieldPermission,
    FieldSecurityProfile,
    PrincipalRole,
    ProfileMember,
    Role,
    RolePrivilege,
    SystemUser,
)
from tests.models.office import account

MAY_ASK = (Miscellaneous.EXPORT,)
MAY_DECIDE = (Miscellaneous.APPROVE_EXPORT,)


@dataclass(frozen=True)
class Person:
    """An account with a role of its own and a profile of its own."""

    engine: RecordEngine
    id: UUID
    role: UUID
    profile: UUID

    @property
    def caller(self) -> Caller:
        found = self.caller_if_any
        assert found is not None
        return found

    @property
    def caller_if_any(self) -> Caller | None:
        with self.engine.database.reading() as connection:
            return load_caller(connection, self.id)

    def change(self, **values: object) -> None:
        statement = update(SystemUser).where(SystemUser.id == self.id).values(**values)
        self.engine.database.run(lambda transaction: transaction.write(statement))

    def lose(self, privilege: Miscellaneous) -> None:
        statement = delete(RolePrivilege).where(
            RolePrivilege.role_id == self.role, RolePrivilege.privilege == privilege
        )
        self.engine.database.run(lambda transaction: transaction.write(statement))

    def reach(self, level: AccessLevel) -> None:
        """From now on at this level, on every entity."""
        statement = (
            update(RolePrivilege)
            .where(RolePrivilege.role_id == self.role, RolePrivilege.entity != "")
            .values(access_level=int(level))
        )
        self.engine.database.run(lambda transaction: transaction.write(statement))

    def see(self, *, read: bool = True, unmasked: Unmasked) -> None:
        """What is secured, from now on."""
        statement = (
            update(FieldPermission)
            .where(FieldPermission.profile_id == self.profile)
            .values(can_read=read, can_read_unmasked=int(unmasked))
        )
        self.engine.database.run(lambda transaction: transaction.write(statement))


def hire(
    engine: RecordEngine,
    miscellaneous: Iterable[Miscellaneous] = MAY_ASK,
    *,
    unit: str = "東区",
    unmasked: Unmasked = Unmasked.ALL_RECORDS,
    contractor: UUID | None = None,
) -> Person:
    """Somebody who reads every record, and what is secured as `unmasked` says."""
    person = Person(engine, account(engine, unit), new_id(), new_id())
    rows: list[tuple[Any, list[dict[str, object]]]] = [
        (Role, [{"id": person.role, "name": person.role.hex}]),
        (RolePrivilege, _privileges(engine, person.role, miscellaneous)),
        (PrincipalRole, [{"principal_id": person.id, "role_id": person.role}]),
        (FieldSecurityProfile, [{"id": person.profile, "name": person.profile.hex}]),
        (FieldPermission, _permissions(engine, person.profile, unmasked)),
        (ProfileMember, [{"profile_id": person.profile, "principal_id": person.id}]),
    ]
    for table, some in rows:
        engine.database.run(lambda t, table=table, some=some: t.write(insert(table), some))
    person.change(contractor_id=contractor)
    return person


def contract(engine: RecordEngine, *entities: str, ends_on: date | None = None) -> UUID:
    """A contractor that works on these entities."""
    contractor_id = new_id()
    row = {
        "id": contractor_id,
        "name": f"受託者 {contractor_id.hex}",
        "starts_on": today() - timedelta(days=30),
        "ends_on": ends_on or today() + timedelta(days=30),
        "scope": json.dumps({entity: {} for entity in entities}),
    }
    engine.database.run(lambda transaction: transaction.write(insert(Contractor), row))
    return contractor_id


def _privileges(
    engine: RecordEngine, role: UUID, miscellaneous: Iterable[Miscellaneous]
) -> list[dict[str, object]]:
    held = [(entity, Privilege.READ) for entity in engine.catalog.entities]
    held += [(MISCELLANEOUS_ENTITY, one) for one in miscellaneous]
    return [
        {"role_id": role, "entity": entity, "privilege": one.value, "access_level": 4}
        for entity, one in held
    ]


def _permissions(
    engine: RecordEngine, profile: UUID, unmasked: Unmasked
) -> list[dict[str, object]]:
    return [
        {
            "id": new_id(),
            "profile_id": profile,
            "entity": entity.logical_name,
            "attribute": attribute.logical_name,
            "can_read": True,
            "can_read_unmasked": int(unmasked),
        }
        for entity in engine.catalog.entities.values()
        for attribute in entity.attributes.values()
        if attribute.secured
    ]
