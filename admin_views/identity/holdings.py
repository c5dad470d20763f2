"""What principals are given by name: roles, field security profiles, teams, a unit, a manager.

One way to read what is held, to put something else in its place, and to say what was wrong with
what was asked for. Who may give what is not known here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, true, update

from models.metadata.labels import Label
from models.records.service import RecordService
from models.tables.base import sought
from models.tables.organization import Organization
from models.tables.principals import (
    BY_HAND,
    BusinessUnit,
    Contractor,
    FieldSecurityProfile,
    PrincipalRole,
    ProfileMember,
    Role,
    SystemUser,
    Team,
    TeamMembership,
)

Column = Any
"""A mapped column, as SQLAlchemy's classes hold it."""


class Holding(Protocol):
    """One kind of thing a principal is given."""

    @property
    def label(self) -> Label: ...

    def names(self, service: RecordService, holder: UUID) -> tuple[str, ...]:
        """What is held, by name."""

    def put(self, service: RecordService, holder: UUID, names: Collection[str]) -> bool:
        """Put these in the place of what was held; False, and nothing done, if one is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Things of which any number is held: rows of (holder, held)."""

    label: Label
    holder: Column
    held: Column
    id: Column
    name: Column
    offered: ColumnElement[bool] = true()
    """Which of the things can be given; those held already can be kept."""
    ours: ColumnElement[bool] = true()
    """Which of the rows are given by hand; others are left alone, and not told."""

    def names(self, service: RecordService, holder: UUID) -> tuple[str, ...]:
        statement = select(self.name).join(self.held.class_, self.held == self.id)
        mine = statement.where(self.holder == holder, self.ours).order_by(self.name)
        return tuple(service.transaction.read(mine).scalars())

    def put(self, service: RecordService, holder: UUID, names: Collection[str]) -> bool:
        ids = self.found(service, names, holder=holder)
        if ids is None:
            return False
        service.transaction.write(delete(self.held.class_).where(self.holder == holder, self.ours))
        rows = [{self.holder.key: holder, self.held.key: one} for one in ids]
        if rows:
            service.transaction.write(insert(self.held.class_), rows)
        return True

    def found(
        self, service: RecordService, names: Collection[str], *, holder: UUID | None = None
    ) -> list[UUID] | None:
        """The ids of all of them; None if one is not known or cannot be given."""
        wanted = {sought(name) for name in names}
        present = select(self.held).where(self.holder == holder, self.ours)
        known = select(self.id).where(self.name.in_(wanted))
        possible = known.where(self.offered | self.id.in_(present))
        ids = list(service.transaction.read(possible).scalars())
        return ids if len(ids) == len(wanted) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """A thing of which one is held, or none: a column of the account."""

    label: Label
    column: Column
    id: Column
    name: Column
    is_needed: bool = False
    offered: ColumnElement[bool] = true()

    def names(self, service: RecordService, holder: UUID) -> tuple[str, ...]:
        present = self._present(service, holder)
        statement = select(self.name).where(self.id == present)
        return tuple(service.transaction.read(statement).scalars())

    def put(self, service: RecordService, holder: UUID, names: Collection[str]) -> bool:
        wanted = [name for name in names if name]
        found = [self.found(service, name, holder=holder) for name in wanted]
        if None in found or len(found) > 1 or (self.is_needed and not found):
            return False
        changed = update(SystemUser).where(SystemUser.id == holder)
        value = found[0] if found else None
        service.transaction.write(changed.values({self.column.key: value}))
        return True

    def found(
        self, service: RecordService, name: str, *, holder: UUID | None = None
    ) -> UUID | None:
        possible = self.offered | (self.id == self._present(service, holder))
        statement = select(self.id).where(self.name == sought(name), possible)
        found: UUID | None = service.transaction.read(statement).scalar()
        return found

    def _present(self, service: RecordService, holder: UUID | None) -> UUID | None:
        statement = select(self.column).where(SystemUser.id == holder)
        present: UUID | None = service.transaction.read(statement).scalar()
        return present


ROLES = Several(
    label=Label("ロール", "Role"),
    holder=PrincipalRole.principal_id,
    held=PrincipalRole.role_id,
    id=Role.id,
    name=Role.name,
    ours=PrincipalRole.origin == BY_HAND,
)
PROFILES = Several(
    label=Label("フィールド セキュリティ プロファイル", "Field security profile"),
    holder=ProfileMember.principal_id,
    held=ProfileMember.profile_id,
    id=FieldSecurityProfile.id,
    name=FieldSecurityProfile.name,
)
TEAMS = Several(
    label=Label("チーム", "Team"),
    holder=TeamMembership.systemuser_id,
    held=TeamMembership.team_id,
    id=Team.id,
    name=Team.name,
    offered=~Team.is_default,
)
MEMBERS = Several(
    label=Label("メンバー", "Member"),
    holder=TeamMembership.team_id,
    held=TeamMembership.systemuser_id,
    id=SystemUser.id,
    name=SystemUser.email,
    offered=SystemUser.active == true(),
)
BUSINESS_UNIT = One(
    label=Label("部署", "Business unit"),
    column=SystemUser.businessunit_id,
    id=BusinessUnit.id,
    name=BusinessUnit.name,
    is_needed=True,
)
CONTRACTOR = One(
    label=Label("委託事業者", "Contractor"),
    column=SystemUser.contractor_id,
    id=Contractor.id,
    name=Contractor.name,
)
MANAGER = One(
    label=Label("上司", "Manager"),
    column=SystemUser.manager_id,
    id=SystemUser.id,
    name=SystemUser.email,
    offered=SystemUser.active == true(),
)


def lock_people(service: RecordService) -> None:
    """Changes of who holds what come one after the other: each sees what the one before left."""
    service.transaction.lock().execute(select(Organization.id).with_for_update())
