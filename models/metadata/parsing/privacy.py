"""What the law's papers tell of a solution, from what was stated under `privacy`."""

from models.metadata.errors import DefinitionError
from models.metadata.parsing.stated import STORABLE, Stated
from models.metadata.privacy import REGISTER_FROM, WARN_FROM, PersonalFile, PrivacyDefinition


def parse_privacy(name: str, stated: Stated) -> PrivacyDefinition:
    counter = stated.part("requests") or Stated({}, stated.where)
    persons = stated.part("persons") or Stated({}, stated.where)
    counts = range(1, STORABLE.stop)
    privacy = PrivacyDefinition(
        name=name,
        entities=frozenset(stated.texts("entities")),
        organ=stated.label("organ", None),
        unit=stated.label("unit", None),
        requests_to=counter.label("name", None),
        requests_address=counter.label("address", None),
        register_from=persons.integer("register_from", REGISTER_FROM, among=counts),
        warn_from=persons.integer("warn_from", WARN_FROM, among=counts),
        files={entity: _file(entity, part) for entity, part in stated.members("files")},
    )
    for part in (stated, counter, persons):
        part.finish()
    if privacy.warn_from > privacy.register_from:
        message = "persons › warn_from is no more than register_from"
        raise DefinitionError(message, where=stated.where)
    return privacy


def _file(entity: str, stated: Stated) -> PersonalFile:
    says = "sensitive" in stated.mapping
    file = PersonalFile(
        entity=entity,
        name=stated.label("name", None),
        persons=stated.label("persons", None),
        purpose=stated.label("purpose", None),
        collected_how=stated.label("collected_how", None),
        recipients=stated.labels("recipients"),
        retention=stated.label("retention", None),
        is_sensitive=stated.flag("sensitive", default=False) if says else None,
        procedures=stated.label("procedures", None),
        proposals=stated.label("proposals", None),
        remarks=stated.label("remarks", None),
    )
    stated.finish()
    return file
