"""Business rules from what was stated."""

from collections.abc import Iterator

from models.metadata.business_rules import Action, BusinessRule, Does
from models.metadata.errors import DefinitionError
from models.metadata.labels import Label
from models.metadata.parsing.queries import parse_filter
from models.metadata.parsing.stated import Stated

WITH_VALUE = {Does.SET, Does.RECOMMEND}
WITH_MESSAGE = {Does.ERROR, Does.RECOMMEND}
MOST_CONDITIONS, MOST_ACTIONS = 20, 20


def parse_business_rule(name: str, stated: Stated) -> BusinessRule:
    rule = BusinessRule(
        name=name,
        entity=stated.text("entity"),
        display_name=stated.label("display_name"),
        when=parse_filter(stated.value("when"), stated.where, key="when"),
        then=tuple(_actions(stated, "then")),
        otherwise=tuple(_actions(stated, "else")),
    )
    stated.finish()
    if not 0 < len(tuple(rule.when.conditions)) <= MOST_CONDITIONS:
        message = f"a rule has 1 to {MOST_CONDITIONS} conditions"
        raise DefinitionError(message, where=stated.where)
    if not 0 < len(rule.actions) <= MOST_ACTIONS:
        raise DefinitionError(f"a rule has 1 to {MOST_ACTIONS} actions", where=stated.where)
    return rule


def _actions(stated: Stated, key: str) -> Iterator[Action]:
    for part in stated.items(key):
        yield _action(part)


def _action(stated: Stated) -> Action:
    """`{require: bousai_hall}`, `{set: bousai_hall, value: 1}`, `{error: …, message: …}`."""
    named = [does for does in Does if does in stated.mapping]
    if len(named) != 1:
        message = f"an action is one of {', '.join(Does)}, with the attribute's name"
        raise DefinitionError(message, where=stated.where)
    does = named[0]
    action = Action(
        does=does,
        attribute=stated.text(does),
        value=_value(stated) if does in WITH_VALUE else None,
        message=stated.label("message") if does in WITH_MESSAGE else Label(""),
    )
    stated.finish()
    return action


def _value(stated: Stated) -> object:
    found = stated.value("value")
    return tuple(found) if isinstance(found, list) else found
