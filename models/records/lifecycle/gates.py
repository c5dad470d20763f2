"""What a stage asks of another entity's records: that one points to the record in process which is
complete, and as the stage's filter has it.

The platform looks, whoever asks: that a record is complete is no secret of its own.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from models.metadata.definitions import EntityDefinition
from models.metadata.labels import LANGUAGES, Label
from models.metadata.processes import StageDefinition
from models.metadata.query import Condition, Operator
from models.records.conditions import filter_clause
from models.records.selecting import finding_nothing
from models.records.store import chunks
from models.records.unit import UnitOfWork


def let_through(unit: UnitOfWork, stage: StageDefinition, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the records `ids` to which one points that has all that the stage asks for."""
    related = unit.catalog.entity(stage.entity)
    table = unit.store.table(related)
    lookup = table.c[stage.lookup]
    fits = filter_clause(related, table, stage.asks, search=finding_nothing)
    found: set[UUID] = set()
    for chunk in chunks(ids, 500):
        statement = select(lookup).where(lookup.in_(chunk), fits)
        found |= set(unit.transaction.lock().execute(statement).scalars())
    return found


def asked(related: EntityDefinition, stage: StageDefinition) -> Label:
    """What the stage asks for, in words: attributes, and where options are asked for, which."""
    told = [related.attributes[name].display_name for name in stage.requires]
    told += [_condition(related, one) for one in stage.filter.conditions]
    return _joined(told, "、", ", ")


def _condition(related: EntityDefinition, condition: Condition) -> Label:
    attribute = related.attributes[condition.attribute]
    options = tuple(_options(related, condition))
    if not options or condition.operator not in {Operator.EQUAL, Operator.IN}:
        return attribute.display_name
    return _joined([attribute.display_name, _joined(options, "／", " / ")], "：", ": ")


def _options(related: EntityDefinition, condition: Condition) -> Iterator[Label]:
    options, value = related.attributes[condition.attribute].options, condition.value
    for one in value if isinstance(value, tuple) else (value,):
        option = options.option(int(one)) if options and isinstance(one, int) else None
        if option is not None:
            yield option.label


def _joined(labels: Sequence[Label], *joins: str) -> Label:
    """By one join for each language."""
    texts = (
        join.join(label.text(language) for label in labels)
        for language, join in zip(LANGUAGES, joins, strict=True)
    )
    return Label(*texts)
