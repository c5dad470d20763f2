"""Display names of what entries speak of, where the catalog still knows it: an entry outlives the
entity, the attribute and the view that it names.
"""

from admin_views.language import language
from extensions import engine
from models.metadata.definitions import EntityDefinition


def entity_name(name: str) -> str:
    found = _entity(name)
    return found.display_name.text(language()) if found else name


def attribute_name(entity: str, name: str) -> str:
    """A linked entity's attribute is told behind the lookup that leads to it."""
    lookup, dot, linked = name.partition(".")
    if not dot:
        return _display(_entity(entity), name)
    here = _entity(entity)
    pointer = here.attributes.get(lookup) if here else None
    target = _entity(pointer.targets[0]) if pointer and pointer.targets else None
    return f"{_display(here, lookup)}: {_display(target, linked)}"


def view_name(name: str) -> str:
    found = engine().catalog.views.get(name)
    return found.display_name.text(language()) if found else name


def _entity(name: str) -> EntityDefinition | None:
    return engine().catalog.entities.get(name)


def _display(entity: EntityDefinition | None, name: str) -> str:
    found = entity.attributes.get(name) if entity else None
    return found.display_name.text(language()) if found else name
