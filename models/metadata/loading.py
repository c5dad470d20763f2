"""From the platform's rows to a Catalog, and the watch on its version.

It reads definitions; it does not change them.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from models.metadata.catalog import Catalog
from models.metadata.components import ViewDefinition
from models.metadata.dashboards import ChartDefinition, index_of
from models.metadata.definitions import EntityDefinition
from models.metadata.homes import HomeDefinition
from models.metadata.parsing.attributes import parse_option_set
from models.metadata.parsing.automation import (
    parse_mail_template,
    parse_masking_rule,
    parse_recurrence,
    parse_workflow,
)
from models.metadata.parsing.business_rules import parse_business_rule
from models.metadata.parsing.dashboards import parse_chart, parse_dashboard
from models.metadata.parsing.duplicate_rules import parse_duplicate_rule
from models.metadata.parsing.entities import (
    parse_entity,
    parse_many_to_many,
    parse_one_to_many,
)
from models.metadata.parsing.forms import parse_form
from models.metadata.parsing.homes import parse_home
from models.metadata.parsing.privacy import parse_privacy
from models.metadata.parsing.processes import parse_process
from models.metadata.parsing.public_views import parse_public_view
from models.metadata.parsing.queries import parse_view
from models.metadata.parsing.retention import parse_retention_rule
from models.metadata.parsing.stated import Stated
from models.metadata.parsing.suggestions import parse_suggestion_rule
from models.metadata.relationships import OneToMany
from models.metadata.rollup_loading import asked_by, rollups_of
from models.metadata.rule_books import rule_books
from models.metadata.stamps import stamped
from models.metadata.tables import LookedUp, compile_tables
from models.tables.customizations import Attribute, Entity, Environment, SolutionComponent
from models.tables.session import Database

Parsed = TypeVar("Parsed")
Components = Mapping[str, Mapping[str, Any]]


def load_catalog(connection: Connection) -> Catalog:
    """The published metadata of this moment."""
    components = _components(connection)
    option_sets = _parsed(components, "option_set", partial(parse_option_set, is_global=True))
    entities = _entities(connection, option_sets)
    many_to_many = _parsed(components, "many_to_many", parse_many_to_many)
    processes = _parsed(components, "process", parse_process)
    retention_rules = _parsed(components, "retention_rule", parse_retention_rule)
    entities |= stamped(entities, processes.values(), retention_rules.values())
    views = _parsed(components, "view", parse_view)
    charts = _parsed(components, "chart", parse_chart)
    business_rules = _parsed(components, "business_rule", parse_business_rule)
    rollups = rollups_of(entities.values())
    looked_up = LookedUp(
        processes.values(),
        _counted(charts.values(), entities, views),
        asked_by(rollups, entities),
        [(one.entity, one.counted_from) for one in retention_rules.values()],
    )
    return Catalog(
        version=metadata_version(connection),
        entities=entities,
        tables=compile_tables(entities.values(), many_to_many.values(), looked_up=looked_up),
        option_sets=option_sets,
        one_to_many=tuple(_one_to_many(components, entities)),
        many_to_many=many_to_many,
        views=views,
        forms=_parsed(components, "form", parse_form),
        mail_templates=_parsed(components, "mail_template", parse_mail_template),
        workflows=tuple(_parsed(components, "workflow", parse_workflow).values()),
        recurrences=tuple(_parsed(components, "recurrence", parse_recurrence).values()),
        masking_rules=_parsed(components, "masking_rule", parse_masking_rule),
        processes=processes,
        charts=charts,
        dashboards=_parsed(components, "dashboard", parse_dashboard),
        duplicate_rules=_parsed(components, "duplicate_rule", parse_duplicate_rule),
        public_views=_parsed(components, "public_view", parse_public_view),
        suggestion_rules=_parsed(components, "suggestion_rule", parse_suggestion_rule),
        business_rules=business_rules,
        rule_books=rule_books(business_rules.values(), entities),
        homes=_homes(connection, components),
        retention_rules=retention_rules,
        privacies=_parsed(components, "privacy", parse_privacy),
        rollups=rollups,
    )


VERSION = select(Environment.metadata_version)
QUICK_VERSION = "SELECT metadata_version FROM environment"


def metadata_version(connection: Connection) -> int:
    return connection.scalar(VERSION) or 0


class CatalogSource:
    """The current Catalog of this process; reloaded when another version was published."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._catalog: Catalog | None = None

    def current(self) -> Catalog:
        version = self._version()
        catalog = self._catalog
        if catalog is not None and catalog.version == version:
            return catalog
        with self._lock:
            if self._catalog is None or self._catalog.version != version:
                with self._database.snapshot() as connection:
                    self._catalog = load_catalog(connection)
            return self._catalog

    def _version(self) -> int:
        number = self._database.quick_number(QUICK_VERSION)
        if number is not None:
            return number
        with self._database.reading() as connection:
            return metadata_version(connection)


