"""What anyone may see follows from what two people approved: a view closes when what it shows is
reckoned otherwise, however far behind.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.metadata.errors import DefinitionError
from models.security.publications import fingerprint
from packager.installing import check
from tests.models.office import SOLUTIONS
from tests.packager.folders import edit, say

BILL, BUDGET, VIEW = "val_bill", "val_budget", "val_budgets"
VIEWS: dict[str, Any] = {
    VIEW: {
        "entity": BUDGET,
        "display_name": "予算",
        "title": "val_title",
        "filter": [{"attribute": "statecode", "value": 0}],
        "columns": ["val_left", "val_place"],
    }
}
GREATEST = {
    "entity": BILL,
    "lookup": "val_budget",
    "function": "max",
    "attribute": "val_total",
}
Change = Callable[[Any], object]


def solution(folder: Path, change: Change, **view: object) -> Path:
    copy = Path(shutil.copytree(SOLUTIONS / "values_of_tests", folder))
    edit(copy, "entities/values.yaml", change)
    say(copy, "public_views.yaml", {VIEW: VIEWS[VIEW] | view})
    return copy


def stated(entity: str, name: str, **stated: object) -> Change:
    return lambda content: content[entity]["attributes"][name].update(stated)


CHANGES: dict[str, tuple[Change, bool]] = {
    "nothing": (lambda content: None, False),
    "its own formula": (stated(BUDGET, "val_left", calculated="val_spent"), True),
    "the rollup it names": (
        stated(BUDGET, "val_spent", rollup=GREATEST),
        True,
    ),
    "what is rolled up": (stated(BILL, "val_total", calculated="val_count + val_price"), True),
    "what it does not follow from": (
        stated(BILL, "val_due", calculated="adddays(9, val_day)"),
        False,
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_view_closes_when_what_it_shows_is_reckoned_otherwise(tmp_path: Path, what: str) -> None:
    change, closes = CHANGES[what]
    before = check(solution(tmp_path / "before", lambda content: None))
    after = check(solution(tmp_path / "after", change))
    marks = {fingerprint(one, one.public_views[VIEW]) for one in (before, after)}
    assert len(marks) == 1 + closes


@pytest.mark.parametrize(
    "view",
    [
        {"order": ["val_age"], "columns": ["val_age"]},
        {"date": "val_age"},
        {"filter": [{"attribute": "val_late", "value": True}]},
    ],
)
def test_nothing_public_is_found_or_ordered_by_what_hangs_on_the_day(
    tmp_path: Path, view: dict[str, object]
) -> None:
    of_bills = {"entity": BILL, "title": "val_subject", "columns": ["val_total"]}
    check(solution(tmp_path / "good", lambda content: None, **of_bills))
    with pytest.raises(DefinitionError):
        check(solution(tmp_path / "bad", lambda content: None, **of_bills | view))


def test_no_mail_tells_what_hangs_on_the_day(tmp_path: Path) -> None:
    told = {"entity": BILL, "subject": "請求", "body": "{val_age}日経過"}
    folder = solution(tmp_path / "mail", lambda content: None)
    say(folder, "mails.yaml", {"mail_templates": {"val_reminder": told}})
    with pytest.raises(DefinitionError, match="val_age hangs on the day"):
        check(folder)


def test_an_attribute_from_which_something_follows_is_not_guarded_later(tmp_path: Path) -> None:
    """Else it would be told on by what was calculated of it."""
    for name in ("val_count", "val_kind", "val_budget"):
        change = stated(BILL, name, secured=True)
        with pytest.raises(DefinitionError, match=f"{name} is personal, sealed or secured"):
            check(solution(tmp_path / name, change))
