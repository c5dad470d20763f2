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
    limited = limited_attributes(caller, entity)
    complete = [dict.fromkeys(limited) | dict(values) for values in batch]
    require_staying_within_contract(caller, entity, complete)


def require_staying_within_contract(
    caller: Caller, entity: EntityDefinition, changes: Iterable[Mapping[str, object]]
) -> None:
    """A change must not take a record out of those that the contract allows. One outside is not
    reached by a change in the first place: none is brought in. Nor does an applicant choose an
    option besides those that are theirs to choose."""
    limited = limited_attributes(caller, entity)
    limited |= caller.own.settable if caller.own else {}
    for values in changes:
        if any(values[name] not in limited[name] for name in limited.keys() & values.keys()):
            what = f"{entity.logical_name} outside of what is allowed"
            raise AccessDenied(what, caller=caller)


def limited_attributes(caller: Caller, entity: EntityDefinition) -> dict[str, frozenset[int]]:
    """The attributes that contracts look at, with the values allowed by all of them."""
    found: dict[str, frozenset[int]] = {}
    for one in caller.acting:
        for name, allowed in (one.scope or {}).get(entity.logical_name, {}).items():
            found[name] = found.get(name, allowed) & allowed
    return found
