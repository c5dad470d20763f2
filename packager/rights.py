"""Business units, roles and field security profiles of a solution, brought into the tables.

What a solution states of a role replaces what the role held; who holds it is left alone.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from models.metadata.errors import DefinitionError
from models.security.granting import MISCELLANEOUS_ENTITY
from models.tables.base import new_id
from models.tables.principals import (
    BusinessUnit,
    FieldPermission,
    FieldSecurityProfile,
    ProfileMember,
    Role,
    RolePrivilege,
    Team,
)
from packager.rights_reading import Rights, StatedPermission, StatedRole, StatedUnit


def install_rights(connection: Connection, rights: Rights) -> None:
    for unit in rights.units:
        _ensure_unit(connection, unit)
    _refuse_rings(connection)
    profiles = {
        name: _install_profile(connection, name, permissions)
        for name, permissions in rights.profiles.items()
    }
    for role in rights.roles:
        role_id = _install_role(connection, role)
        for profile in role.profiles:
            row = {"profile_id": profiles[profile], "principal_id": role_id}
            connection.execute(insert(ProfileMember), row)


def _ensure_unit(connection: Connection, unit: StatedUnit) -> None:
    """Its name is what it is known by; where it belongs may change."""
    parent_id = None
    if unit.parent:
        parent_id = _unit_id(connection, unit.parent)
        if parent_id is None:
            message = f"{unit.name}: there is no business unit {unit.parent!r} before it"
            raise DefinitionError(message, where="solution")
    unit_id = _unit_id(connection, unit.name)
    if unit_id is not None:
        known = BusinessUnit.id == unit_id
        connection.execute(update(BusinessUnit).where(known).values(parent_id=parent_id))
        return
    if connection.scalar(select(Team.id).where(Team.name == unit.name)):
        message = f"{unit.name}: there is a team of this name, and the unit needs one of its own"
        raise DefinitionError(message, where="solution")
    row = {"id": new_id(), "name": unit.name, "parent_id": parent_id}
    connection.execute(insert(BusinessUnit), row)
    team = {"id": new_id(), "name": unit.name, "businessunit_id": row["id"], "is_default": True}
    connection.execute(insert(Team), team)


def _refuse_rings(connection: Connection) -> None:
    statement = select(BusinessUnit.id, BusinessUnit.parent_id)
    parents = {row.id: row.parent_id for row in connection.execute(statement)}
    for unit_id in parents:
        above, seen = unit_id, set()
        while above is not None and above not in seen:
            seen.add(above)
            above = parents[above]
        if above is not None:
            raise DefinitionError("a business unit is above itself", where="solution")


def _unit_id(connection: Connection, name: str) -> UUID | None:
    return connection.scalar(select(BusinessUnit.id).where(BusinessUnit.name == name))


def _install_role(connection: Connection, role: StatedRole) -> UUID:
    names = {
        "display_name_ja": role.display_name.text("ja"),
        "display_name_en": role.display_name.text("en"),
    }
    role_id = connection.scalar(select(Role.id).where(Role.name == role.name))
    if role_id is None:
        role_id = new_id()
        connection.execute(insert(Role), {"id": role_id, "name": role.name, **names})
    else:
        connection.execute(update(Role).where(Role.id == role_id).values(**names))
    connection.execute(delete(RolePrivilege).where(RolePrivilege.role_id == role_id))
    connection.execute(delete(ProfileMember).where(ProfileMember.principal_id == role_id))
    rows = [{"role_id": role_id, **row} for row in _privileges(role)]
    if rows:
        connection.execute(insert(RolePrivilege), rows)
    return role_id


def _privileges(role: StatedRole) -> list[dict[str, Any]]:
    of_entities = [
        {"entity": entity, "privilege": privilege.value, "access_level": int(level)}
        for (entity, privilege), level in role.privileges.items()
    ]
    miscellaneous = [
        {"entity": MISCELLANEOUS_ENTITY, "privilege": privilege.value, "access_level": 4}
        for privilege in role.miscellaneous
    ]
    return of_entities + miscellaneous


def _install_profile(
    connection: Connection, name: str, permissions: Iterable[StatedPermission]
) -> UUID:
    profile_id = connection.scalar(
        select(FieldSecurityProfile.id).where(FieldSecurityProfile.name == name)
    )
    if profile_id is None:
        profile_id = new_id()
        connection.execute(insert(FieldSecurityProfile), {"id": profile_id, "name": name})
    connection.execute(delete(FieldPermission).where(FieldPermission.profile_id == profile_id))
    rows = [
        {
            "id": new_id(),
            "profile_id": profile_id,
            "entity": one.entity,
            "attribute": one.attribute,
            "can_read": one.can_read,
            "can_read_unmasked": int(one.unmasked),
            "can_create": one.can_create,
            "can_update": one.can_update,
        }
        for one in permissions
    ]
    if rows:
        connection.execute(insert(FieldPermission), rows)
    return profile_id
