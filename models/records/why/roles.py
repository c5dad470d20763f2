"""Which roles grant the privilege, the person's own and their teams'; which others would."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from models.records.why.asking import OnRecords, Subject
from models.security import granting
from models.security.findings import Finding, Section
from models.security.granting import MISCELLANEOUS_ENTITY, MiscellaneousGrant, PrivilegeGrant
from models.security.labels import LEVELS, PRIVILEGES
from models.security.privileges import AccessLevel, Miscellaneous, Privilege
from models.security.reach import Reach
from models.tables.principals import Role, RolePrivilege


def miscellaneous(subject: Subject, privilege: Miscellaneous) -> Section:
    allowed = subject.outside_contracts.may(privilege)
    granted = [
        _grant(grant)
        for grant in granting.privileges_of(subject.connection, list(subject.roles))
        if isinstance(grant, MiscellaneousGrant) and grant.privilege is privilege
    ]
    findings = granted or [_finding("no_role_grants", privilege)]
    if not allowed:
        for row in subject.connection.execute(_granting(privilege)):
            role = granting.label_of(row)
            findings.append(_finding("miscellaneous_would_grant", privilege, role=role))
        findings.append(_finding("any_role_would_grant", privilege))
    return Section.of("miscellaneous", allowed=allowed, findings=findings)


def on_entity(subject: Subject, asked: OnRecords) -> Section:
    """Whether the privilege reaches any record, or, for a new one, the person's own."""
    reach = subject.outside_contracts.reach(asked.entity.logical_name, asked.privilege)
    allowed = _is_enough(subject, asked, reach)
    findings: list[Finding] = [
        _grant(grant)
        for grant in granting.privileges_of(subject.connection, list(subject.roles))
        if isinstance(grant, PrivilegeGrant)
        and grant.level
        and (grant.entity, grant.privilege) == (asked.entity.logical_name, asked.privilege)
    ]
    if not findings:
        findings.append(_finding("no_role_grants", asked.privilege))
    if not allowed:
        owned = asked.entity.is_user_owned
        findings += [] if owned else [Finding("of_organization")]
        findings += that_would(subject, asked, AccessLevel.BASIC if owned else AccessLevel.GLOBAL)
    return Section.of("role", allowed=allowed, findings=findings)


def that_would(subject: Subject, asked: OnRecords, least: AccessLevel) -> Iterator[Finding]:
    """The roles that grant the privilege at that level or wider, if the person held them."""
    wide = _granting(asked.privilege, asked.entity.logical_name, least=least)
    for row in subject.connection.execute(wide):
        level = LEVELS[AccessLevel(row.access_level)]
        role = granting.label_of(row)
        yield _finding("role_would_grant", asked.privilege, role=role, level=level)
    yield _finding("level_would_grant", asked.privilege, level=LEVELS[least])


def _is_enough(subject: Subject, asked: OnRecords, reach: Reach) -> bool:
    if not asked.entity.is_user_owned:
        return reach.everything
    if asked.is_creating:
        own: UUID | None = subject.caller.id
        return reach.holds(owner=own, unit=subject.caller.business_unit)
    return bool(reach)


def _granting(
    privilege: Privilege | Miscellaneous,
    entity: str = MISCELLANEOUS_ENTITY,
    *,
    least: AccessLevel = AccessLevel.BASIC,
) -> Select[Any]:
    return (
        select(Role.__table__, RolePrivilege.access_level)
        .join(RolePrivilege, RolePrivilege.role_id == Role.id)
        .where(RolePrivilege.entity == entity, RolePrivilege.privilege == str(privilege))
        .where(RolePrivilege.access_level >= int(least))
        .order_by(Role.name)
    )


def _grant(grant: PrivilegeGrant | MiscellaneousGrant) -> Finding:
    told: dict[str, object] = {"role": grant.role.label}
    code = "role_grants"
    if grant.role.team is not None:
        told["team"], code = grant.role.team.name, f"team_{code}"
    if isinstance(grant, PrivilegeGrant):
        told["level"] = LEVELS[grant.level]
    else:
        code = f"{code}_other"
    return _finding(code, grant.privilege, **told)


def _finding(code: str, privilege: Privilege | Miscellaneous, **parameters: object) -> Finding:
    return Finding(code, {"privilege": PRIVILEGES[privilege], **parameters})
