"""Why? For a user, an entity, a privilege, and a record or an attribute if named: the rules that
allow it, or those that would be needed.

Whether it is allowed is asked of the same functions that decide; this only tells where that comes
from. For those who may manage users; it shows no value of a record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError, RecordNotFound
from models.records.reached import OneRecord, findings_on_record
from models.records.unit import UnitOfWork
from models.security import column_security, contracts, granting
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.findings import (
    LEVELS,
    PRIVILEGES,
    UNMASKED,
    Explanation,
    Finding,
    Section,
)
from models.security.granting import HeldRole, PrivilegeGrant
from models.security.principals import caller_of, contractor_of
from models.security.privileges import FieldRights, Miscellaneous, Privilege
from models.tables.principals import (
    FieldPermission,
    FieldSecurityProfile,
    Role,
    RolePrivilege,
    SystemUser,
)

FIELD_RIGHT = {Privilege.READ: "read", Privilege.CREATE: "create", Privilege.WRITE: "update"}
"""The right on a secured attribute that a privilege needs; others touch no attribute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What is asked: may this user do this?"""

    user: UUID
    entity: str
    privilege: Privilege
    record: UUID | None = None
    attribute: str = ""


def explain(unit: UnitOfWork, caller: Caller, why: Why) -> Explanation:
    """AccessDenied, RecordNotFound (no such user), DefinitionError (entity or attribute)."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    return _Explaining(unit, why).explanation()


class _Explaining:
    def __init__(self, unit: UnitOfWork, why: Why) -> None:
        self.unit, self.why = unit, why
        self.connection = unit.transaction.connection
        statement = select(SystemUser.__table__).where(SystemUser.id == why.user)
        user = self.connection.execute(statement).first()
        if user is None:
            raise RecordNotFound("user")
        self.user: Any = user
        self.entity: EntityDefinition = unit.catalog.entity(why.entity)
        self.subject = caller_of(self.connection, user)

    def explanation(self) -> Explanation:
        sections = [self._account(), self._entity()]
        if self.why.record is not None:
            one = OneRecord(self.entity, self.why.record, self.why.privilege)
            reached, findings = findings_on_record(self.unit, self.subject, one)
            sections.append(Section("record", reached, tuple(findings)))
        if self.why.attribute:
            sections.append(self._attribute())
        return Explanation(tuple(sections))

    def _account(self) -> Section:
        contractor, findings = contractor_of(self.connection, self.user), []
        allowed = self.user.active
        findings.append(Finding("account_active" if allowed else "account_inactive"))
        if contractor is not None:
            runs = contracts.runs(contractor, on=contracts.today())
            period = {"first": contractor.starts_on, "last": contractor.ends_on}
            code = "contract_runs" if runs else "contract_over"
            findings.append(Finding(code, {"name": contractor.name, **period}))
            allowed = allowed and runs
        return Section("account", allowed, tuple(findings))

    def _entity(self) -> Section:
        subject, name = self.subject, self.why.entity
        if subject.scope is not None and name not in subject.scope:
            outside = Finding("outside_contract", {"name": subject.organization})
            return Section("entity", allowed=False, findings=(outside,))
        held = [_role_finding(grant) for grant in self._grants()]
        findings = held or [self._finding("no_role_grants"), *self._roles_that_would()]
        return Section("entity", subject.has(name, self.why.privilege), tuple(findings))

    def _grants(self) -> Iterator[PrivilegeGrant]:
        for grant in granting.privileges_of(self.connection, self._roles()):
            if not isinstance(grant, PrivilegeGrant) or not grant.level:
                continue
            if (grant.entity, grant.privilege) == (self.why.entity, self.why.privilege):
                yield grant

    def _roles(self) -> list[HeldRole]:
        teams = granting.teams_of(self.connection, self.user.id, unit=self.user.businessunit_id)
        return granting.roles_of(self.connection, self.user.id, teams)

    def _roles_that_would(self) -> Iterator[Finding]:
        statement = (
            select(Role.name, RolePrivilege.access_level)
            .join(RolePrivilege, RolePrivilege.role_id == Role.id)
            .where(RolePrivilege.entity == self.why.entity, RolePrivilege.access_level > 0)
            .where(RolePrivilege.privilege == str(self.why.privilege))
            .order_by(Role.name)
        )
        for row in self.connection.execute(statement):
            level = LEVELS[row.access_level]
            yield self._finding("role_would_grant", role=row.name, level=level)

    def _attribute(self) -> Section:
        attribute = column_security.attribute_of(self.entity, self.why.attribute)
        if self.why.privilege not in FIELD_RIGHT:
            raise DefinitionError(f"{self.why.privilege} touches no attribute")
        rights = column_security.rights(self.subject, self.entity, attribute)
        findings = tuple(self._attribute_findings(attribute, rights))
        return Section("attribute", self._gives(rights), findings)

    def _attribute_findings(
        self, attribute: AttributeDefinition, rights: FieldRights
    ) -> Iterator[Finding]:
        if attribute.personal and self.subject.closed:
            yield Finding(f"closed_{self.subject.closed}")
        elif not attribute.secured:
            yield Finding("not_secured")
        elif self._gives(rights):
            yield from self._profiles_held()
        else:
            yield self._finding("no_profile_grants")
            yield from self._profiles_that_would()

    def _profiles_held(self) -> Iterator[Finding]:
        teams = granting.teams_of(self.connection, self.user.id, unit=self.user.businessunit_id)
        grants = granting.field_grants_of(
            self.connection, self.user.id, teams=teams, roles=self._roles()
        )
        for grant in grants:
            here = (grant.entity, grant.attribute) == (self.why.entity, self.why.attribute)
            if here and self._gives(grant.rights):
                shown = UNMASKED[grant.rights.unmasked]
                holder = grant.holder or self.user.full_name
                parameters = {"profile": grant.profile, "holder": holder, "unmasked": shown}
                yield Finding("profile_grants", parameters)

    def _profiles_that_would(self) -> Iterator[Finding]:
        right = FIELD_RIGHT[self.why.privilege]
        statement = (
            select(FieldSecurityProfile.name)
            .join(FieldPermission, FieldPermission.profile_id == FieldSecurityProfile.id)
            .where(FieldPermission.entity == self.why.entity)
            .where(FieldPermission.attribute == self.why.attribute)
            .where(getattr(FieldPermission, f"can_{right}"))
            .order_by(FieldSecurityProfile.name)
        )
        for name in self.connection.scalars(statement):
            yield Finding("profile_would_grant", {"profile": name})

    def _gives(self, rights: FieldRights) -> bool:
        return bool(getattr(rights, FIELD_RIGHT[self.why.privilege]))

    def _finding(self, code: str, **parameters: object) -> Finding:
        return Finding(code, {"privilege": PRIVILEGES[self.why.privilege], **parameters})


def _role_finding(grant: PrivilegeGrant) -> Finding:
    parameters: dict[str, object] = {
        "role": grant.role.name,
        "privilege": PRIVILEGES[grant.privilege],
        "level": LEVELS[grant.level],
    }
    team = grant.role.team
    if team is None:
        return Finding("role_grants", parameters)
    return Finding("team_role_grants", {**parameters, "team": team.name})
