"""The entities whose records another's belong to, by relationships that cascade (CDS's parental
ones), as far as a contract limits them: what it keeps of a record it keeps of what belongs to it.

It makes no SQL and reads no record.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.security.caller import Caller, Scope


@dataclass(frozen=True, slots=True)
class Parent:
    """What `lookup` points to must have these options, and so must what that belongs to in turn,
    if there is any. An entity that the contract does not name limits nothing by itself."""

    lookup: str
    entity: EntityDefinition
    limits: Mapping[str, frozenset[int]]
    parents: tuple["Parent", ...]


def limiting(catalog: Catalog, caller: Caller, entity: EntityDefinition) -> tuple[Parent, ...]:
    """None for the office's own, and for whom no options are stated: they are asked nothing more.
    Nor for the world: a public view's filter says all there is."""
    if caller.kind != "user" or not any((caller.scope or {}).values()):
        return ()
    return _limiting(catalog, caller.scope or {}, entity, path=frozenset())


def _limiting(
    catalog: Catalog, scope: Scope, entity: EntityDefinition, *, path: frozenset[str]
) -> tuple[Parent, ...]:
    """`path` ends circles: of an entity that belongs to itself only the next above is asked."""
    if entity.logical_name in path:
        return ()
    path |= {entity.logical_name}
    found = []
    for one in catalog.parents_of(entity.logical_name):
        above = catalog.entity(one.referenced)
        limits = scope.get(one.referenced, {})
        parents = _limiting(catalog, scope, above, path=path)
        if limits or parents:
            found.append(Parent(one.lookup, above, limits, parents))
    return tuple(found)
