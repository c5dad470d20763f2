"""The log's filters as they stand in an address: read, found wrong, made a question.

A wrong one is told beside its control, and nothing is shown for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext

from admin_views.audit.choices import ANY, GROUP, NOBODY, SUPPORT, Choices
from admin_views.audit.questions import Question, Who
from admin_views.language import start_of_day

CONTROLS = ("person", "action", "outcome", "about", "record", "since", "until", "hours")
OUTSIDE = "outside"
IDENTIFIER = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?![0-9a-f])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What was asked for, and why it cannot be, by control."""

    typed: Mapping[str, str]
    question: Question
    problems: Mapping[str, str] = field(default_factory=dict)

    def url_arguments(self, *, before: int | None = None) -> dict[str, str]:
        kept = {name: text for name, text in self.typed.items() if text}
        return kept | ({} if before is None else {"before": str(before)})


def read_filter(arguments: Mapping[str, str], choices: Choices) -> LogFilter:
    typed = {name: arguments.get(name, "").strip() for name in CONTROLS}
    found = {**_choice_problems(typed, choices), **_other_problems(typed)}
    problems = {name: found[name] for name in CONTROLS if found.get(name)}
    question = Question() if problems else _question(typed, choices, arguments.get("before", ""))
    return LogFilter(typed, question, problems)


def record_in(text: str) -> UUID | None:
    """The one identifier in what was typed: itself, or a link to a page of the record."""
    found = {UUID(one) for one in IDENTIFIER.findall(text)}
    return found.pop() if len(found) == 1 else None


def entry_number(text: str) -> int | None:
    """Before which entry a page ends; None for what is no number of one."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _choice_problems(typed: Mapping[str, str], choices: Choices) -> dict[str, str]:
    offered = {
        "person": choices.persons(),
        "about": choices.subjects(),
        "action": choices.actions(),
        "outcome": set(choices.outcomes),
        "hours": {OUTSIDE},
    }
    unknown = gettext("This is not one of the choices. Choose one from the list.")
    return {
        name: unknown if typed[name] and typed[name] not in known else ""
        for name, known in offered.items()
    }


def _other_problems(typed: Mapping[str, str]) -> dict[str, str]:
    problems = {name: _day_problem(typed[name]) for name in ("since", "until")}
    first, last = (start_of_day(typed[name]) for name in ("since", "until"))
    if first and last and last < first:
        problems["until"] = gettext("The last day must not be before the first.")
    if typed["record"] and record_in(typed["record"]) is None:
        problems["record"] = gettext(
            "Enter one identifier, as in a link to the record’s page, or paste such a link."
        )
    return problems


def _day_problem(text: str) -> str:
    if not text or start_of_day(text):
        return ""
    return gettext("Enter a day as in 2026-04-01.")


def _question(typed: Mapping[str, str], choices: Choices, before: str) -> Question:
    until = start_of_day(typed["until"])
    return Question(
        who=_who(typed["person"]),
        record=record_in(typed["record"]),
        subjects=choices.numbers_of(typed["about"]) if typed["about"] else None,
        actions=_actions(typed["action"], choices),
        outcome=typed["outcome"],
        since=start_of_day(typed["since"]),
        until=until + timedelta(days=1) if until else None,
        is_outside_hours=typed["hours"] == OUTSIDE,
        before=entry_number(before),
    )


def _who(text: str) -> Who | None:
    if not text:
        return None
    if text == NOBODY:
        return Who("caller", None)
    if text.startswith(SUPPORT):
        rest = text.removeprefix(SUPPORT)
        return Who("supporter", None if rest == ANY else UUID(rest))
    return Who("caller", UUID(text))


def _actions(text: str, choices: Choices) -> tuple[str, ...]:
    if text.startswith(GROUP):
        return choices.groups[text.removeprefix(GROUP)]
    return (text,) if text else ()
