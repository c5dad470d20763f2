"""All pairs of an entity's records that a rule finds alike: one stream, codes kept in memory only.

Sealed values are compared under a secret that is made for this once: nothing by which they could
be found again is kept. A record costs 24 bytes, whatever the rule compares.
"""

import os
from array import array
from collections.abc import Iterator
from itertools import combinations, groupby, islice
from uuid import UUID

from models.metadata.duplicate_rules import DuplicateRule
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.engine import RecordEngine
from models.records.matching import comparing
from models.records.matching.finding import MATCHER

MOST_IN_ALL_PAIRS = 10
"""Of more records that are alike, each is paired with the oldest only."""
MOST_PAIRS = 10_000
"""For one rule: nobody looks through more, and those that are done make room."""
Pair = tuple[UUID, UUID]
"""The older record first: ids grow with time."""
SHORT = 8


def pairs(engine: RecordEngine, rule: DuplicateRule) -> list[Pair]:
    """Of records that are not merged nor wait for their confirmation."""
    return list(islice(_pairs(engine, rule), MOST_PAIRS))


def _pairs(engine: RecordEngine, rule: DuplicateRule) -> Iterator[Pair]:
    codes, ids = _coded(engine, rule)
    order = sorted(range(len(codes)), key=codes.__getitem__)
    for _, positions in groupby(order, key=codes.__getitem__):
        group = sorted(bytes(ids[place * 16 : place * 16 + 16]) for place in positions)
        yield from ((UUID(bytes=first), UUID(bytes=second)) for first, second in _paired(group))


def _paired(group: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    if len(group) <= MOST_IN_ALL_PAIRS:
        yield from combinations(group, 2)
    else:
        yield from ((group[0], other) for other in group[1:])


def _coded(engine: RecordEngine, rule: DuplicateRule) -> tuple["array[int]", bytearray]:
    """Of each record that can be like another a short code, and the bytes of its id."""
    entity, secret = engine.catalog.entity(rule.entity), os.urandom(32)
    names = [one.attribute for one in rule.criteria]
    codes, ids = array("Q"), bytearray()
    for chunk in engine.stream(MATCHER, _query(engine, rule, names)):
        for record_id, *values in chunk:
            found = comparing.parts(entity, rule.criteria, dict(zip(names, values, strict=True)))
            if comparing.comparable(rule, found):
                code = comparing.code(secret, 0, found)
                codes.append(int.from_bytes(code[:SHORT], "big"))
                ids += record_id.bytes
    return codes, ids


def _query(engine: RecordEngine, rule: DuplicateRule, names: list[str]) -> Query:
    entity = engine.catalog.entity(rule.entity)
    conditions = []
    waiting = engine.catalog.awaited_statuses(rule.entity)
    if waiting:
        conditions.append(Condition("statuscode", Operator.NOT_IN, tuple(sorted(waiting))))
    if rule.active_only:
        conditions.append(Condition("statecode", Operator.EQUAL, 0))
    columns = (entity.primary_id, *names)
    return Query(entity=rule.entity, columns=columns, filter=Filter(tuple(conditions)))
