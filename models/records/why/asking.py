"""What is asked, and of whom: the question checked, the person with all they were given."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, select

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError, RecordNotFound
from models.records.unit import UnitOfWork
from models.security import column_security, granting
from models.security.caller import Caller
from models.security.granting import HeldRole, MemberOf
from models.security.principals import ORGANIZATION, caller_of, contractor_of
from models.security.privileges import FieldRights, Miscellaneous, Privilege, Unmasked
from models.tables.principals import SystemUser

Right = Literal["read", "create", "update", "reveal"]
RIGHT_OF: Mapping[Privilege, Right] = {
    Privilege.READ: "read",
    Privilege.CREATE: "create",
    Privilege.WRITE: "update",
}
"""The right on a secured attribute that a privilege needs; others touch no attribute."""
ON_RECORDS: Mapping[Miscellaneous, tuple[Privilege, Right]] = {
    Miscellaneous.REVEAL: (Privilege.READ, "reveal"),
    Miscellaneous.EXPORT: (Privilege.READ, "read"),
    Miscellaneous.EXPORT_WITHOUT_APPROVAL: (Privilege.READ, "read"),
}
"""What a miscellaneous privilege is used with, when it is used on records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """May this user do this? A miscellaneous privilege may be asked about without an entity."""

    user: UUID
    privilege: Privilege | Miscellaneous
    entity: str = ""
    record: UUID | None = None
    attribute: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecords:
    """The part of a question that is about records of one entity."""

    entity: EntityDefinition
    privilege: Privilege
    record: UUID | None
    attribute: AttributeDefinition | None
    right: Right

    @property
    def is_creating(self) -> bool:
        return self.privilege is Privilege.CREATE


def on_records(catalog: Catalog, why: Why) -> OnRecords | None:
    """None for a privilege asked about by itself. DefinitionError for what cannot be asked."""
    if not why.entity:
        if isinstance(why.privilege, Privilege) or why.record or why.attribute:
            raise DefinitionError("name the entity")
        return None
    entity = catalog.entity(why.entity)
    privilege, right = _used_with(why.privilege)
    if why.record is not None and privilege is Privilege.CREATE:
        raise DefinitionError("a record that is there is not created")
    attribute = None
    if why.attribute:
        attribute = column_security.attribute_of(entity, why.attribute)
        if right is None:
            raise DefinitionError(f"{privilege} touches no attribute")
    return OnRecords(
        entity=entity,
        privilege=privilege,
        record=why.record,
        attribute=attribute,
        right=right or "read",
    )


def _used_with(privilege: Privilege | Miscellaneous) -> tuple[Privilege, Right | None]:
    if isinstance(privilege, Privilege):
        return privilege, RIGHT_OF.get(privilege)
    if privilege not in ON_RECORDS:
        raise DefinitionError(f"{privilege} is not used on records of an entity")
    return ON_RECORDS[privilege]


def gives(rights: FieldRights, right: Right) -> bool:
    """Whether rights on a secured attribute hold the one that is needed."""
    if right == "reveal":
        return rights.read and rights.unmasked >= Unmasked.ONE_RECORD
    return bool(getattr(rights, right))


@dataclass(frozen=True, slots=True)
class Subject:
    """The person asked about, whether or not their account is let in at all."""

    unit: UnitOfWork
    user: Any
    contractor: Any
    """The row of their contractor; None for the office's own."""
    caller: Caller
    teams: tuple[MemberOf, ...]
    roles: tuple[HeldRole, ...]

    @property
    def connection(self) -> Connection:
        return self.unit.transaction.connection

    @property
    def organization(self) -> Any:
        """Its row: what it asks of accounts."""
        return self.connection.execute(ORGANIZATION).one()

    @property
    def outside_contracts(self) -> Caller:
        """As if no contract limited anything: what contracts do is told by itself."""
        caller = self.caller
        granted = caller.miscellaneous | caller.withheld
        return replace(caller, scope=None, miscellaneous=granted, withheld=frozenset())


def subject_of(unit: UnitOfWork, user_id: UUID) -> Subject:
    connection = unit.transaction.connection
    statement = select(SystemUser.__table__).where(SystemUser.id == user_id)
    user: Any = connection.execute(statement).first()
    if user is None:
        raise RecordNotFound("user")
    teams = granting.teams_of(connection, user_id, unit=user.businessunit_id)
    return Subject(
        unit,
        user,
        contractor_of(connection, user),
        caller_of(connection, user),
        tuple(teams),
        tuple(granting.roles_of(connection, user_id, teams)),
    )
