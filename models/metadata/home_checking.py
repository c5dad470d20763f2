"""Does a solution's part of the first page lead to what is there, and count what is told?"""

from models.metadata.catalog import Catalog
from models.metadata.dashboards import ADDED
from models.metadata.errors import DefinitionError
from models.metadata.homes import CounterDefinition, HomeDefinition

MOST_STEPS, MOST_COUNTERS = 6, 6


def check_homes(catalog: Catalog) -> None:
    """Raise DefinitionError at the first thing that does not fit."""
    for home in catalog.homes.values():
        where = f"home {home.name}"
        if len(home.steps) > MOST_STEPS or len(home.counters) > MOST_COUNTERS:
            message = f"{MOST_STEPS} steps and {MOST_COUNTERS} counters at most"
            raise DefinitionError(message, where=where)
        for step in home.steps:
            for name in step.forms:
                if name not in home.forms or catalog.public_form(name) is None:
                    message = f"the solution has no public form {name!r}"
                    raise DefinitionError(message, where=where)
            for name in step.public_views:
                _check_view(home, name, where)
        for counter in home.counters:
            _check_view(home, counter.public_view, where)
            _check_total(catalog, counter, where)


def _check_view(home: HomeDefinition, name: str, where: str) -> None:
    if name not in home.public_views:
        raise DefinitionError(f"the solution has no public view {name!r}", where=where)


def _check_total(catalog: Catalog, counter: CounterDefinition, where: str) -> None:
    """What is added up is told of each record, too."""
    if not counter.total_of:
        return
    view = catalog.public_views[counter.public_view]
    if counter.total_of not in view.attributes:
        message = f"{view.name} does not tell {counter.total_of!r}, which is added up"
        raise DefinitionError(message, where=where)
    if catalog.entity(view.entity).attributes[counter.total_of].type not in ADDED:
        raise DefinitionError(f"{counter.total_of} is no number", where=where)
