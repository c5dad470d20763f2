"""What no rule would ever end is told; what a rule has ended is not ended again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from jobs.tidying import Findings, check
from models.tables.retention import DONE
from packager.installing import install
from tests.admin_views.office import Office
from tests.enquiries.asking import ENQUIRY, ask, change, of
from tests.packager.folders import KOBE, copy_of_kobe, edit
from tests.retention.ending import LONG_AGO, erasures, night
from tests.retention.test_erasing import answered

RULE, DUPLICATE = "kobe_enquiries_kept", 6
Published = Callable[[Callable[[Any], object]], None]


@pytest.fixture
def published(office: Office, tmp_path: Path) -> Iterator[Published]:
    """Publishes other rules; taken back after the test."""

    def publish(change: Callable[[Any], object]) -> None:
        folder = copy_of_kobe(tmp_path / "other")
        edit(folder, "retention.yaml", change)
        install(office.engine.database, folder)

    yield publish
    install(office.engine.database, KOBE)


def by_answer(content: Any) -> None:
    """Counted from a day that only an answer writes."""
    content[RULE]["from"] = "kobe_answeredon"
    del content[RULE]["entered"]


def enquiries(found: Findings) -> tuple[int, int, int]:
    [one] = [one for one in found.rules if one.rule.name == RULE]
    return one.due, one.overdue, one.undated


def test_a_record_that_is_over_and_has_no_day_is_told(
    office: Office, published: Published
) -> None:
    published(by_answer)
    closed, still_open = ask(office), ask(office)
    change(office, ENQUIRY, closed, statuscode=DUPLICATE)
    table = office.engine.catalog.tables.entities[ENQUIRY]
    old = update(table).where(table.c.id.in_([closed, still_open])).values(createdon=LONG_AGO)
    office.engine.database.run(lambda transaction: transaction.write(old))
    found = check(office.engine)
    assert enquiries(found) == (0, 0, 1)
    assert not found.are_none


def test_personal_data_without_a_rule_is_told(office: Office, published: Published) -> None:
    """What goes along with a record that is erased needs none of its own."""
    assert check(office.engine).without_rule == {}
    ask(office)
    published(lambda content: [content.pop(name) for name in (RULE, "kobe_cooperators_kept")])
    found = check(office.engine)
    names = set(found.without_rule)
    assert {ENQUIRY, f"{ENQUIRY}_activity", "kobe_cooperator"} <= names
    assert not names & {"kobe_hearing", "kobe_match", "kobe_application_activity"}
    assert found.without_rule[ENQUIRY] > 0
    assert not found.are_none


def test_what_was_made_nobodys_is_not_made_so_every_night(office: Office) -> None:
    record = answered(office)
    night(office)
    version, done = of(office, record)["versionnumber"], len(erasures(office, state=DONE))
    assert night(office) == 0
    assert of(office, record)["versionnumber"] == version
    assert len(erasures(office, state=DONE)) == done
    assert enquiries(check(office.engine))[:2] == (0, 0)
