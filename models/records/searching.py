"""Searches by personal attributes: answered by the blind index, and never without a trace.

The audit learns which attributes were asked about and how many records were found, never the value
asked for; it is noted here, for every door alike.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.query import Filter, Query
from models.records.auditing import Act
from models.records.blind_search import matching_ids
from models.records.conditions import SealedSearch
from models.records.selecting import QueryCompiler
from models.records.unit import UnitOfWork
from models.security.caller import Caller


def sealed_search(unit: UnitOfWork) -> SealedSearch:
    """Answers conditions on sealed attributes; the same one twice at the cost of one."""
    answers: dict[tuple[int, str], Sequence[UUID]] = {}

    def search(
        entity: EntityDefinition, attribute: AttributeDefinition, text: str
    ) -> Sequence[UUID]:
        key = attribute.number, text
        if key not in answers:
            answers[key] = matching_ids(
                unit.transaction.connection,
                unit.keyring,
                question=(entity, attribute, text),
                table=unit.store.table(entity),
            )
        return answers[key]

    return search


def note(unit: UnitOfWork, caller: Caller, query: Query, *, compiler: QueryCompiler) -> None:
    """The platform's own questions are nobody's search."""
    names = asked_about(unit.catalog, query) if caller.kind != "system" else ()
    if names:
        found = unit.transaction.read(compiler.count(query)).scalar_one()
        details = {"attributes": list(names), "found": found}
        unit.auditing.act(caller, Act(action="search", entity=query.entity, details=details))


def note_stream(unit: UnitOfWork, caller: Caller, query: Query) -> None:
    """For records that are read outside of the unit of work."""
    note(unit, caller, query, compiler=QueryCompiler(unit.catalog, caller, sealed_search(unit)))


def asked_about(catalog: Catalog, query: Query) -> tuple[str, ...]:
    """The personal or secured attributes that conditions name, each once; those of a linked
    entity behind their lookup."""
    entity = catalog.entity(query.entity)
    found = list(_personal(entity, query.filter))
    for link in query.links:
        target = catalog.entity(entity.attributes[link.lookup].targets[0])
        found += [f"{link.lookup}.{name}" for name in _personal(target, link.filter)]
    return tuple(dict.fromkeys(found))


def _personal(entity: EntityDefinition, part: Filter) -> Iterator[str]:
    for one in part.parts:
        if isinstance(one, Filter):
            yield from _personal(entity, one)
        else:
            attribute = entity.attributes[one.attribute]
            if attribute.personal or attribute.secured or attribute.sealed:
                yield one.attribute
