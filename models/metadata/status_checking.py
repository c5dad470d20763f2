"""Do status reasons fit together? A new record must be able to begin."""

from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError


def check_statuses(catalog: Catalog) -> None:
    """Raise DefinitionError at the first entity whose records could only begin as what not
    everybody gives them."""
    for name, entity in catalog.entities.items():
        status, awaited = entity.attributes["statuscode"].options, catalog.awaited_statuses(name)
        options = [one for one in status.options if one.value not in awaited] if status else []
        if options and (options[0].roles or options[0].approval):
            message = f"a new record begins as {options[0].value}: it cannot be an approval"
            raise DefinitionError(message, where=f"entity {name}")
