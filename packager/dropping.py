"""An attribute that a solution has stated is not dropped by silence: it stays with its data, and
whoever means to state it no longer says so, by `retired` of its entity.
"""

from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError
from packager.solution_reading import SolutionFolder


def refuse_dropped(solution: SolutionFolder, present: Catalog) -> None:
    """DefinitionError at the first attribute that is there and neither stated nor retired."""
    for name, definition in solution.content.entities.items():
        entity = present.entities.get(name)
        if entity is None:
            continue
        own = {one.logical_name for one in entity.attributes.values() if not one.is_system}
        stated = definition["attributes"].keys() | solution.retired.get(name, frozenset())
        if dropped := sorted(own - stated):
            message = (
                f"{dropped[0]} is no longer stated, and may hold data: state it, or name it in "
                "'retired'"
            )
            raise DefinitionError(message, where=f"entity {name}")
