"""Business rules on a form: what the browser is told of them, and what they say of what was sent.

The browser's part makes a form easier; whatever it sends is judged again here and in the record
service. Both kinds of form, the public's and the office's, use it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.controls.values import CHOSEN
from models.metadata.attribute_types import FileValue, InvalidValue, type_of
from models.metadata.business_rules import Action, BusinessRule, RuleBook
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import Problem
from models.metadata.query import Condition, Filter
from models.metadata.rule_effects import NO_EFFECTS, Effects, effects

NUMBERS = {"Integer", "BigInt", "Decimal", "Money"}


def typed(entity: EntityDefinition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new record for which that was entered; what is no value is nothing."""
    defaults = {a.logical_name: a.default for a in entity.attributes.values() if not a.is_system}
    return {
        name: _parsed(entity.attributes[name], given.get(name) or default)
        for name, default in defaults.items()
    } | {
        "statuscode": _parsed(entity.attributes["statuscode"], given.get("statuscode")),
        "statecode": 0,
    }


def of_new(book: RuleBook, entity: EntityDefinition, given: Mapping[str, Any]) -> Effects:
    return effects(book, typed(entity, given)) if book.rules else NO_EFFECTS


def of_change(
    book: RuleBook,
    entity: EntityDefinition,
    record: Mapping[str, Any],
    *,
    changed: Mapping[str, Any],
) -> Effects:
    """Of a record as it would be with what was entered otherwise."""
    if not book.rules:
        return NO_EFFECTS
    present = {name: record.get(name) for rule in book.rules for name in rule.asks}
    entered = {name: _parsed(entity.attributes[name], value) for name, value in changed.items()}
    return effects(book, present | entered)


def problems(
    entity: EntityDefinition, found: Effects, given: Mapping[str, Any], *, language: str
) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with a new record of which that was entered: beside which controls it may be
    told, the best first, and in which words."""
    for name in found.required:
        attribute = entity.attributes[name]
        if _parsed(attribute, given.get(name)) is None:
            code = "choose" if attribute.type in CHOSEN else "required"
            problem = Problem(name, code, attribute.display_name)
            yield (name,), problem.text(language)
    for action, asks in found.errors:
        yield (action.attribute, *sorted(asks - {action.attribute})), action.message.text(language)


def as_entered(attribute: AttributeDefinition, value: Any) -> Any:
    """A typed value as a control holds it."""
    if value is None:
        return [] if attribute.type == "MultiSelectPicklist" else ""
    if isinstance(value, tuple):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if attribute.type == "DateTime" else str(value)


@dataclass(frozen=True, slots=True)
class ForBrowser:
    """What the rules' script needs: plain values, texts in one language, and nothing of rules
    that ask or do what is not on the form, which the server alone judges."""

    entity: EntityDefinition
    controls: frozenset[str]
    known: Mapping[str, Any]
    """Typed values of the record which have no control but may be told to whoever has the form."""
    language: str

    def of(self, book: RuleBook) -> dict[str, Any] | None:
        rules = [one for rule in book.rules if (one := self._rule(rule))]
        if not rules:
            return None
        asked = set().union(*(rule.asks for rule in book.rules)) & {*self.controls, *self.known}
        return {
            "rules": rules,
            "kinds": {name: self._kind(name) for name in sorted(asked)},
            "known": {
                name: as_entered(self.entity.attributes[name], self.known[name])
                for name in sorted(asked - self.controls)
            },
        }

    def _rule(self, rule: BusinessRule) -> dict[str, Any] | None:
        then, otherwise = self._actions(rule.then), self._actions(rule.otherwise)
        if not rule.asks <= {*self.controls, *self.known} or not (then or otherwise):
            return None
        return {"when": self._filter(rule.when), "then": then, "else": otherwise}

    def _actions(self, actions: tuple[Action, ...]) -> list[dict[str, Any]]:
        return [
            {
                "does": action.does,
                "attribute": action.attribute,
                "value": as_entered(self.entity.attributes[action.attribute], action.value),
                "message": action.message.text(self.language),
            }
            for action in actions
            if action.attribute in self.controls
        ]

    def _filter(self, part: Filter) -> dict[str, Any]:
        return {
            "kind": part.kind,
            "parts": [
                self._filter(one) if isinstance(one, Filter) else self._condition(one)
                for one in part.parts
            ],
        }

    def _condition(self, condition: Condition) -> dict[str, Any]:
        attribute, value = self.entity.attributes[condition.attribute], condition.value
        several = value if isinstance(value, tuple) else (value,)
        if attribute.type == "MultiSelectPicklist":
            values = as_entered(attribute, value)
        else:
            values = [as_entered(attribute, one) for one in several]
        return {"attribute": condition.attribute, "operator": condition.operator, "values": values}

    def _kind(self, name: str) -> str:
        return "number" if self.entity.attributes[name].type in NUMBERS else "text"


def _parsed(attribute: AttributeDefinition, value: Any) -> Any:
    if isinstance(value, FileValue):
        return value  # no rule looks into a file, and a picture is to be drawn anew once only
    try:
        return type_of(attribute).parse(attribute, value)
    except InvalidValue:
        return None
