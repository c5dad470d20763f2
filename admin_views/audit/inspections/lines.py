"""A month's figures in words, each with the filters that lead to its entries.

As they were when the month was signed off, beside what the log says now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import gettext

from admin_views.audit import acts, words
from admin_views.audit.choices import ANY, GROUP, NOBODY, SUPPORT
from admin_views.audit.filters import OUTSIDE
from admin_views.audit.inspections.figures import REVEAL, Figures
from admin_views.audit.inspections.reading import Inspected

ALARMING = ("sign_in_failed", "lock_account", "turned_away", "use_break_glass")
OF_EXTRACTS = (
    *("request_extract", "approve_extract", "reject_extract", "download_extract", "export"),
    "confirm_deletion",
)


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    count: int
    now: int
    filters: Mapping[str, str] = field(default_factory=dict)
    """Of the log, beside the month's days."""
    is_bad: bool = False
    is_in_the_ledger: bool = False
    """Rather than in the log."""
    group: str = ""
    outcome: str = ""

    @property
    def differs(self) -> bool:
        return self.count != self.now


_Of = tuple[tuple[str, ...], str]
"""Acts and an outcome; none of them: all."""
ALL: _Of = ((), "")


def at_a_glance(found: Inspected) -> list[Line]:
    return [*_of_access(found), *_of_extracts(found), *_of_administration(found)]


def by_kind(found: Inspected) -> list[Line]:
    """Each act by its outcome, in the order of the log's groups."""
    groups, named, outcomes = words.groups(), words.acts(), words.outcomes()
    there = {(one.action, one.outcome) for one in (*found.figures.acts, *found.now.acts)}
    return [
        _line(
            found,
            named.get(act, act),
            of=((act,), outcome),
            group=groups[group],
            outcome=outcomes[outcome],
            filters={"action": act, "outcome": outcome},
        )
        for group, some in acts.grouped([*named, *(act for act, _ in there)]).items()
        for act in some
        for outcome in outcomes
        if (act, outcome) in there
    ]


def by_person(found: Inspected, names: Mapping[UUID, str]) -> list[Line]:
    """Who had masked values shown, and how many."""
    then, now = (_reveals(figures) for figures in (found.figures, found.now))
    return [
        Line(
            names.get(UUID(account), account) if account else gettext("Nobody with an account"),
            then.get(account, 0),
            now.get(account, 0),
            {"person": str(UUID(account)) if account else NOBODY, "action": REVEAL},
        )
        for account in dict.fromkeys((*then, *now))
    ]


def _reveals(figures: Figures) -> dict[str, int]:
    return {one.account: one.count for one in figures.reveals}


def _of_access(found: Inspected) -> Iterator[Line]:
    named = words.acts()
    yield _line(found, gettext("All entries"))
    refused = {"outcome": "refused"}
    yield _line(found, gettext("Refused"), of=((), "refused"), filters=refused, is_bad=True)
    for act in ALARMING:
        yield _line(found, named[act], of=((act,), ""), filters={"action": act}, is_bad=True)
    for act in acts.GROUPS[acts.PERSONAL]:
        yield _line(found, named[act], of=((act,), ""), filters={"action": act})
    outside = found.figures.outside_hours, found.now.outside_hours
    label = gettext("By accounts, outside office hours")
    yield Line(label, *outside, {"hours": OUTSIDE})
    supported = found.figures.supported, found.now.supported
    yield Line(gettext("In support sessions"), *supported, {"person": SUPPORT + ANY})


def _of_extracts(found: Inspected) -> Iterator[Line]:
    named = words.acts()
    for act in OF_EXTRACTS:
        done = {"action": act, "outcome": "ok"}
        yield _line(found, named[act], of=((act,), "ok"), filters=done)
    overdue = found.figures.overdue
    label = gettext("Copies overdue for deletion when counted")
    yield Line(label, overdue, overdue, is_bad=overdue > 0, is_in_the_ledger=True)


def _of_administration(found: Inspected) -> Iterator[Line]:
    groups = words.groups()
    for group in (acts.RIGHTS, acts.ADMINISTRATION, acts.PLATFORM):
        filters = {"action": GROUP + group}
        yield _line(found, groups[group], of=(acts.GROUPS[group], ""), filters=filters)


def _line(found: Inspected, label: str, *, of: _Of = ALL, **told: Any) -> Line:
    """`of` says what is counted, `told` what else the line holds."""
    then, now = (figures.of(*of) for figures in (found.figures, found.now))
    is_bad = bool(told.pop("is_bad", False) and then)
    return Line(label, then, now, is_bad=is_bad, **told)
