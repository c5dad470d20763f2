"""The form of a contract: what it offers from the catalog, and the terms it was sent with.

Which terms are right is decided by `changing`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from admin_views.contractors.changing import Terms
from admin_views.contractors.scope import Scope, control_of, limitable
from admin_views.identity import step_up
from admin_views.language import language
from admin_views.people.entering import Entered
from models.metadata.catalog import Catalog
from models.metadata.errors import ValidationFailed

TEXTS = ("name", "starts_on", "ends_on", "networks")
ENTITIES = "entities"
ALL, SOME = "all", "some"
NO_OPTION = -1


@dataclass(frozen=True, slots=True)
class OfferedLimit:
    """An attribute whose values a contract may limit."""

    attribute: str
    label: str
    limit: str
    """The control that says whether it is limited."""
    options: str
    """The control of the options allowed."""
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OfferedEntity:
    name: str
    label: str
    limits: tuple[OfferedLimit, ...]


def offered_entities(catalog: Catalog) -> list[OfferedEntity]:
    speaks = language()
    return [
        OfferedEntity(
            entity.logical_name,
            entity.display_collection_name.text(speaks),
            tuple(
                OfferedLimit(
                    attribute.logical_name,
                    attribute.display_name.text(speaks),
                    limit_control(entity.logical_name, attribute.logical_name),
                    control_of(entity.logical_name, attribute.logical_name),
                    tuple(
                        (str(one.value), one.label.text(speaks))
                        for one in (attribute.options.options if attribute.options else ())
                    ),
                )
                for attribute in limitable(entity)
            ),
        )
        for entity in catalog.entities.values()
    ]


def limit_control(entity: str, attribute: str) -> str:
    return f"limit-{entity}-{attribute}"


def sent(catalog: Catalog) -> Entered:
    """From the request, with the proof it asks for."""
    return Entered.sent(_controls(catalog), proven_within=step_up.FOR_MANY)


def nothing(catalog: Catalog) -> Entered:
    """A new contract: no entity is allowed yet; where one will be, all of its options are."""
    empty = Entered.nothing(_controls(catalog))
    unlimited = {one: (ALL,) for one in empty.values if one.startswith("limit-")}
    return replace(empty, values={**empty.values, **unlimited})


def written(catalog: Catalog, row: Mapping[str, Any]) -> Entered:
    """A contract as its form shows it."""
    scope: Scope = json.loads(row["scope"])
    values = dict(nothing(catalog).values)
    values |= {name: (str(row[name]),) for name in TEXTS}
    values[ENTITIES] = tuple(scope)
    for entity, limits in scope.items():
        for attribute, allowed in limits.items():
            values[limit_control(entity, attribute)] = (SOME,)
            values[control_of(entity, attribute)] = tuple(map(str, allowed))
    return Entered(values)


def terms_of(catalog: Catalog, entered: Entered) -> Terms:
    texts = {name: entered.text(name) for name in TEXTS}
    return Terms(**texts, scope=_scope(catalog, entered))


def explained(entered: Entered, error: ValidationFailed) -> Entered:
    """All that is wrong, by control: several lines of one may be."""
    problems: dict[str, str] = {}
    for one in error.problems:
        before = problems.get(one.attribute)
        text = one.text(language())
        problems[one.attribute] = f"{before}\n{text}" if before else text
    return replace(entered, problems=problems)


def _controls(catalog: Catalog) -> Iterator[str]:
    yield from (*TEXTS, ENTITIES)
    for entity in catalog.entities.values():
        for attribute in limitable(entity):
            yield limit_control(entity.logical_name, attribute.logical_name)
            yield control_of(entity.logical_name, attribute.logical_name)


def _scope(catalog: Catalog, entered: Entered) -> dict[str, dict[str, list[int]]]:
    """What does not say “all” is limited to what was chosen, be it nothing."""
    scope: dict[str, dict[str, list[int]]] = {}
    for name in entered.names(ENTITIES):
        scope[name] = {}
        entity = catalog.entities.get(name)
        for attribute in limitable(entity) if entity else ():
            if entered.text(limit_control(name, attribute.logical_name)) != ALL:
                chosen = entered.names(control_of(name, attribute.logical_name))
                scope[name][attribute.logical_name] = [_number(one) for one in chosen]
    return scope


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else NO_OPTION
