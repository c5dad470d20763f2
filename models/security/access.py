"""May this caller do this to this entity at all, and to records of this owner?

Decides from the caller's value alone; which stored records are reached is `visibility`'s.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied
from models.security.caller import Caller
from models.security.privileges import Miscellaneous, Privilege


def require(caller: Caller, privilege: Privilege, entity: EntityDefinition) -> None:
    if not caller.has(entity.logical_name, privilege):
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
    reaches = [one.reach(entity.logical_name, privilege) for one in caller.acting]
    for owner, unit in owners:
        if entity.is_user_owned and (owner is None or unit is None):
            raise AccessDenied("a record needs an owner; this caller names none", caller=caller)
        if not all(reach.holds(owner=owner, unit=unit) for reach in reaches):
            raise AccessDenied(
                f"{privilege} on {entity.logical_name} of that owner", caller=caller
            )


def require_within_contract(
    caller: Caller, entity: EntityDefinition, batch: Iterable[Mapping[str, object]]
) -> None:
    """New records must be of those that the contract allows."""
    for one in caller.acting:
        allowed = (one.scope or {}).get(entity.logical_name, {})
        for values in batch:
            if any(values.get(name) not in options for name, options in allowed.items()):
                raise AccessDenied(
                    f"creating {entity.logical_name} outside the contract", caller=caller
                )
