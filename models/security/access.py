"""May this caller do this to this entity at all, and to records of this owner?

Decides from the caller's value alone; which stored records are reached is `visibility`'s.
"""

from collections.abc import Iterable
from uuid import UUID

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied
from models.security.caller import AccessLevel, Caller, Miscellaneous, Privilege


def require(caller: Caller, privilege: Privilege, entity: EntityDefinition) -> None:
    if caller.level(entity.logical_name, privilege) is AccessLevel.NONE:
        raise AccessDenied(f"{privilege} on {entity.logical_name}", caller=caller)


def require_miscellaneous(caller: Caller, privilege: Miscellaneous) -> None:
    if not caller.may(privilege):
        raise AccessDenied(str(privilege), caller=caller)


def require_owners(
    caller: Caller,
    privilege: Privilege,
    entity: EntityDefinition,
    *,
    owners: Iterable[tuple[UUID | None, UUID | None]],
) -> None:
    """The access level must reach each (owner, owning business unit)."""
    level = caller.level(entity.logical_name, privilege)
    for owner, unit in owners:
        if entity.is_user_owned and (owner is None or unit is None):
            raise AccessDenied("a record needs an owner; this caller names none", caller=caller)
        if not _reaches(caller, level, owner=owner, unit=unit):
            raise AccessDenied(
                f"{privilege} on {entity.logical_name} of that owner", caller=caller
            )


def _reaches(caller: Caller, level: AccessLevel, *, owner: UUID | None, unit: UUID | None) -> bool:
    """The rule of `visibility.clause`, for a record that is not stored yet."""
    if level is AccessLevel.GLOBAL:
        return True
    if level >= AccessLevel.BASIC and owner is not None and owner in own_principals(caller):
        return True
    if level >= AccessLevel.LOCAL and unit is not None and unit == caller.business_unit:
        return True
    return level >= AccessLevel.DEEP and unit in caller.units_below


def own_principals(caller: Caller) -> frozenset[UUID]:
    """The user and the teams it is a member of."""
    return caller.teams | ({caller.id} if caller.id else frozenset())
