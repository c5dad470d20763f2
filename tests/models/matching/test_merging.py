"""Merging: one record is left that has everything, once, by those who may; on both databases."""

from dataclasses import replace
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import select

from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    DefinitionError,
    RecordNotFound,
    ValidationFailed,
)
from models.metadata.query import Query, Related
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.matching import candidates, finding, grouping, merging
from models.records.matching.merging import Merging
from models.security.caller import Caller
from models.security.privileges import AccessLevel, FieldRights, Privilege, Unmasked
from models.tables.base import utc_now
from models.tables.matching import MergedRecord
from models.tables.record_data import AuditEntry
from tests.models.office import member, system
from tests.support.crowd import at_once

APPLICANT, REQUEST = "tst_applicant", "tst_request"
TOWNS = count()
HANA = {"tst_applicantname": "はな", "tst_applicantmail": "hana@example.jp"}
TARO = {"tst_applicantname": "ハナ", "tst_applicantmail": "taro@example.jp"}
MERGED = 4


@pytest.fixture(scope="module")
def clerk(engine: RecordEngine) -> Caller:
    return member(engine)


def pair(engine: RecordEngine, caller: Caller, **second: object) -> tuple[UUID, UUID]:
    town = {"tst_town": f"統合{next(TOWNS)}丁目"}
    batch = [HANA | town, TARO | town | second]
    first, other = engine.run(lambda s: s.create_multiple(caller, APPLICANT, batch))
    return first, other


def merge(engine: RecordEngine, caller: Caller, wanted: Merging) -> None:
    engine.run(lambda s: merging.merge(s, caller, APPLICANT, wanted))


def of(engine: RecordEngine, record: UUID) -> dict[str, object]:
    return engine.run(lambda s: s.retrieve(system(engine), APPLICANT, record))


def versions(engine: RecordEngine, *records: UUID) -> dict[UUID, int]:
    return {record: int(str(of(engine, record)["versionnumber"])) for record in records}


def test_the_master_stays_and_the_other_ends(engine: RecordEngine, clerk: Caller) -> None:
    first, second = pair(engine, clerk, tst_languages=["1", "2"])
    taken = frozenset({"tst_applicantmail", "tst_languages"})
    known = versions(engine, first, second)
    merge(engine, clerk, Merging(master=first, other=second, versions=known, taken=taken))
    master, other = of(engine, first), of(engine, second)
    assert master["tst_applicantmail"] == "taro@example.jp", "under the master's own key"
    assert (master["tst_applicantname"], master["tst_languages"]) == ("はな", (1, 2))
    assert master["statecode"] == 0
    assert (other["statecode"], other["statuscode"]) == (1, MERGED)
    assert other["tst_applicantmail"] == "taro@example.jp", "nothing is lost"
    engine.run(lambda s: s.delete_multiple(clerk, APPLICANT, [Deletion(second)]))
    assert of(engine, first)["tst_applicantmail"] == "taro@example.jp"


def test_everything_that_pointed_to_the_other_points_to_the_master(
    engine: RecordEngine, clerk: Caller
) -> None:
    first, second = pair(engine, clerk)
    [friend, _] = pair(engine, clerk)

    def relate(service: object) -> tuple[UUID, UUID]:
        give = service.create_multiple  # type: ignore[attr-defined]
        [request] = give(clerk, REQUEST, [{"tst_requester": second}])
        [rule] = give(clerk, "tst_rule", [{"tst_text": "規則"}])
        pairs = [(second, friend), (friend, second), (first, second)]
        service.associate(clerk, "tst_applicant_friends", pairs)  # type: ignore[attr-defined]
        service.associate(clerk, "tst_applicant_rules", [(first, rule), (second, rule)])  # type: ignore[attr-defined]
        change = Change(first, {"tst_introducer": second})
        service.update_multiple(clerk, APPLICANT, [change])  # type: ignore[attr-defined]
        return request, rule

    request, rule = engine.run(relate)
    merge(engine, clerk, Merging(master=first, other=second))
    found = engine.run(lambda s: s.retrieve(clerk, REQUEST, request))
    assert found["tst_requester"] == first
    assert of(engine, first)["tst_introducer"] is None, "nobody introduces themselves"

    def related(relationship: str, record: UUID, entity: str, side: str = "first") -> set[UUID]:
        asked = Related(relationship, record, side)  # type: ignore[arg-type]
        query = Query(entity=entity, related=asked)
        page = engine.run(lambda s: s.retrieve_multiple(clerk, query))
        return {one["id"] for one in page.records}  # type: ignore[misc]

    assert related("tst_applicant_friends", first, APPLICANT) == {friend}
    assert related("tst_applicant_friends", first, APPLICANT, "second") == {friend}
    assert related("tst_applicant_rules", first, "tst_rule") == {rule}
    for name in ("tst_applicant_friends", "tst_applicant_rules"):
        table = engine.catalog.tables.intersects[name]
        with engine.database.reading() as connection:
            rows = connection.execute(select(table)).all()
        assert all(second not in row for row in rows)


