"""The records of an extract as its requester may see them now, in the order of the request.

Those that the requester sees no longer, and those that were erased, are not among them. It makes
no file; it tells by a fingerprint which records, and which linked ones, it came by, and what they
said of a person.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from exchange.extracts import record_ids
from exchange.extracts.entries import names
from exchange.record_file import Rows
from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import DefinitionError
from models.metadata.query import Link, Query
from models.records.engine import RecordEngine
from models.records.sealing import SHREDDED
from models.security.caller import Caller
from models.security.masking import masker

SECRET = "fingerprints of extracts"  # noqa: S105 - what a secret is for
WRITTEN = ("String", "Memo")
"""What anybody may have written anything into."""


class Contents:
    """Iterate once for chunks of rows, a value for each of `columns`. Raises as a stream does."""

    def __init__(
        self,
        engine: RecordEngine,
        caller: Caller,
        extract: Any,
        *,
        query: Query,
        masked: Collection[str] = (),
    ) -> None:
        """`query` names the columns; those of `masked` count as if they were, though the caller
        may see more by now. AccessDenied where the caller may not read one of them."""
        caller = caller.for_purpose(extract.purpose)
        self._engine, self._caller, self._extract_id = engine, caller, extract.id
        self._query, self._helpers = _with_ids(engine.catalog, query)
        stream = engine.stream(caller, replace(self._query, ids=()))
        self._all = stream.columns
        self._shown = [n for n in range(len(self._all)) if n not in self._helpers]
        self._sealed = [n for n, column in enumerate(self._all) if column.sealed]
        self._own = range(1, 1 + len(query.columns))
        told = _telling(engine.catalog)
        self._told = [n for n, column in enumerate(self._all) if told(column)]
        rules = engine.catalog.masking_rules
        self._maskers = {
            n: masker(self._all[n], rules)
            for n, name in enumerate(stream.names)
            if name in masked and name not in stream.masked
        }
        self._hash = hmac.new(engine.keyring.secret(SECRET), digestmod=hashlib.sha256)
        self.masked = frozenset(stream.masked)

    @property
    def columns(self) -> tuple[AttributeDefinition, ...]:
        return tuple(self._all[position] for position in self._shown)

    @property
    def fingerprint(self) -> str:
        """Of the records that came by. Keyed: of few records one could try what they said."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[Rows]:
        for ids in record_ids.kept(self._engine.database, self._extract_id):
            rows = self._seen(ids)
            if not rows:
                continue
            self._hash.update(b"".join(map(self._trace, rows)))
            yield [tuple(row[position] for position in self._shown) for row in rows]

    def _seen(self, ids: tuple[UUID, ...]) -> Rows:
        place = {record_id: number for number, record_id in enumerate(ids)}
        stream = self._engine.stream(self._caller, replace(self._query, ids=ids))
        stream.begin = None  # what was searched by was noted when it was asked for
        rows = [row for chunk in stream for row in chunk if not self._is_erased(row)]
        return sorted(rows, key=lambda row: place[row[0]])

    def _is_erased(self, row: tuple[Any, ...]) -> bool:
        return any(row[position] is SHREDDED for position in self._sealed if position in self._own)

    def _trace(self, row: tuple[Any, ...]) -> bytes:
        """Which record, which linked ones, and what they say of a person, as it is shown."""
        ids = [row[position] for position in self._helpers]
        return repr((ids, [self._shown_at(position, row) for position in self._told])).encode()

    def _shown_at(self, position: int, row: tuple[Any, ...]) -> object:
        value, mask = row[position], self._maskers.get(position)
        return value if mask is None or value is None or value is SHREDDED else mask(value)


def query_of(catalog: Catalog, extract: Any) -> Query:
    """All columns of the request, of its view's linked entities too. DefinitionError where those
    are others by now than were approved."""
    view = catalog.views.get(extract.view)
    links = view.query.links if view is not None else ()
    if not hmac.compare_digest(links_digest(links), extract.links):
        raise DefinitionError("the view's links were changed since the request")
    own = tuple(name for name in names(extract.columns) if "." not in name)
    outer = tuple(replace(link, inner=False) for link in links if link.columns)
    return Query(entity=extract.entity, columns=own, links=outer)


def entities_of(catalog: Catalog, extract: Any) -> set[str]:
    """Of which records its file is. Raises as `query_of`."""
    query = query_of(catalog, extract)
    attributes = catalog.entity(query.entity).attributes
    return {query.entity, *(attributes[link.lookup].targets[0] for link in query.links)}


def traces_of(catalog: Catalog, query: Query) -> Query:
    """Of these columns those only that tell whether a person was erased, made nobody's, or said
    to be otherwise: what else becomes of a record, its status above all, leaves a file as it is.
    """
    entity, told = catalog.entity(query.entity), _telling(catalog)
    columns = tuple(name for name in query.columns if told(entity.attributes[name]))
    links = []
    for link in query.links:
        target = catalog.entity(entity.attributes[link.lookup].targets[0])
        kept = tuple(name for name in link.columns if told(target.attributes[name]))
        links.append(replace(link, columns=kept))
    return replace(query, columns=columns, links=tuple(links))


def links_digest(links: tuple[Link, ...]) -> str:
    return hashlib.sha256(repr(links).encode()).hexdigest() if links else ""


def _with_ids(catalog: Catalog, query: Query) -> tuple[Query, tuple[int, ...]]:
    """The query with the ids of records and linked records before their columns, and where
    those stand."""
    entity = catalog.entity(query.entity)
    places, links = [0], []
    next_place = 1 + len(query.columns)
    for link in query.links:
        target = catalog.entity(entity.attributes[link.lookup].targets[0])
        links.append(replace(link, columns=(target.primary_id, *link.columns)))
        places.append(next_place)
        next_place += 1 + len(link.columns)
    widened = replace(query, columns=(entity.primary_id, *query.columns), links=tuple(links))
    return widened, tuple(places)


def _telling(catalog: Catalog) -> Callable[[AttributeDefinition], bool]:
    """Whether a value of an attribute may say something of a person: it is personal or sealed, a
    text, emptied with the person, or follows from what may be."""
    rules = catalog.retention_rules.values()
    cleared = {catalog.entity(r.entity).attributes[n].number for r in rules for n in r.clears}

    def told(column: AttributeDefinition) -> bool:
        is_guarded = column.personal or column.sealed or column.secured
        follows = column.calculated is not None
        may_say = is_guarded or follows or column.type in WRITTEN
        return may_say or column.number in cleared

    return told
