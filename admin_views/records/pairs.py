"""The page of likely duplicates: pairs that a rule found, as the caller may see both records."""

from dataclasses import dataclass
from uuid import UUID

from admin_views.language import language
from admin_views.records.likely import Told, told
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.definitions import EntityDefinition
from models.metadata.query import Query
from models.records.matching import candidates, finding
from models.records.matching.candidates import Candidate
from models.records.service import RecordService
from models.security.caller import Caller

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class ShownPair:
    first: Told
    second: Told
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairsPage:
    pairs: tuple[ShownPair, ...]
    after: str
    """Where the next page begins; "" at the end."""


def read_pairs(entity: EntityDefinition, after: str) -> PairsPage:
    caller = signed_in()
    return engine().run(lambda service: _read(service, caller, entity, after))


def pair_of(text: str) -> Pair | None:
    """Two ids, as an address holds them."""
    try:
        first, second = map(UUID, text.split("."))
    except ValueError:
        return None
    return first, second


def _read(
    service: RecordService, caller: Caller, entity: EntityDefinition, after: str
) -> PairsPage:
    found = candidates.candidates(service, caller, entity, after=pair_of(after))
    page = found[: candidates.PAGE]
    records = _records(service, caller, entity, page)
    shown = tuple(
        ShownPair(records[one.first], records[one.second], _labels(service, one))
        for one in page
        if one.first in records and one.second in records
    )
    goes_on = len(found) > len(page)
    return PairsPage(shown, f"{page[-1].first.hex}.{page[-1].second.hex}" if goes_on else "")


def _records(
    service: RecordService, caller: Caller, entity: EntityDefinition, page: list[Candidate]
) -> dict[UUID, Told]:
    ids = tuple({one for pair in page for one in (pair.first, pair.second)})
    if not ids:
        return {}
    columns = finding.shown_columns(entity)
    query = Query(entity=entity.logical_name, columns=columns, ids=ids, page_size=len(ids))
    records = service.retrieve_multiple(caller, query).records
    return {one.id: one for one in (told(entity, record) for record in records)}


def _labels(service: RecordService, candidate: Candidate) -> tuple[str, ...]:
    rules = service.catalog.duplicate_rules
    return tuple(rules[name].display_name.text(language()) for name in candidate.rules)