def test_both_histories_tell_it(engine: RecordEngine, clerk: Caller) -> None:
    first, second = pair(engine, clerk)
    merge(
        engine,
        clerk,
        Merging(master=first, other=second, taken=frozenset({"tst_applicantmail"})),
    )
    statement = select(AuditEntry.record_id, AuditEntry.body).where(AuditEntry.action == "merge")
    with engine.database.reading() as connection:
        bodies = {row.record_id: row.body for row in connection.execute(statement)}
        into = select(MergedRecord.master_id).where(MergedRecord.record_id == second)
        assert connection.scalar(into) == first
    assert second.hex in bodies[first]
    assert "tst_applicantmail" in bodies[first]
    assert first.hex in bodies[second]
    assert "taro@" not in "".join(bodies.values())


def refuse(engine: RecordEngine, caller: Caller, wanted: Merging, error: type[Exception]) -> None:
    before = of(engine, wanted.master), of(engine, wanted.other)
    with pytest.raises(error):
        merge(engine, caller, wanted)
    assert (of(engine, wanted.master), of(engine, wanted.other)) == before


def test_it_is_for_those_who_may_change_both(engine: RecordEngine, clerk: Caller) -> None:
    first, second = pair(engine, clerk)
    wanted = Merging(master=first, other=second)
    without = {
        lost: {key: level for key, level in clerk.privileges.items() if key != (APPLICANT, lost)}
        for lost in (Privilege.WRITE, Privilege.APPEND_TO, Privilege.READ)
    }
    for privileges in without.values():
        refuse(engine, replace(clerk, privileges=privileges), wanted, AccessDenied)
    own = member(engine, "西区", level=AccessLevel.LOCAL)
    refuse(engine, own, wanted, RecordNotFound)
    [mine] = engine.run(lambda s: s.create_multiple(own, APPLICANT, [HANA]))
    refuse(engine, own, Merging(master=mine, other=second), RecordNotFound)
    refuse(engine, own, Merging(master=second, other=mine), RecordNotFound)


def test_a_value_is_taken_unseen_but_not_against_the_rights(
    engine: RecordEngine, clerk: Caller
) -> None:
    taken = frozenset({"tst_applicantmail"})
    first, second = pair(engine, clerk)
    unseeing = member(engine, fields=FieldRights(True, Unmasked.NO, True, True))
    merge(engine, unseeing, Merging(master=first, other=second, taken=taken))
    assert of(engine, first)["tst_applicantmail"] == "taro@example.jp"
    first, second = pair(engine, clerk)
    reading = member(engine, fields=FieldRights(True, Unmasked.ALL_RECORDS, False, False))
    refuse(engine, reading, Merging(master=first, other=second, taken=taken), AccessDenied)


@pytest.mark.parametrize("name", ["statuscode", "createdon", "ownerid", "tst_nothing"])
def test_what_the_platform_sets_is_not_taken(
    engine: RecordEngine, clerk: Caller, name: str
) -> None:
    first, second = pair(engine, clerk)
    wanted = Merging(master=first, other=second, taken=frozenset({name}))
    refuse(engine, clerk, wanted, ValidationFailed)


def test_whoever_was_too_late_merges_nothing(engine: RecordEngine, clerk: Caller) -> None:
    for changed in (0, 1):
        both = pair(engine, clerk)
        known = versions(engine, *both)
        change = Change(both[changed], {"tst_applicantname": "別の名"})
        engine.run(lambda s, change=change: s.update_multiple(clerk, APPLICANT, [change]))
        wanted = Merging(master=both[0], other=both[1], versions=known)
        refuse(engine, clerk, wanted, ConcurrencyConflict)


def test_a_record_is_merged_once_and_not_into_itself(engine: RecordEngine, clerk: Caller) -> None:
    first, second = pair(engine, clerk)
    refuse(engine, clerk, Merging(master=first, other=first), RecordNotFound)
    merge(engine, clerk, Merging(master=first, other=second))
    refuse(engine, clerk, Merging(master=first, other=second), ValidationFailed)
    refuse(engine, clerk, Merging(master=second, other=first), ValidationFailed)


