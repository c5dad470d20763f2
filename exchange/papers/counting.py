"""How many persons a file of personal data is about, as far as that can be told: records with a
confirmed address. Who applied twice counts twice, so that there may be fewer persons; addresses
are not compared, since the index of one month does not know that of another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.privacy import PrivacyDefinition
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.service import RecordService
from models.records.tallying import Tally
from models.security.caller import Caller

COUNTER = Caller.system("counting the persons of a file")


class Reach(StrEnum):
    """Where a count stands to the number from which a register is published."""

    BELOW = "below"
    NEAR = "near"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Counted:
    entity: EntityDefinition
    privacy: PrivacyDefinition
    count: int

    @property
    def reach(self) -> Reach:
        if self.count >= self.privacy.register_from:
            return Reach.REACHED
        return Reach.NEAR if self.count >= self.privacy.warn_from else Reach.BELOW


def personal_entities(catalog: Catalog) -> Iterator[EntityDefinition]:
    """Those with personal attributes, in the catalog's order; their activities are theirs."""
    for entity in catalog.entities.values():
        is_own = catalog.regarding(entity.logical_name) is None
        if is_own and any(one.personal for one in entity.attributes.values()):
            yield entity


def count_persons(service: RecordService) -> list[Counted]:
    """Of each file of personal data."""
    catalog = service.catalog
    return [
        Counted(one, catalog.privacy_of(one.logical_name), _count(service, one))
        for one in personal_entities(catalog)
    ]


def _count(service: RecordService, entity: EntityDefinition) -> int:
    awaited = service.catalog.awaited_statuses(entity.logical_name)
    unconfirmed = Condition("statuscode", Operator.NOT_IN, tuple(sorted(awaited)))
    query = Query(entity=entity.logical_name, filter=Filter((unconfirmed,) if awaited else ()))
    return int(service.tally(COUNTER, Tally(query=query)).get((), 0))
