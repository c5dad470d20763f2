"""Fifty requests of an operator at the same moment at a real server of several processes."""

from collections import Counter

import pytest

from tests.admin_views.desk import Desk, hidden_of
from tests.admin_views.office import ENTITY, PERSONAL
from tests.races.house import House
from tests.support.crowd import at_once

pytestmark = pytest.mark.slow
MANY = 50
OFFICE = f"/admin/t/{ENTITY}"
STATUSES = ("3", "4")


@pytest.fixture
def operator(house: House) -> Desk:
    return house.desk("kobe_operator")


@pytest.fixture
def record(house: House) -> str:
    return str(house.office.apply())


def test_of_fifty_changes_of_one_version_one_holds(
    house: House, operator: Desk, record: str
) -> None:
    page = operator.records("details", id=record).text
    sent = hidden_of(page, "status") | {"csrf_token": operator.token()}
    changed = house.audited("update")
    answers = at_once(
        [
            lambda one=one, n=n: one.post(
                f"{OFFICE}/status/", sent | {"statuscode": STATUSES[n % 2]}
            )
            for n, one in enumerate(house.windows(operator, MANY))
        ]
    )
    assert Counter(one.status for one in answers) == {302: 1, 409: MANY - 1}
    assert house.audited("update") == changed + 1
    after = hidden_of(operator.records("details", id=record).text, "status")
    assert int(after["version"]) == int(sent["version"]) + 1


def test_fifty_values_shown_at_once_are_fifty_entries_of_the_audit(
    house: House, operator: Desk, record: str
) -> None:
    asked = {"id": record, "attribute": "kobe_email", "purpose_text": "照会への回答"}
    asked |= {"csrf_token": operator.token()}
    shown = house.audited("reveal")
    windows = house.windows(operator, MANY)
    answers = at_once([lambda one=one: one.post(f"{OFFICE}/reveal/", asked) for one in windows])
    assert Counter(one.status for one in answers) == {200: MANY}
    assert all(PERSONAL["kobe_email"] in one.text for one in answers)
    assert house.audited("reveal") == shown + MANY


def test_the_audit_of_all_this_is_one_unbroken_chain(house: House) -> None:
    done = house.intake.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert done.exit_code == 0, done.output
