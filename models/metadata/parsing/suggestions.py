"""Suggestion rules from what was stated."""

from models.metadata.errors import DefinitionError
from models.metadata.parsing.queries import parse_filter
from models.metadata.parsing.stated import Stated
from models.metadata.suggestions import SharedTrait, SuggestionRule

MOST_TRAITS = 8


def parse_suggestion_rule(name: str, stated: Stated) -> SuggestionRule:
    rule = SuggestionRule(
        name=name,
        entity=stated.text("entity"),
        display_name=stated.label("display_name"),
        candidates=stated.text("candidates"),
        filter=parse_filter(stated.value("filter", []), stated.where),
        traits=tuple(_trait(part) for part in stated.items("traits")),
        joined_by=stated.text("joined_by", ""),
    )
    stated.finish()
    if not 0 < len(rule.traits) <= MOST_TRAITS:
        message = f"a suggestion has 1 to {MOST_TRAITS} traits"
        raise DefinitionError(message, where=stated.where)
    return rule


def _trait(stated: Stated) -> SharedTrait:
    trait = SharedTrait(stated.text("attribute"), stated.text("with"))
    stated.finish()
    return trait
