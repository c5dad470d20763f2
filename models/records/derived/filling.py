"""Derived values of records that are there already: when an attribute is new, or is reckoned
otherwise than before; and each night, of all, in case a process wrote by metadata of before.

Looked at some hundreds at a time without a lock; only what is wrong is locked and put right, so
that what was broken off goes on where it ended. What is not changed is not written.
"""

import hashlib
from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import delete, insert, select

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.derivations import derivation
from models.metadata.query import Query
from models.records.derived import rolling_up
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.derived import FilledAttribute
from models.tables.session import Transaction

FILLER = Caller.system("reckoning what follows from other values")


def fill(engine: RecordEngine, *, everywhere: bool = False) -> int:
    """Put right what is wrong in entities with an attribute that is not filled yet, or in all;
    how many records that were. Rollups come last: they follow from what is calculated."""
    catalog = engine.catalog
    marks = _marks(catalog)
    missing = engine.run(lambda service: unfilled(catalog, service.transaction))
    names = set(catalog.entities) if everywhere else missing
    wanted = [catalog.entities[name] for name in sorted(names)]
    done = sum(_fill(engine, e) for e in wanted if e.stored_calculations)
    done += sum(_fill(engine, e) for e in wanted if e.rollups)
    engine.run(lambda service: _settle(service, marks))
    return done


def unfilled(catalog: Catalog, transaction: Transaction) -> set[str]:
    """The entities with an attribute of which records may still lack their value."""
    marks = _marks(catalog)
    known = _known(transaction) if marks else {}
    return {
        entity.logical_name
        for entity, attribute in _derived(catalog)
        if known.get(attribute.number) != marks[attribute.number]
    }


def settle_empty(catalog: Catalog, transaction: Transaction) -> None:
    """To be called when metadata becomes live: of an entity without records nothing is missing."""
    marks, known = _marks(catalog), _known(transaction)
    for entity, attribute in _derived(catalog):
        table, number = catalog.tables.entities[entity.logical_name], attribute.number
        is_empty = transaction.read(select(table.c.id).limit(1)).first() is None
        if known.get(number) != marks[number] and is_empty:
            _remember(transaction, {number: marks[number]})


def _fill(engine: RecordEngine, entity: EntityDefinition) -> int:
    query = Query(entity=entity.logical_name, columns=(entity.primary_id,))
    return sum(
        _put_right(engine, entity.logical_name, [row[0] for row in chunk])
        for chunk in engine.stream(FILLER, query)
    )


def _put_right(engine: RecordEngine, name: str, ids: list[UUID]) -> int:
    def work(service: RecordService) -> int:
        unit, entity = service.unit, service.catalog.entity(name)
        transaction, catalog = unit.transaction, unit.catalog
        rows = rolling_up.present(transaction, catalog, entity, ids, locked=False)
        wrong = list(rolling_up.differences(transaction, catalog, entity, rows))
        if not wrong:
            return 0
        transaction.lock()
        rows = rolling_up.present(transaction, catalog, entity, wrong, locked=True)
        changes = rolling_up.differences(transaction, catalog, entity, rows)
        unit.store.set_derived(entity, changes)
        return len(changes)

    return engine.run(work)


def _settle(service: RecordService, marks: dict[int, int]) -> None:
    """Remember what is filled, and forget what is no more, or is reckoned otherwise."""
    known = _known(service.transaction)
    if known == marks:
        return
    gone = [number for number, mark in known.items() if marks.get(number) != mark]
    _forget(service.transaction, gone)
    _remember(service.transaction, {n: m for n, m in marks.items() if known.get(n) != m})


def _known(transaction: Transaction) -> dict[int, int]:
    statement = select(FilledAttribute.attribute_number, FilledAttribute.mark)
    return {row.attribute_number: row.mark for row in transaction.read(statement)}


def _remember(transaction: Transaction, marks: dict[int, int]) -> None:
    _forget(transaction, marks)
    for number, mark in sorted(marks.items()):
        transaction.write(insert(FilledAttribute), {"attribute_number": number, "mark": mark})


def _forget(transaction: Transaction, numbers: Collection[int]) -> None:
    of_these = FilledAttribute.attribute_number.in_(list(numbers))
    if numbers:
        transaction.write(delete(FilledAttribute).where(of_these))


def _marks(catalog: Catalog) -> dict[int, int]:
    """Of each derived attribute with a column the mark of what it follows from."""
    found = {}
    for entity, attribute in _derived(catalog):
        said = "\n".join(derivation(catalog, entity, attribute.logical_name))
        digest = hashlib.sha256(said.encode()).digest()
        found[attribute.number] = int.from_bytes(digest[:8], "big", signed=True)
    return found


def _derived(catalog: Catalog) -> Iterator[tuple[EntityDefinition, AttributeDefinition]]:
    for entity in catalog.entities.values():
        for attribute in (*entity.stored_calculations, *entity.rollups):
            yield entity, attribute
