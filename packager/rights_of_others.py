"""A role or field security profile that another office works with is not taken by its name: who
holds it would lose, by one import, what they work with.

Those that give rights on no entity (an auditor's, an administrator's) are the installation's, and
any solution may state them.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from models.metadata.errors import DefinitionError
from models.security.granting import MISCELLANEOUS_ENTITY
from models.tables.customizations import Entity, Solution
from models.tables.principals import FieldPermission, FieldSecurityProfile, Role, RolePrivilege
from packager.rights_reading import Rights


def refuse_rights_of_others(connection: Connection, rights: Rights, solution: str) -> None:
    """Before they are replaced, once the solution's entities are there; DefinitionError."""
    of_solution = select(Entity.logical_name).join(Solution, Solution.id == Entity.solution_id)
    own = set(connection.scalars(of_solution.where(Solution.name == solution)))
    for role in rights.roles:
        held = select(RolePrivilege.entity).join(Role, Role.id == RolePrivilege.role_id)
        present = set(connection.scalars(held.where(Role.name == role.name)))
        stated = {entity for entity, _ in role.privileges}
        _refuse(present - {MISCELLANEOUS_ENTITY}, stated, own=own, where=f"role {role.name}")
    for name, permissions in rights.profiles.items():
        given = select(FieldPermission.entity).join(
            FieldSecurityProfile, FieldSecurityProfile.id == FieldPermission.profile_id
        )
        present = set(connection.scalars(given.where(FieldSecurityProfile.name == name)))
        stated = {one.entity for one in permissions}
        _refuse(present, stated, own=own, where=f"profile {name}")


def _refuse(present: set[str], stated: Iterable[str], *, own: set[str], where: str) -> None:
    """What has rights on an entity of the solution's own is its own, and may lose the others."""
    lost = sorted(present - set(stated))
    if lost and not present & own:
        message = (
            f"this name is taken: it gives rights on {lost[0]}, which is another solution's; "
            "choose a name of your own"
        )
        raise DefinitionError(message, where=where)
