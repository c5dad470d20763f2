"""Attributes that hang on the day: reckoned from selected columns, for whoever reads them.

What they follow from is never guarded; so a reader needs no right but on the attribute itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.records.derived.calculating import value_of
from models.security.contracts import today


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How one such attribute comes of columns."""

    chain: tuple[AttributeDefinition, ...]
    """Those that hang on the day, each after what it follows from; it is the last."""
    sources: tuple[str, ...]
    """The stored attributes that they name."""

    def of(self, found: Sequence[Any]) -> object:
        """The value of one record, by the values of its `sources`."""
        return self.column([[one] for one in found])[0]

    def column(self, columns: Sequence[Sequence[Any]]) -> list[Any]:
        """The values of many records, by the columns of `sources`."""
        day = today()
        rows = zip(*columns, strict=True)
        return [self._value(dict(zip(self.sources, row, strict=True)), day) for row in rows]

    def _value(self, values: dict[str, Any], day: Any) -> Any:
        for attribute in self.chain:
            values[attribute.logical_name] = value_of(attribute, values, day)
        return values[self.chain[-1].logical_name]


def reckoned(entity: EntityDefinition, name: str) -> Reckoned:
    """Of an attribute that hangs on the day."""
    chain, sources = [], dict[str, None]()
    wanted = {name}
    for one in reversed(entity.calculations):
        attribute = entity.attributes[one]
        formula = attribute.calculated
        if one not in wanted or formula is None or not attribute.is_volatile:
            continue
        chain.append(attribute)
        wanted.update(formula.names)
    for one in sorted(wanted):
        if not entity.attributes[one].is_volatile:
            sources[one] = None
    return Reckoned(tuple(reversed(chain)), tuple(sources))
