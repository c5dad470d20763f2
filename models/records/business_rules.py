"""Business rules at work: at every create and update, whatever the door, before it is written.

A rule's settings are written with the record. What it requires, forbids or calls wrong is refused
where the change has to do with it: a record that was there before the rule is not held up by it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from models.metadata.business_rules import Action, RuleBook
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import Problem
from models.metadata.rule_effects import effects
from models.records.store import StoredRow
from models.records.validation import Refused, missing_value

Values = Mapping[str, Any]


def of_new(
    book: RuleBook, entity: EntityDefinition, batch: Sequence[dict[str, Any]]
) -> Iterator[Problem]:
    """The problems of new records' values, which the rules' settings are written into; not of one
    with a value that was refused already: nobody knows what the rules would say."""
    for position, values in enumerate(batch if book.rules else ()):
        if Refused in values.values():
            continue
        found = effects(book, values)
        values.update(found.set)
        yield from _missing(entity, found.required, values, position=position)
        for action, _ in found.errors:
            yield _wrong(entity, action, position)


def of_changes(
    book: RuleBook, entity: EntityDefinition, changes: Sequence[tuple[StoredRow, dict[str, Any]]]
) -> Iterator[Problem]:
    """The problems of changes, which the rules' settings are written into."""
    for position, (row, values) in enumerate(changes if book.rules else ()):
        yield from _Changed(book, entity, row.values, values, position).problems()


@dataclass(frozen=True, slots=True)
class _Changed:
    """One record of a batch, as it is and as it is to be."""

    book: RuleBook
    entity: EntityDefinition
    before: Values
    change: dict[str, Any]
    position: int

    def problems(self) -> Iterator[Problem]:
        touched = {name for name in self.change if self._differs(name)}
        found = effects(self.book, {**self.before, **self.change})
        yield from self._locked(touched & found.locked)
        self.change.update(found.set)
        yield from self._missing(found.required, touched)
        for action, asks in found.errors:
            if touched & {*asks, action.attribute}:
                yield _wrong(self.entity, action, self.position)

    def _differs(self, name: str) -> bool:
        """A sealed value that is given counts as another one: it is not opened to be compared."""
        attribute = self.entity.attributes[name]
        return attribute.sealed or bool(self.before[name] != self.change[name])

    def _locked(self, touched: Set[str]) -> Iterator[Problem]:
        """What was locked and stays so; what the same change locks or unlocks, it may change."""
        for name in sorted(touched & effects(self.book, self.before).locked if touched else ()):
            label = self.entity.attributes[name].display_name
            yield Problem(name, "locked", label, record=self.position)

    def _missing(
        self, required: Mapping[str, frozenset[str]], touched: Set[str]
    ) -> Iterator[Problem]:
        """Of a secured attribute only where the change makes it empty: otherwise the answer
        would tell whether there is a value."""
        needed = {
            name: asks
            for name, asks in required.items()
            if name in touched or (asks & touched and not self.entity.attributes[name].secured)
        }
        after = {**self.before, **self.change}
        return _missing(self.entity, needed, after, position=self.position)


def _missing(
    entity: EntityDefinition, names: Iterable[str], values: Values, *, position: int
) -> Iterator[Problem]:
    for name in sorted(names):
        if values.get(name) is None:
            yield missing_value(entity.attributes[name], position)


def _wrong(entity: EntityDefinition, action: Action, position: int) -> Problem:
    told: dict[str, object] = {"message": action.message}
    label = entity.attributes[action.attribute].display_name
    return Problem(action.attribute, "business_rule", label, told, position)
