"""The alarm of the nightly job: silent on the first day, loud once a night was missed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from jobs.retention.handlers import END_RETENTION
from jobs.retention.lateness import RUNS_WITHIN, is_late
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from tests.admin_views.office import Office

MINUTE = timedelta(minutes=1)
JUST_IN_TIME, TOO_LONG = RUNS_WITHIN - MINUTE, RUNS_WITHIN + MINUTE


@pytest.fixture(autouse=True)
def _forgotten(office: Office) -> Iterator[None]:
    yield
    of_kind = delete(SystemJob).where(SystemJob.kind == END_RETENTION)
    office.engine.database.run(lambda t: t.write(of_kind))


def told(office: Office, *, ago: timedelta, ended: str = "") -> None:
    """The job as it waits since then, or as it ended then."""
    then = utc_now() - ago
    row = {"kind": END_RETENTION, "name": END_RETENTION, "created_on": then}
    if ended:
        row |= {"state": "COMPLETED", "status": ended, "completed_on": then}
    office.engine.database.run(lambda t: t.write(insert(SystemJob), row))


def late(office: Office) -> bool:
    return office.engine.run(is_late)


def test_nobody_ever_told_it_to_run(office: Office) -> None:
    assert late(office)


@pytest.mark.parametrize(("ago", "expected"), [(JUST_IN_TIME, False), (TOO_LONG, True)])
def test_a_new_installation_waits_for_its_first_night(
    office: Office, ago: timedelta, expected: bool
) -> None:
    told(office, ago=ago)
    assert late(office) is expected


@pytest.mark.parametrize(("ago", "expected"), [(JUST_IN_TIME, False), (TOO_LONG, True)])
def test_it_counts_from_the_last_success(office: Office, ago: timedelta, expected: bool) -> None:
    told(office, ago=ago, ended="SUCCEEDED")
    told(office, ago=MINUTE, ended="FAILED")
    told(office, ago=MINUTE)
    assert late(office) is expected


def test_one_that_only_ever_failed_is_late(office: Office) -> None:
    told(office, ago=TOO_LONG, ended="FAILED")
    told(office, ago=MINUTE)
    assert late(office)
