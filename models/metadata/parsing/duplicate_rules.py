"""Duplicate detection rules from what was stated."""

from models.metadata.duplicate_rules import Criterion, DuplicateRule, Match
from models.metadata.errors import DefinitionError
from models.metadata.parsing.stated import Stated

LENGTHS = range(1, 101)
WITH_LENGTH = {Match.SAME_FIRST, Match.SAME_LAST}
MOST_CRITERIA = 8


def parse_duplicate_rule(name: str, stated: Stated) -> DuplicateRule:
    status = stated.value("merged_status", None)
    rule = DuplicateRule(
        name=name,
        entity=stated.text("entity"),
        display_name=stated.label("display_name"),
        criteria=tuple(_criterion(item) for item in stated.items("criteria")),
        ignore_blank=stated.flag("ignore_blank", default=True),
        active_only=stated.flag("active_only", default=True),
        merged_status=None if status is None else stated.integer("merged_status"),
    )
    stated.finish()
    named = {criterion.attribute for criterion in rule.criteria}
    if not 0 < len(rule.criteria) <= MOST_CRITERIA or len(named) < len(rule.criteria):
        message = f"a rule has 1 to {MOST_CRITERIA} criteria, each of another attribute"
        raise DefinitionError(message, where=stated.where)
    return rule


def _criterion(stated: Stated) -> Criterion:
    match = stated.choice("match", Match, Match.EXACT)
    has_length = match in WITH_LENGTH
    criterion = Criterion(
        attribute=stated.text("attribute"),
        match=match,
        length=stated.integer("length", among=LENGTHS) if has_length else 0,
    )
    stated.finish()
    return criterion
