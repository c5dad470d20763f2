"""The jobs of duplicate detection, as a worker does them."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete, select

from jobs.duplicates import FIND, REBUILD
from jobs.outbox import ask_for
from models.records.engine import RecordEngine
from models.records.matching import finding
from models.tables.base import table_of, utc_now
from models.tables.matching import CodedRule, DuplicateCandidate, MatchCode
from models.tables.record_data import SystemJob
from tests.jobs.post import WorkerOf
from tests.models.office import member, system

APPLICANT = "tst_applicant"
HANA = {"tst_applicantname": "はな", "tst_town": "仕事町"}


def apply(engine: RecordEngine, **values: object) -> UUID:
    batch = [HANA | values]
    return engine.run(lambda s: s.create_multiple(system(engine), APPLICANT, batch))[0]


def pairs(engine: RecordEngine, rule: str) -> set[tuple[UUID, UUID]]:
    candidate = DuplicateCandidate
    statement = select(candidate.first_id, candidate.second_id).where(candidate.rule == rule)
    with engine.database.reading() as connection:
        return {(row.first_id, row.second_id) for row in connection.execute(statement)}


def test_what_is_asked_for_is_done_once(engine: RecordEngine, work: Callable[[], int]) -> None:
    first, second = apply(engine), apply(engine, tst_applicantname="ハナ")
    asked = [engine.database.run(lambda t: ask_for(t, FIND)) for _ in range(3)]
    assert asked == [True, False, False]
    assert work() == 1
    assert (first, second) in pairs(engine, "tst_same_name")
    assert engine.database.run(lambda t: ask_for(t, FIND)), "it may be asked for again"


def test_codes_are_made_when_a_rule_is_new(engine: RecordEngine, worker_of: WorkerOf) -> None:
    record = apply(engine, tst_town="符号町")
    for table in (CodedRule, MatchCode):
        engine.database.run(lambda t, table=table: t.write(delete(table)))
    assert worker_of(engine)() == 1
    with engine.database.reading() as connection:
        kinds = set(connection.scalars(select(SystemJob.kind)))
    assert kinds >= {REBUILD}
    values = HANA | {"tst_town": "符号町"}
    clerk = member(engine)
    found = engine.run(lambda s: finding.like_new(s, clerk, APPLICANT, values))
    assert {one["id"] for each in found for one in each.records} == {record}


def test_a_rule_that_is_gone_leaves_nothing(engine: RecordEngine, work: Callable[[], int]) -> None:
    row = {"rule": "tst_of_yore", "entity": APPLICANT, "found_on": utc_now()}
    row |= {"first_id": apply(engine), "second_id": apply(engine)}
    engine.database.run(lambda t: t.insert(table_of(DuplicateCandidate), [row]))
    assert pairs(engine, "tst_of_yore")
    engine.database.run(lambda t: ask_for(t, FIND))
    work()
    assert pairs(engine, "tst_of_yore") == set()
