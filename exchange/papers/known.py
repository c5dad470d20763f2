"""All that a paper is made of, read once: definitions, rights, contracts, counts, texts shown."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from exchange.papers.counting import Counted, count_persons
from exchange.papers.rights import Rights
from models.metadata import purposes
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.labels import Label
from models.metadata.privacy import PersonalFile
from models.metadata.purposes import ShownPurpose
from models.records.service import RecordService
from models.security import contracts
from models.security.caller import Scope
from models.tables.principals import Contractor


@dataclass(frozen=True, slots=True)
class Known:
    catalog: Catalog
    language: str
    rights: Rights
    contractors: tuple[tuple[str, Scope], ...]
    """Those whose contract runs, and what it allows."""
    counted: tuple[Counted, ...]
    purposes: tuple[ShownPurpose, ...]

    @classmethod
    def read(cls, service: RecordService, language: str) -> "Known":
        connection, on = service.transaction.connection, contracts.today()
        rows = connection.execute(select(Contractor.__table__).order_by(Contractor.name)).all()
        return cls(
            service.catalog,
            language,
            Rights.read(connection),
            tuple(
                (one.name, contracts.scope_of(one)) for one in rows if contracts.runs(one, on=on)
            ),
            tuple(count_persons(service)),
            tuple(purposes.history(connection)),
        )

    def say(self, label: Label) -> str:
        return label.text(self.language)

    def public_forms(self, entity: EntityDefinition) -> list[FormDefinition]:
        return [
            form
            for form in self.catalog.forms.values()
            if form.kind == "public" and form.entity == entity.logical_name
        ]

    def kept_with(self, entity: EntityDefinition) -> Iterator[EntityDefinition]:
        """The entity, and the activities about its records."""
        yield entity
        if entity.activity_entity:
            yield self.catalog.entity(entity.activity_entity)

    def file(self, entity: EntityDefinition) -> PersonalFile:
        """What is stated of the entity's file; nothing, if nothing is."""
        name = entity.logical_name
        return self.catalog.privacy_of(name).files.get(name, PersonalFile(entity=name))

    def contracted(self, entity: EntityDefinition) -> list[str]:
        return [name for name, scope in self.contractors if entity.logical_name in scope]


def personal(entity: EntityDefinition) -> list[AttributeDefinition]:
    return [one for one in entity.attributes.values() if one.personal]
