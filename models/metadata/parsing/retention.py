"""Retention rules from what was stated."""

from models.metadata.errors import DefinitionError
from models.metadata.parsing.queries import parse_filter
from models.metadata.parsing.stated import Stated
from models.metadata.retention import Action, Period, RetentionRule

YEARS, MONTHS, DAYS = range(101), range(1201), range(36_601)
WITHIN = range(1, 366)


def parse_retention_rule(name: str, stated: Stated) -> RetentionRule:
    rule = RetentionRule(
        name=name,
        entity=stated.text("entity"),
        display_name=stated.label("display_name"),
        keep=_period(stated),
        counted_from=stated.text("from"),
        entered=stated.integers("entered"),
        fiscal_year=stated.flag("fiscal_year", default=False),
        filter=parse_filter(stated.value("filter", []), stated.where),
        action=stated.choice("action", Action, Action.ERASE),
        clears=stated.texts("clears"),
        approval=stated.flag("approval", default=False),
        within_days=stated.integer("within_days", 30, among=WITHIN),
    )
    stated.finish()
    if rule.clears and rule.action is not Action.ANONYMISE:
        raise DefinitionError("'clears' is for anonymise", where=stated.where)
    return rule


def _period(stated: Stated) -> Period:
    part = stated.part("keep")
    if part is None:
        raise DefinitionError("'keep' is missing", where=stated.where)
    period = Period(
        years=part.integer("years", 0, among=YEARS),
        months=part.integer("months", 0, among=MONTHS),
        days=part.integer("days", 0, among=DAYS),
    )
    part.finish()
    if period == Period():
        raise DefinitionError("'keep' has years, months or days", where=part.where)
    return period
