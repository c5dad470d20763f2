"""Match codes: written in the record's own transaction, asked when a record is entered.

Only for rules that compare no sealed value: those ask the blind index. Entities without such a
rule are left alone. Codes are derived data; a job makes them anew when a rule became another.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.duplicate_rules import DuplicateRule
from models.records.matching import comparing
from models.records.unit import UnitOfWork
from models.tables.base import table_of
from models.tables.matching import CodedRule, MatchCode
from models.tables.session import Transaction

SECRET = "matching"  # noqa: S105 - the purpose of a secret, not one
MOST_FOUND = 1000
"""A text that more records share is nobody's own."""
Named = Sequence[tuple[UUID, dict[str, Any]]]
"""Records by id: those of their values that are not sealed, in clear."""


def coded(catalog: Catalog, entity: EntityDefinition) -> tuple[DuplicateRule, ...]:
    """The entity's rules that go by codes."""
    return tuple(
        rule
        for rule in catalog.duplicate_rules_of(entity.logical_name)
        if not any(entity.attributes[one.attribute].sealed for one in rule.criteria)
    )


def keep(unit: UnitOfWork, entity: EntityDefinition, records: Named) -> None:
    """Write the codes of new records."""
    rows = list(_rows(unit, entity, records, coded(unit.catalog, entity)))
    if rows:
        unit.transaction.insert(table_of(MatchCode), rows)


def renew(unit: UnitOfWork, entity: EntityDefinition, records: Named, *, names: set[str]) -> None:
    """Write the codes of records anew of which `names` were changed."""
    compared = {one.attribute for rule in coded(unit.catalog, entity) for one in rule.criteria}
    if compared & names:
        ids = [record_id for record_id, _ in records]
        unit.transaction.write(delete(MatchCode).where(MatchCode.record_id.in_(ids)))
        keep(unit, entity, records)


def found(
    unit: UnitOfWork, entity: EntityDefinition, rule: DuplicateRule, values: dict[str, Any]
) -> list[UUID]:
    """The records that the rule finds like these values, the newest first."""
    row = next(_rows(unit, entity, [(UUID(int=0), values)], (rule,)), None)
    if row is None:
        return []
    entry = MatchCode
    same = entry.rule == row["rule"], entry.code == row["code"]
    newest = select(entry.record_id).where(*same).order_by(entry.record_id.desc())
    return list(unit.transaction.read(newest.limit(MOST_FOUND)).scalars())


def marks(catalog: Catalog) -> dict[int, str]:
    """Of each rule that goes by codes its mark, and its entity."""
    return {
        comparing.mark(entity, rule): entity.logical_name
        for entity in catalog.entities.values()
        for rule in coded(catalog, entity)
    }


def uncoded(catalog: Catalog, transaction: Transaction) -> set[str]:
    """The entities with a rule of which records may still lack their codes."""
    wanted = marks(catalog)
    known = set(transaction.read(select(CodedRule.rule)).scalars()) if wanted else set()
    return {entity for mark, entity in wanted.items() if mark not in known}


def settle_empty(catalog: Catalog, transaction: Transaction) -> None:
    """To be called when rules become live: of an entity without records nothing lacks codes."""
    known = set(transaction.lock().execute(select(CodedRule.rule)).scalars())
    for mark, name in marks(catalog).items():
        table = catalog.tables.entities[name]
        if mark not in known and transaction.read(select(table.c.id).limit(1)).first() is None:
            transaction.write(insert(CodedRule), {"rule": mark})


def _rows(
    unit: UnitOfWork, entity: EntityDefinition, records: Named, rules: Sequence[DuplicateRule]
) -> Iterator[dict[str, Any]]:
    for rule in rules:
        secret, mark = unit.keyring.secret(SECRET), comparing.mark(entity, rule)
        for record_id, values in records:
            parts = comparing.parts(entity, rule.criteria, values)
            if comparing.comparable(rule, parts):
                code = comparing.code(secret, mark, parts)
                yield {"rule": mark, "code": code, "record_id": record_id}
