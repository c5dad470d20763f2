"""Figures of access: lists by access level beside the unfiltered one, and what the audit costs.

Records are spread over owners and business units as an office has them, by plain SQL; every page
opens its sealed values and is noted in the audit, as it is for a person.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import bindparam, update

from bench.installation import BATCH, ENTITY, Installation
from bench.measuring import Latencies, Table, timed, verdict
from models.metadata.query import Page, Query
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from models.tables.base import new_id

TIMES = 300
AIM = 2.0
FEW, MANY = 50, 0.02
SMALL, LARGE, TREE, UNITS = 0.01, 0.30, 0.20, 20


@dataclass(frozen=True)
class Place:
    """An owner in a business unit, and its share of the records (a number, if above 1)."""

    share: float
    owner: UUID
    unit: UUID

    @classmethod
    def new(cls, share: float) -> "Place":
        return cls(share, new_id(), new_id())


def lists_by_access_level(table: Table, installation: Installation, *, rows: int) -> None:
    table.section("First page of 50 by access level, by the record service")
    few, many, small, large = (Place.new(share) for share in (FEW / rows, MANY, SMALL, LARGE))
    tree = [Place.new(TREE / UNITS) for _ in range(UNITS)]
    _spread(installation, [few, many, small, large, *tree])
    readers = {
        "Global: the unfiltered query": installation.official,
        f"Basic: owner of {FEW}": _reader(installation, few, AccessLevel.BASIC),
        f"Basic: owner of {MANY:.0%}": _reader(installation, many, AccessLevel.BASIC),
        f"Local: unit with {SMALL:.0%}": _reader(installation, small, AccessLevel.LOCAL),
        f"Local: unit with {LARGE:.0%}": _reader(installation, large, AccessLevel.LOCAL),
        f"Deep: {UNITS} units with {TREE:.0%}": _reader(
            installation, tree[0], AccessLevel.DEEP, below=tree
        ),
    }
    query = replace(installation.query, page_size=50)
    found = {name: Latencies() for name in readers}
    for _ in range(TIMES):  # by turns: whatever else the machine does slows all of them
        for name, caller in readers.items():
            once = timed(lambda _, c=caller: _page(installation, c, query), range(1))
            found[name].seconds += once.seconds
    unfiltered = found.pop("Global: the unfiltered query")
    table.add("Global: the unfiltered query", unfiltered.spread)
    for name, latencies in found.items():
        share = latencies.of(0.5) / unfiltered.of(0.5)
        aim = f"{share:.2f} × unfiltered (≤ {AIM:.0f})"
        table.add(name, latencies.spread, "", verdict(aim, reached=share <= AIM))


def _page(installation: Installation, caller: Caller, query: Query) -> Page:
    return installation.engine.run(lambda service: service.retrieve_multiple(caller, query))


def _reader(
    installation: Installation, place: Place, level: AccessLevel, *, below: Sequence[Place] = ()
) -> Caller:
    """Somebody there, with the official's rights on attributes."""
    return replace(
        installation.official,
        id=place.owner,
        business_unit=place.unit,
        units_below=frozenset(one.unit for one in below),
        teams=frozenset(),
        privileges={(ENTITY, Privilege.READ): level},
        team_reaches={},
    )


def _spread(installation: Installation, places: Sequence[Place]) -> None:
    """Give each place its share, by chance; the rest stays where it is."""
    table = installation.engine.catalog.tables.entities[ENTITY]
    statement = (
        update(table)
        .where(table.c.id == bindparam("record"))
        .values(ownerid=bindparam("owner"), owningbusinessunit=bindparam("unit"))
    )
    with installation.engine.database.engine.connect() as connection:
        ids = list(connection.scalars(table.select().with_only_columns(table.c.id)))
    given = list(_given(ids, places))
    for start in range(0, len(given), BATCH):
        part = given[start : start + BATCH]
        installation.engine.database.run(lambda t, rows=part: t.write(statement, rows))


def _given(ids: list[UUID], places: Sequence[Place]) -> Iterator[dict[str, UUID]]:
    random.Random(5).shuffle(ids)
    start = 0
    for place in places:
        end = start + round(place.share * len(ids))
        for record in ids[start:end]:
            yield {"record": record, "owner": place.owner, "unit": place.unit}
        start = end
