"""Codes for the records that are there already: when a rule is new, or became another.

Record by record under its lock, some hundreds at a time: what is changed meanwhile is not lost.
"""

from uuid import UUID

from sqlalchemy import delete, insert, select

from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.records.matching import codes
from models.records.matching.finding import MATCHER
from models.records.service import RecordService
from models.security.privileges import Privilege
from models.tables.matching import CodedRule, MatchCode


def code_all(engine: RecordEngine) -> int:
    """Code every record of entities with a rule that is not coded yet; how many they are."""
    catalog, done = engine.catalog, 0
    marks = codes.marks(catalog)
    for name in sorted(engine.run(lambda service: codes.uncoded(catalog, service.transaction))):
        query = Query(entity=name, columns=(catalog.entity(name).primary_id,))
        for chunk in engine.stream(MATCHER, query):
            done += _code(engine, name, [row[0] for row in chunk])
    engine.run(lambda service: _settle(service, set(marks)))
    return done


def _code(engine: RecordEngine, entity_name: str, ids: list[UUID]) -> int:
    def work(service: RecordService) -> int:
        unit, entity = service.unit, service.catalog.entity(entity_name)
        rows = unit.store.locked(MATCHER, Privilege.WRITE, entity, ids)
        unit.transaction.write(delete(MatchCode).where(MatchCode.record_id.in_(list(rows))))
        codes.keep(unit, entity, [(row.id, row.values) for row in rows.values()])
        return len(rows)

    return engine.run(work)


def _settle(service: RecordService, marks: set[int]) -> None:
    """Remember which rules are coded, and forget the codes of those that are no more."""
    write = service.transaction.write
    known = set(service.transaction.lock().execute(select(CodedRule.rule)).scalars())
    for rule in sorted(marks - known):
        write(insert(CodedRule), {"rule": rule})
    for rule in sorted(known - marks):
        write(delete(MatchCode).where(MatchCode.rule == rule))
        write(delete(CodedRule).where(CodedRule.rule == rule))
