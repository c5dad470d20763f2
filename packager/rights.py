"""Business units, roles and field security profiles of a solution, brought into the tables.

What a solution states of a role replaces what the role held; who holds it is left alone.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from models.metadata.errors import DefinitionError
from models.metadata.labels import Label
from models.security.caller import AccessLevel, Miscellaneous, Privilege, Unmasked
from models.security.principals import MISCELLANEOUS_ENTITY
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
from packager.solution_reading import SolutionFolder

UNMASKED = {"no": Unmasked.NO, "one": Unmasked.ONE_RECORD, "all": Unmasked.ALL_RECORDS}


def install_rights(connection: Connection, solution: SolutionFolder) -> None:
    for unit in solution.business_units:
        _ensure_unit(connection, str(unit["name"]), parent=unit.get("parent"))
    profiles = {
        name: _install_profile(connection, name, entities)
        for name, entities in solution.profiles.items()
    }
    for name, stated in solution.roles.items():
        role_id = _install_role(connection, name, stated or {})
        for profile in (stated or {}).get("fields") or ():
            if profile not in profiles:
                raise DefinitionError(f"there is no profile {profile!r}", where=f"role {name}")
            _hold(connection, profiles[profile], role_id)


def _ensure_unit(connection: Connection, name: str, *, parent: str | None) -> None:
    if connection.scalar(select(BusinessUnit.id).where(BusinessUnit.name == name)):
        return
    parent_id = None
    if parent is not None:
        parent_id = connection.scalar(select(BusinessUnit.id).where(BusinessUnit.name == parent))
        if parent_id is None:
            raise DefinitionError(f"there is no business unit {parent!r}", where=name)
    unit_id = new_id()
    row = {"id": unit_id, "name": name, "parent_id": parent_id}
    connection.execute(insert(BusinessUnit), row)
    team = {"id": new_id(), "name": name, "businessunit_id": unit_id, "is_default": True}
    connection.execute(insert(Team), team)


def _install_role(connection: Connection, name: str, stated: Mapping[str, Any]) -> UUID:
    label = Label.of(stated.get("display_name") or name)
    names = {"display_name_ja": label.text("ja"), "display_name_en": label.text("en")}
    role_id = connection.scalar(select(Role.id).where(Role.name == name))
    if role_id is None:
        role_id = new_id()
        connection.execute(insert(Role), {"id": role_id, "name": name, **names})
    else:
        connection.execute(update(Role).where(Role.id == role_id).values(**names))
    connection.execute(delete(RolePrivilege).where(RolePrivilege.role_id == role_id))
    connection.execute(delete(ProfileMember).where(ProfileMember.principal_id == role_id))
    rows = [{"role_id": role_id, **row} for row in _privileges(name, stated)]
    if rows:
        connection.execute(insert(RolePrivilege), rows)
    return role_id


def _privileges(name: str, stated: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    try:
        for entity, levels in (stated.get("entities") or {}).items():
            for privilege, level in levels.items():
                rows.append(
                    {
                        "entity": entity,
                        "privilege": Privilege(privilege).value,
                        "access_level": int(AccessLevel[str(level).upper()]),
                    }
                )
        for privilege in stated.get("miscellaneous") or ():
            value = Miscellaneous(privilege).value
            rows.append({"entity": MISCELLANEOUS_ENTITY, "privilege": value, "access_level": 4})
    except (ValueError, KeyError) as error:
        raise DefinitionError(f"{error} is no privilege or level", where=f"role {name}") from error
    return rows


def _install_profile(connection: Connection, name: str, entities: Mapping[str, Any]) -> UUID:
    profile_id = connection.scalar(
        select(FieldSecurityProfile.id).where(FieldSecurityProfile.name == name)
    )
    if profile_id is None:
        profile_id = new_id()
        connection.execute(insert(FieldSecurityProfile), {"id": profile_id, "name": name})
    connection.execute(delete(FieldPermission).where(FieldPermission.profile_id == profile_id))
    rows = [
        {"id": new_id(), "profile_id": profile_id, "entity": entity, "attribute": attribute}
        | _permission(name, rights or {})
        for entity, attributes in entities.items()
        for attribute, rights in attributes.items()
    ]
    if rows:
        connection.execute(insert(FieldPermission), rows)
    return profile_id


def _permission(name: str, rights: Mapping[str, Any]) -> dict[str, Any]:
    unmasked = str(rights.get("unmasked", "no"))
    unknown = set(rights) - {"read", "unmasked", "create", "update"}
    if unmasked not in UNMASKED or unknown:
        raise DefinitionError("read, unmasked (no, one, all), create, update", where=name)
    return {
        "can_read": bool(rights.get("read")),
        "can_read_unmasked": int(UNMASKED[unmasked]),
        "can_create": bool(rights.get("create")),
        "can_update": bool(rights.get("update")),
    }


def _hold(connection: Connection, profile_id: UUID, principal_id: UUID) -> None:
    row = {"profile_id": profile_id, "principal_id": principal_id}
    connection.execute(insert(ProfileMember), row)
