"""Are the files of personal data that a solution tells of its own, and do they hold any?"""

from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError


def check_privacies(catalog: Catalog) -> None:
    """Raise DefinitionError at the first thing that does not fit."""
    for privacy in catalog.privacies.values():
        for name in privacy.files:
            where = f"privacy {privacy.name} › {name}"
            entity = catalog.entities.get(name)
            if entity is None or name not in privacy.entities:
                raise DefinitionError(f"the solution has no entity {name!r}", where=where)
            if not any(one.personal for one in entity.attributes.values()):
                raise DefinitionError(f"{name} has no personal attribute", where=where)
