"""Pictures that a public view tells: which there are, and one of them with its pixels; read as the
view's own caller, like everything of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from models.metadata.attribute_types import ImageValue
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import RecordNotFound
from models.metadata.public_views import PublicViewDefinition
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.service import RecordService
from models.security.publications import Published

FULL, SMALL = SIZES = ("full", "small")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a record, by its attribute; the pixels are asked for by themselves."""

    name: str
    alt: str
    size: tuple[int, int] | None = None
    """Known on the record's own page."""


def read_picture(
    service: RecordService, published: Published, record_id: UUID, name: str
) -> ImageValue:
    """Raises RecordNotFound where the view tells no such picture of that record."""
    view, entity = published.view, service.catalog.entity(published.view.entity)
    if name not in {one.logical_name for one in images_of(view, entity)}:
        raise RecordNotFound(view.name)
    value = service.retrieve(published.caller, view.entity, record_id, columns=(name,))[name]
    if not isinstance(value, ImageValue):
        raise RecordNotFound(view.name)
    return value


def images_of(
    view: PublicViewDefinition, entity: EntityDefinition
) -> tuple[AttributeDefinition, ...]:
    """The pictures that the view tells, in its order."""
    told = (entity.attributes[name] for name in view.detail)
    return tuple(one for one in told if one.type == "Image")


def pictured(
    service: RecordService, published: Published, entity: EntityDefinition, ids: list[UUID]
) -> Mapping[UUID, list[AttributeDefinition]]:
    """Which of the records have which pictures, without their pixels."""
    found: dict[UUID, list[AttributeDefinition]] = {}
    view = published.view
    for image in images_of(view, entity) if ids else ():
        there = Filter((Condition(image.logical_name, Operator.NOT_NULL),))
        asked = Query(
            entity=view.entity,
            columns=(view.title,),
            ids=tuple(ids),
            filter=there,
            page_size=len(ids),
        )
        for record in service.retrieve_multiple(published.caller, asked).records:
            found.setdefault(UUID(str(record["id"])), []).append(image)
    return found
