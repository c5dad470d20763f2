"""What waits for the applicant is the applicant's: no user begins the waiting, or ends it."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from models.metadata.errors import ValidationFailed
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.jobs.applications import (
    APPLICATION,
    OFFICE,
    RECEIVED,
    UNCONFIRMED,
    application,
    apply,
    change,
)
from tests.models.office import member, office, system
from tests.packager.folders import KOBE

IN_PROGRESS, WITHDRAWN = 3, 5


@pytest.fixture(scope="module")
def kobe(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("kobe"), str(KOBE)) as running:
        yield running


@pytest.fixture(scope="module")
def clerk(kobe: RecordEngine) -> Caller:
    return member(kobe, OFFICE)


def entered(engine: RecordEngine, caller: Caller, **values: object) -> UUID:
    stated = application(**values)
    if "statuscode" not in values:
        del stated["statuscode"]
    return engine.run(lambda s: s.create_multiple(caller, APPLICATION, [stated]))[0]


def status_of(engine: RecordEngine, record_id: UUID) -> object:
    caller = system(engine, OFFICE)
    return engine.run(lambda s: s.retrieve(caller, APPLICATION, record_id))["statuscode"]


def give(engine: RecordEngine, caller: Caller, record_id: UUID, **values: object) -> None:
    batch = [Change(record_id, values)]
    engine.run(lambda s: s.update_multiple(caller, APPLICATION, batch))


@pytest.mark.parametrize("status", [RECEIVED, IN_PROGRESS, WITHDRAWN])
def test_a_user_does_not_end_the_waiting(kobe: RecordEngine, clerk: Caller, status: int) -> None:
    (record_id,) = apply(kobe, application())
    with pytest.raises(ValidationFailed) as refused:
        give(kobe, clerk, record_id, statuscode=status)
    assert [problem.code for problem in refused.value.problems] == ["awaits_confirmation"]
    assert status_of(kobe, record_id) == UNCONFIRMED


@pytest.mark.parametrize("status", [RECEIVED, IN_PROGRESS, WITHDRAWN])
def test_a_user_lets_nothing_wait_to_be_erased(
    kobe: RecordEngine, clerk: Caller, status: int
) -> None:
    (record_id,) = apply(kobe, application(statuscode=status))
    with pytest.raises(ValidationFailed):
        give(kobe, clerk, record_id, statuscode=UNCONFIRMED)
    with pytest.raises(ValidationFailed):
        entered(kobe, clerk, statuscode=UNCONFIRMED)
    assert status_of(kobe, record_id) == status


def test_a_user_changes_the_rest_of_what_waits(kobe: RecordEngine, clerk: Caller) -> None:
    (record_id,) = apply(kobe, application())
    give(kobe, clerk, record_id, kobe_nickname="太郎", statuscode=UNCONFIRMED)
    change(kobe, [record_id], statuscode=RECEIVED)  # as the link does
    give(kobe, clerk, record_id, statuscode=IN_PROGRESS)
    assert status_of(kobe, record_id) == IN_PROGRESS


@pytest.mark.parametrize("stated", [{}, {"statuscode": None}, {"statuscode": ""}])
def test_what_the_office_enters_waits_for_nobody(
    kobe: RecordEngine, clerk: Caller, stated: dict[str, object]
) -> None:
    assert status_of(kobe, entered(kobe, clerk, **stated)) == RECEIVED
    assert status_of(kobe, entered(kobe, system(kobe, OFFICE), **stated)) == RECEIVED


def test_the_version_of_the_purpose_that_was_shown_is_evidence(
    kobe: RecordEngine, clerk: Caller
) -> None:
    record_id = entered(kobe, clerk, kobe_purposeversion="2026-04-01")
    for caller in (clerk, system(kobe, OFFICE)):
        with pytest.raises(ValidationFailed) as refused:
            give(kobe, caller, record_id, kobe_purposeversion="2027-04-01")
        assert [problem.code for problem in refused.value.problems] == ["read_only"]
