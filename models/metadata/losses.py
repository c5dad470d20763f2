"""What a new version of the metadata must not do to records that are there already."""

from collections.abc import Collection
from dataclasses import replace

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, OptionSet
from models.metadata.errors import DefinitionError

FIXED = ("type", "format", "sealed", "index", "precision", "behaviour", "targets")
"""What an attribute that has a column cannot change: its values would be misread."""


Place = tuple[str, str]
"""An entity and one of its attributes."""


def newly_sealed(before: Catalog, after: Catalog) -> set[Place]:
    """The attributes that are to be sealed and hold their values in clear, and the reverse."""
    return {
        (name, one.logical_name)
        for name, entity in before.entities.items()
        for one in entity.attributes.values()
        if one.sealed is not after.entity(name).attributes[one.logical_name].sealed
    }


def refuse_losses(before: Catalog, after: Catalog, *, converted: Collection[Place] = ()) -> None:
    """`converted` are attributes whose values are brought after their new sealing."""
    for name, entity in before.entities.items():
        now = after.entity(name)
        has_keys = bool(entity.sealed_attributes) or name not in {place[0] for place in converted}
        if now.ownership is not entity.ownership:
            raise DefinitionError("ownership cannot change", where=f"entity {name}")
        if has_keys and now.key_bucket != entity.key_bucket:
            raise DefinitionError("key_bucket cannot change", where=f"entity {name}")
        for attribute_name, attribute in entity.attributes.items():
            changed = now.attributes[attribute_name]
            if (name, attribute_name) in converted:
                changed = replace(changed, sealed=attribute.sealed, index=attribute.index)
            _refuse_misreading(attribute, changed, name)
    for name, pair in before.many_to_many.items():
        if after.many_to_many.get(name, pair) != pair:
            raise DefinitionError("its sides cannot change", where=f"many_to_many {name}")


def _refuse_misreading(old: AttributeDefinition, new: AttributeDefinition, entity: str) -> None:
    changed = [part for part in FIXED if getattr(old, part) != getattr(new, part)]
    where = f"entity {entity} › {old.logical_name}"
    if changed:
        hint = "; what is there is brought after it by: flask solution convert"
        told = f"{', '.join(changed)} cannot change{hint if 'sealed' in changed else ''}"
        raise DefinitionError(told, where=where)
    if new.is_derived and not old.is_derived:
        message = "what people entered cannot become calculated or a rollup"
        raise DefinitionError(message, where=where)
    if new.max_length < old.max_length and not new.is_system:
        raise DefinitionError("max_length cannot become shorter", where=where)
    _refuse_lost_options(old.options, new.options, where)


def _refuse_lost_options(old: OptionSet | None, new: OptionSet | None, where: str) -> None:
    """Records may hold any option there ever was; a status also says their state."""
    for option in old.options if old else ():
        now = new.option(option.value) if new else None
        if now is None:
            raise DefinitionError(f"option {option.value} cannot be taken away", where=where)
        if (now.state or 0) != (option.state or 0):  # left out, it is active
            raise DefinitionError(f"option {option.value} cannot change its state", where=where)
