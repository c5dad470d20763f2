"""How long the records of a file are kept, in words: as its retention rules say, or else as it is
stated for the file.
"""

from collections.abc import Iterator

from exchange.papers.known import Known
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label
from models.metadata.retention import Action, Period, RetentionRule

YEARS, MONTHS = Label("{number}年", "{number} year(s)"), Label("{number}か月", "{number} month(s)")
DAYS = Label("{number}日", "{number} day(s)")
RULE = Label(
    "{name}：{start}から{period}。満了後に{action}{approval}",
    "{name}: {period} from {start}; then {action}{approval}",
)
FROM_DAY = Label("「{attribute}」の翌日", "the day after “{attribute}”")
FROM_YEAR = Label("「{attribute}」の翌年度4月1日", "1 April after “{attribute}”")
ACTIONS = {
    Action.ERASE: Label("消去", "erased"),
    Action.ANONYMISE: Label("個人情報の項目を消去（匿名化）", "made anonymous"),
}
APPROVED = Label("（承認が必要）", " (with approval)")


def kept_for(known: Known, entity: EntityDefinition) -> Iterator[str]:
    """Each rule on a line of its own, and what is stated besides."""
    for rule in known.catalog.retention_of(entity.logical_name):
        yield _told(known, entity, rule)
    yield known.say(known.file(entity).retention)


def _told(known: Known, entity: EntityDefinition, rule: RetentionRule) -> str:
    attribute = entity.attributes.get(rule.counted_from)
    counted = known.say(attribute.display_name) if attribute else rule.counted_from
    start = FROM_YEAR if rule.fiscal_year else FROM_DAY
    return known.say(RULE).format(
        name=known.say(rule.display_name) or rule.name,
        start=known.say(start).format(attribute=counted),
        period=_period(known, rule.keep),
        action=known.say(ACTIONS[rule.action]),
        approval=known.say(APPROVED) if rule.approval else "",
    )


def _period(known: Known, period: Period) -> str:
    parts = ((YEARS, period.years), (MONTHS, period.months), (DAYS, period.days))
    told = [known.say(label).format(number=number) for label, number in parts if number]
    return (" " if known.language == "en" else "").join(told)
