"""How a record's page is divided: as the entity's main form says, then what the platform keeps."""

from dataclasses import dataclass

from flask_babel import gettext

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition

NEVER_SHOWN = frozenset({"versionnumber"})


@dataclass(frozen=True, slots=True)
class Item:
    attribute: AttributeDefinition
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    items: tuple[Item, ...]


def sections_of(
    catalog: Catalog,
    entity: EntityDefinition,
    *,
    readable: dict[str, AttributeDefinition],
    language: str,
) -> tuple[Section, ...]:
    """Sections with only what the caller may read; empty ones are left out."""
    form = catalog.main_form(entity.logical_name)
    sections = [
        Section(
            section.title.text(language),
            tuple(
                _item(readable[c.attribute], c.label.text(language), language)
                for c in section.controls
                if c.attribute in readable
            ),
        )
        for section in (form.sections if form else ())
    ]
    placed = {item.attribute.logical_name for section in sections for item in section.items}
    rest = [a for name, a in readable.items() if name not in placed | NEVER_SHOWN]
    sections += [
        _rest(gettext("Contents") if not form else gettext("Other items"), rest, language),
        _rest(gettext("Handling"), rest, language, system=True),
    ]
    return tuple(section for section in sections if section.items)


def _rest(
    title: str, rest: list[AttributeDefinition], language: str, *, system: bool = False
) -> Section:
    return Section(title, tuple(_item(a, "", language) for a in rest if a.is_system is system))


def _item(attribute: AttributeDefinition, label: str, language: str) -> Item:
    return Item(attribute, label or attribute.display_name.text(language))
