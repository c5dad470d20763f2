"""What one person wrote another lets through, as it stands: whatever the door, both databases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from models.metadata.errors import ConcurrencyConflict, ValidationFailed
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from tests.jobs.applications import OFFICE
from tests.models.office import member, office, system
from tests.packager.folders import KOBE
from tests.support.auditing import entries

STORY = "kobe_story"
DRAFT, TO_CHECK, PUBLIC, OVER = 1, 2, 3, 4
TEXTS: dict[str, object] = {
    "kobe_title": "読み聞かせの会を開きました",
    "kobe_category": 927000000,
    "kobe_area": 927000101,
    "kobe_day": "2026-04-01",
    "kobe_summary": "子どもたち20人が集まりました。",
    "kobe_body": "絵本を10冊読みました。",
}


@pytest.fixture(scope="module")
def kobe(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("kobe"), str(KOBE)) as running:
        yield running


@pytest.fixture(scope="module")
def writer(kobe: RecordEngine) -> Caller:
    return member(kobe, OFFICE, roles=frozenset({"kobe_operator"}))


@pytest.fixture(scope="module")
def manager(kobe: RecordEngine) -> Caller:
    return member(kobe, OFFICE, roles=frozenset({"kobe_manager"}))


@pytest.fixture(scope="module")
def second_manager(kobe: RecordEngine) -> Caller:
    return member(kobe, OFFICE, roles=frozenset({"kobe_manager"}))


def written(engine: RecordEngine, caller: Caller, **values: object) -> UUID:
    batch = [TEXTS | values]
    return engine.run(lambda s: s.create_multiple(caller, STORY, batch))[0]


def give(engine: RecordEngine, caller: Caller, record: UUID, **values: object) -> None:
    engine.run(lambda s: s.update_multiple(caller, STORY, [Change(record, values)]))


def refused(engine: RecordEngine, caller: Caller, record: UUID, **values: object) -> list[str]:
    before = of(engine, record)
    with pytest.raises(ValidationFailed) as error:
        give(engine, caller, record, **values)
    for problem in error.value.problems:
        assert "{" not in problem.text("ja") + problem.text("en")
    assert of(engine, record) == before
    return [problem.code for problem in error.value.problems]


def of(engine: RecordEngine, record: UUID) -> dict[str, object]:
    return engine.run(lambda s: s.retrieve(system(engine, OFFICE), STORY, record))


def published(engine: RecordEngine, writer: Caller, approver: Caller) -> UUID:
    record = written(engine, writer)
    give(engine, writer, record, statuscode=TO_CHECK)
    give(engine, approver, record, statuscode=PUBLIC)
    return record


def test_one_writes_and_another_publishes(
    kobe: RecordEngine, writer: Caller, manager: Caller
) -> None:
    record = written(kobe, writer)
    assert of(kobe, record)["statuscode"] == DRAFT
    assert refused(kobe, manager, record, statuscode=PUBLIC) == ["does_not_follow"]
    give(kobe, writer, record, statuscode=TO_CHECK)
    assert refused(kobe, writer, record, statuscode=PUBLIC) == ["given_by_others"]
    give(kobe, manager, record, statuscode=PUBLIC)
    assert of(kobe, record)["statuscode"] == PUBLIC


@pytest.mark.parametrize("role", ["kobe_operator", "kobe_manager", ""])
@pytest.mark.parametrize("kind", ["user", "public"])
def test_nothing_begins_as_public(kobe: RecordEngine, role: str, kind: str) -> None:
    """Neither by a role nor by another door."""
    caller = member(kobe, OFFICE, roles=frozenset({role}), kind=kind)
    with pytest.raises(ValidationFailed) as error:
        written(kobe, caller, statuscode=PUBLIC)
    assert [one.code for one in error.value.problems] == ["approved_by_another"]


def test_nobody_publishes_their_own(
    kobe: RecordEngine, manager: Caller, second_manager: Caller
) -> None:
    """Whatever their role: not what they made, nor what they changed last."""
    own = written(kobe, manager)
    give(kobe, second_manager, own, statuscode=TO_CHECK)
    assert refused(kobe, manager, own, statuscode=PUBLIC) == ["approved_by_another"]
    assert refused(kobe, second_manager, own, statuscode=PUBLIC) == ["approved_by_another"]
    give(kobe, member(kobe, OFFICE, roles=manager.roles), own, statuscode=PUBLIC)


def test_who_changes_the_text_last_needs_another(
    kobe: RecordEngine, writer: Caller, manager: Caller, second_manager: Caller
) -> None:
    record = written(kobe, writer)
    give(kobe, writer, record, statuscode=TO_CHECK)
    give(kobe, manager, record, kobe_body="直しました。")
    assert refused(kobe, manager, record, statuscode=PUBLIC) == ["approved_by_another"]
    give(kobe, second_manager, record, statuscode=PUBLIC)


PROJECT: dict[str, object] = {
    "kobe_projectname": "すぐ消す企画",
    "kobe_category": 927000000,
    "kobe_area": 927000101,
}
Act = Callable[[RecordService], object]


@pytest.fixture(params=["apart", "in one transaction"])
def together(request: pytest.FixtureRequest) -> bool:
    return bool(request.param != "apart")


@pytest.mark.parametrize("platform", ["unlinks", "writes"])
def test_who_wrote_stays_known_when_the_platform_writes_after_them(
    kobe: RecordEngine, writer: Caller, manager: Caller, platform: str, *, together: bool
) -> None:
    """The stamps then name nobody any more."""
    record = written(kobe, writer)
    batch: list[dict[str, object]] = [PROJECT]
    project = kobe.run(lambda s: s.create_multiple(manager, "kobe_project", batch))[0]

    def change(caller: Caller, **values: object) -> Act:
        return lambda s: s.update_multiple(caller, STORY, [Change(record, values)])

    deletion = [Deletion(project)]
    acts: list[Act] = [
        change(manager, kobe_body="承認者だけが見た本文", kobe_project=project),
        change(manager, statuscode=TO_CHECK),
        lambda s: (
            s.delete_multiple(system(kobe, OFFICE), "kobe_project", deletion)
            if platform == "unlinks"
            else change(system(kobe, OFFICE), kobe_summary="整えた概要")(s)
        ),
        change(manager, statuscode=PUBLIC),
    ]

    def all_at_once(service: RecordService) -> None:
        for act in acts:
            act(service)

    *before, approving = [all_at_once] if together else acts
    for act in before:
        kobe.run(act)
    with pytest.raises(ValidationFailed) as error:
        kobe.run(approving)
    assert [one.code for one in error.value.problems] == ["approved_by_another"]
    if not together:
        assert of(kobe, record)["modifiedby"] is None
        give(kobe, member(kobe, OFFICE, roles=manager.roles), record, statuscode=PUBLIC)


def test_who_wrote_as_another_wrote_too(
    kobe: RecordEngine, writer: Caller, manager: Caller, second_manager: Caller
) -> None:
    record = written(kobe, writer)
    give(kobe, replace(second_manager, supporter=manager), record, kobe_body="代わりに書いた本文")
    give(kobe, writer, record, statuscode=TO_CHECK)
    assert refused(kobe, manager, record, statuscode=PUBLIC) == ["approved_by_another"]


def test_what_was_approved_is_behind_those_who_wrote_it(
    kobe: RecordEngine, writer: Caller, manager: Caller, second_manager: Caller
) -> None:
    """Two approvers do: the one lets through what the other wrote since."""
    record = written(kobe, writer)
    give(kobe, manager, record, kobe_body="一人めの直し")
    give(kobe, writer, record, statuscode=TO_CHECK)
    assert refused(kobe, manager, record, statuscode=PUBLIC) == ["approved_by_another"]
    give(kobe, second_manager, record, statuscode=PUBLIC)
    give(kobe, second_manager, record, statuscode=DRAFT)
    give(kobe, second_manager, record, kobe_body="二人めの直し")
    give(kobe, writer, record, statuscode=TO_CHECK)
    assert refused(kobe, second_manager, record, statuscode=PUBLIC) == ["approved_by_another"]
    give(kobe, manager, record, statuscode=PUBLIC)
    acts = [one["action"] for one in entries(kobe) if one.get("record") == record.hex]
    assert acts.count("approve_record") == 2


def test_it_is_approved_as_it_stands(kobe: RecordEngine, writer: Caller, manager: Caller) -> None:
    """No text slips in together with the approval; what is repeated changes nothing."""
    record = written(kobe, writer)
    give(kobe, writer, record, statuscode=TO_CHECK)
    found = refused(kobe, manager, record, statuscode=PUBLIC, kobe_body="別の本文")
    assert found == ["approved_as_it_stands"]
    give(kobe, manager, record, statuscode=PUBLIC, kobe_body=TEXTS["kobe_body"])


def test_of_a_version_that_another_changed_nothing_is_approved(
    kobe: RecordEngine, writer: Caller, manager: Caller
) -> None:
    record = written(kobe, writer)
    give(kobe, writer, record, statuscode=TO_CHECK)
    seen = of(kobe, record)["versionnumber"]
    give(kobe, writer, record, kobe_body="連絡は078-331-8181へ")
    change = Change(record, {"statuscode": PUBLIC}, int(str(seen)))
    with pytest.raises(ConcurrencyConflict):
        kobe.run(lambda s: s.update_multiple(manager, STORY, [change]))


@pytest.mark.parametrize("who", ["writer", "manager"])
@pytest.mark.parametrize(
    "values",
    [
        {"kobe_body": "別の本文"},
        {"kobe_project": None, "kobe_summary": "別の概要"},
        {"kobe_body": "別の本文", "statuscode": PUBLIC},
        {"kobe_body": "別の本文", "statuscode": DRAFT},
    ],
)
def test_what_is_public_stays_as_it_is(
    kobe: RecordEngine,
    request: pytest.FixtureRequest,
    writer: Caller,
    who: str,
    values: dict[str, object],
) -> None:
    record = published(kobe, writer, request.getfixturevalue("manager"))
    found = refused(kobe, request.getfixturevalue(who), record, **values)
    assert found == ["stays_as_approved"]


@pytest.mark.parametrize("status", [DRAFT, OVER])
def test_the_writer_takes_it_back_at_once(
    kobe: RecordEngine, writer: Caller, manager: Caller, status: int
) -> None:
    """Closing is faster than opening; afterwards it is written on, and approved anew."""
    record = published(kobe, writer, manager)
    give(kobe, writer, record, statuscode=status)
    give(kobe, writer, record, kobe_body="書き直しました。")
    if status == OVER:
        give(kobe, writer, record, statuscode=DRAFT)
    give(kobe, writer, record, statuscode=TO_CHECK)
    give(kobe, manager, record, statuscode=PUBLIC)


def test_a_batch_is_held_to_it_as_a_whole(
    kobe: RecordEngine, writer: Caller, manager: Caller
) -> None:
    records = [written(kobe, writer) for _ in range(2)]
    for record in records:
        give(kobe, writer, record, statuscode=TO_CHECK)
    give(kobe, manager, records[1], kobe_title="見出しを直しました")
    batch = [Change(record, {"statuscode": PUBLIC}) for record in records]
    with pytest.raises(ValidationFailed) as error:
        kobe.run(lambda s: s.update_multiple(manager, STORY, batch))
    assert [(one.record, one.code) for one in error.value.problems] == [(1, "approved_by_another")]
    assert {of(kobe, one)["statuscode"] for one in records} == {TO_CHECK}


def test_the_platform_is_not_held_to_it(kobe: RecordEngine) -> None:
    assert written(kobe, system(kobe, OFFICE), statuscode=PUBLIC)


def test_nobody_changes_a_project_on_the_public_list_alone(
    kobe: RecordEngine, writer: Caller, manager: Caller
) -> None:
    """As a story: another person of the city lets it out, and again after each change."""
    stated = {"kobe_projectname": "こども食堂", "kobe_category": 927000000, "kobe_area": 927000101}
    record = kobe.run(lambda s: s.create_multiple(writer, "kobe_project", [stated]))[0]

    def to(caller: Caller, **values: object) -> None:
        kobe.run(lambda s: s.update_multiple(caller, "kobe_project", [Change(record, values)]))

    to(writer, statuscode=5)
    with pytest.raises(ValidationFailed, match="roles in charge"):
        to(writer, statuscode=2)
    to(manager, statuscode=2)
    with pytest.raises(ValidationFailed, match="nothing else of the record changes"):
        to(writer, kobe_outcome="3団体が参加しました。")
    to(writer, statuscode=5)
    to(writer, kobe_outcome="3団体が参加しました。")
    to(manager, statuscode=3)
