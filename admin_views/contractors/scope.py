"""What a contract can allow: entities, and of each the options of its attributes; as the catalog
offers it, as it is stated, and as it is told.

It knows no form and no table.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import Problem
from models.metadata.labels import Label

Scope = Mapping[str, Mapping[str, Collection[int]]]
"""Entities allowed; of each, the attributes whose values are limited, with those allowed."""
SCOPE = Label("対象とするデータ", "Data")


def limitable(entity: EntityDefinition) -> tuple[AttributeDefinition, ...]:
    """Attributes whose value is one of some options, in clear: a query can hold them. Not those
    that say what may follow them: on its course a record would leave the contract."""
    return tuple(
        attribute
        for attribute in entity.attributes.values()
        if attribute.type == "Picklist" and attribute.options is not None
        if not attribute.sealed and not attribute.options.guides
    )


def problems_of(catalog: Catalog, scope: Scope) -> Iterator[Problem]:
    """What is not there, or allows nothing."""
    for name, limits in scope.items():
        entity = catalog.entities.get(name)
        if entity is None:
            yield Problem("scope", "unknown_option", SCOPE)
            continue
        offered = {one.logical_name: one for one in limitable(entity)}
        for attribute_name, values in limits.items():
            attribute = offered.get(attribute_name)
            if attribute is None:
                yield Problem("scope", "unknown_option", SCOPE)
            elif not values:
                yield Problem(control_of(name, attribute_name), "choose", attribute.display_name)
            elif not set(values) <= _values(attribute):
                yield Problem(
                    control_of(name, attribute_name), "unknown_option", attribute.display_name
                )


def control_of(entity: str, attribute: str) -> str:
    """What the options of an attribute are called in a form."""
    return f"options-{entity}-{attribute}"


def stored(scope: Scope) -> dict[str, Any]:
    """As it is kept: one spelling for one scope."""
    return {
        entity: {name: sorted(set(values)) for name, values in sorted(limits.items())}
        for entity, limits in sorted(scope.items())
    }


def told(scope: Scope) -> list[str]:
    """For the audit: logical names, and the values of options."""
    return [
        entity if not limits else f"{entity} ({_limits_told(limits)})"
        for entity, limits in stored(scope).items()
    ]


def _limits_told(limits: Mapping[str, Collection[int]]) -> str:
    return "; ".join(f"{name}: {' '.join(map(str, values))}" for name, values in limits.items())


def _values(attribute: AttributeDefinition) -> set[int]:
    options = attribute.options
    return {one.value for one in options.options} if options else set()