def _components(connection: Connection) -> Components:
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    statement = select(SolutionComponent.__table__).order_by(SolutionComponent.name)
    for row in connection.execute(statement):
        found[row.kind][row.name] = row.definition
    return found


def _parsed(
    components: Components, kind: str, parse: Callable[[str, Stated], Parsed]
) -> dict[str, Parsed]:
    return {
        name: parse(name, Stated(stated, f"{kind} {name}"))
        for name, stated in components.get(kind, {}).items()
    }


def _homes(connection: Connection, components: Components) -> dict[str, HomeDefinition]:
    """Each with the forms and public views that came with its solution."""
    owners = {
        (row.kind, row.name): row.solution_id
        for row in connection.execute(
            select(SolutionComponent.kind, SolutionComponent.name, SolutionComponent.solution_id)
            .where(SolutionComponent.kind.in_(("home", "form", "public_view")))
            .order_by(SolutionComponent.name)
        )
    }

    def beside(home: str, kind: str) -> list[str]:
        solution = owners["home", home]
        return [name for (one, name), owner in owners.items() if (one, owner) == (kind, solution)]

    return {
        name: parse_home(
            name,
            Stated(stated, f"home {name}"),
            forms=beside(name, "form"),
            public_views=beside(name, "public_view"),
        )
        for name, stated in components.get("home", {}).items()
    }


def _one_to_many(
    components: Components, entities: Mapping[str, EntityDefinition]
) -> Iterator[OneToMany]:
    """Those that were stated, and for every other lookup one that lets go: none may dangle."""
    stated = _parsed(components, "one_to_many", parse_one_to_many).values()
    yield from stated
    known = {(one.referencing, one.lookup) for one in stated}
    for entity in entities.values():
        for lookup in entity.by_type.get("Lookup", ()):
            if (entity.logical_name, lookup.logical_name) not in known:
                name = f"{entity.logical_name}_{lookup.logical_name}"
                yield OneToMany(name, lookup.targets[0], entity.logical_name, lookup.logical_name)


def _counted(
    charts: Iterable[ChartDefinition],
    entities: Mapping[str, EntityDefinition],
    views: Mapping[str, ViewDefinition],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """By which attributes records are counted together, of which entity."""
    for chart in charts:
        entity = entities.get(chart.entity)
        if entity is not None:
            yield chart.entity, index_of(chart, entity, views.get(chart.view))


def _entities(
    connection: Connection, option_sets: Mapping[str, Any]
) -> dict[str, EntityDefinition]:
    rows = connection.execute(select(Entity.__table__).order_by(Entity.number))
    return {row.logical_name: _entity(connection, row, option_sets) for row in rows}


def _entity(connection: Connection, row: Any, option_sets: Mapping[str, Any]) -> EntityDefinition:
    attributes = connection.execute(
        select(Attribute.__table__)
        .where(Attribute.entity_number == row.number)
        .order_by(Attribute.number)
    ).all()
    stated = {
        **row.definition,
        "attributes": {attribute.logical_name: attribute.definition for attribute in attributes},
    }
    return parse_entity(
        row.logical_name,
        Stated(stated, f"entity {row.logical_name}"),
        number=row.number,
        attribute_numbers={attribute.logical_name: attribute.number for attribute in attributes},
        option_sets=option_sets,
    )