def test_of_twenty_at_once_one_merges(engine: RecordEngine, clerk: Caller) -> None:
    first, second = pair(engine, clerk)
    known = versions(engine, first, second)

    def attempt(master: UUID, other: UUID) -> str:
        try:
            merge(engine, clerk, Merging(master=master, other=other, versions=known))
        except (ConcurrencyConflict, ValidationFailed) as error:
            return type(error).__name__
        return "merged"

    ways = [(first, second), (second, first)] * 10
    outcomes = at_once([lambda way=way: attempt(*way) for way in ways])
    assert outcomes.count("merged") == 1, outcomes
    with engine.database.reading() as connection:
        statement = select(MergedRecord).where(MergedRecord.record_id.in_((first, second)))
        assert len(connection.execute(statement).all()) == 1
    assert {of(engine, first)["statecode"], of(engine, second)["statecode"]} == {0, 1}


def look(engine: RecordEngine) -> None:
    """What the job does."""
    for rule in engine.catalog.duplicate_rules.values():
        found = grouping.pairs(engine, rule)
        engine.run(
            lambda s, rule=rule, found=found: candidates.keep(s.unit, rule, found, on=utc_now())
        )


def waiting(engine: RecordEngine, caller: Caller) -> dict[frozenset[UUID], tuple[str, ...]]:
    entity, found, after = engine.catalog.entity(APPLICANT), {}, None
    while True:
        page = engine.run(
            lambda s, after=after: candidates.candidates(s, caller, entity, after=after)
        )
        found |= {frozenset((one.first, one.second)): one.rules for one in page}
        if len(page) <= candidates.PAGE:
            return found
        last = page[candidates.PAGE - 1]
        after = last.first, last.second


def test_candidates_wait_until_they_are_merged_or_dismissed(
    engine: RecordEngine, clerk: Caller
) -> None:
    one, other = frozenset(pair(engine, clerk)), frozenset(pair(engine, clerk))
    look(engine)
    names = ("tst_name_begins", "tst_name_ends", "tst_same_name")
    assert waiting(engine, clerk)[one] == names
    first, second = sorted(one)
    merge(engine, clerk, Merging(master=second, other=first))
    assert one not in waiting(engine, clerk)
    engine.run(lambda s: candidates.dismiss(s, clerk, APPLICANT, tuple(other)))
    look(engine)
    found = waiting(engine, clerk)
    assert one not in found
    assert other not in found, "dismissed pairs stay dismissed"
    third = frozenset(pair(engine, clerk))
    look(engine)
    assert third in waiting(engine, clerk)
    change = [Change(min(third), {"tst_applicantname": "まったく別の名"})]
    engine.run(lambda s: s.update_multiple(clerk, APPLICANT, change))
    look(engine)
    assert third not in waiting(engine, clerk), "what is no longer alike does not wait"


def test_nobody_is_told_of_others_records_or_of_values_they_may_not_ask_for(
    engine: RecordEngine, clerk: Caller
) -> None:
    town = {"tst_town": f"統合{next(TOWNS)}丁目"}
    east = member(engine, "東区", level=AccessLevel.LOCAL)
    west = member(engine, "西区", level=AccessLevel.LOCAL)
    [theirs] = engine.run(lambda s: s.create_multiple(west, APPLICANT, [HANA | town]))
    batch = [{**HANA, **town}, {**HANA, **town, "tst_applicantname": "別人"}]
    mine, same_mail = engine.run(lambda s: s.create_multiple(east, APPLICANT, batch))
    look(engine)
    mail = frozenset((mine, same_mail))
    assert waiting(engine, east)[mail] == ("tst_same_mail",)
    assert all(theirs not in one for one in waiting(engine, east))
    assert frozenset((theirs, mine)) in waiting(engine, clerk)
    unseeing = replace(east, field_rights={})
    assert mail not in waiting(engine, unseeing), "that would tell that the addresses are equal"

    def told(caller: Caller) -> dict[str, set[object]]:
        values = HANA | town
        found = engine.run(lambda s: finding.like_new(s, caller, APPLICANT, values))
        return {one.rule.name: {record["id"] for record in one.records} for one in found}

    assert told(east)["tst_same_name"] == {mine}
    assert told(west)["tst_same_mail"] == {theirs}
    with pytest.raises(RecordNotFound):
        engine.run(lambda s: candidates.dismiss(s, east, APPLICANT, (theirs, mine)))


def test_what_no_rule_speaks_of_is_not_merged(engine: RecordEngine, clerk: Caller) -> None:
    batch = [{"tst_requestsubject": "同じ"}] * 2
    first, second = engine.run(lambda s: s.create_multiple(clerk, REQUEST, batch))
    wanted = Merging(master=first, other=second)
    with pytest.raises(DefinitionError):
        engine.run(lambda s: merging.merge(s, clerk, REQUEST, wanted))
