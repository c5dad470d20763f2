"""What was typed and chosen in a form about people, kept for the next try, with what is wrong.

It knows no control by name; where one sends several values, all of them are kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from flask import request

from admin_views.identity import step_up
from admin_views.language import language
from models.metadata.errors import ValidationFailed


@dataclass(frozen=True, slots=True)
class Entered:
    values: Mapping[str, tuple[str, ...]]
    problems: Mapping[str, str] = field(default_factory=dict)
    """By control; in the order of the page."""

    @classmethod
    def nothing(cls, controls: Iterable[str]) -> "Entered":
        return cls(dict.fromkeys(controls, ()))

    @classmethod
    def sent_again(cls, texts: Mapping[str, str]) -> "Entered":
        """Of texts at hand, one for each control."""
        return cls({name: (text,) for name, text in texts.items()})

    @classmethod
    def sent(cls, controls: Iterable[str], *, proven_within: timedelta) -> "Entered":
        """From the request; without the proof it asks for, that is the problem."""
        values = {name: tuple(request.form.getlist(name)) for name in controls}
        unproven = step_up.problem(proven_within)
        return cls(values, {step_up.CONTROL: unproven} if unproven else {})

    def explained(self, error: ValidationFailed) -> "Entered":
        """What is wrong, by the control it is wrong in."""
        return replace(self, problems={p.attribute: p.text(language()) for p in error.problems})

    def text(self, control: str) -> str:
        found = self.values.get(control, ())
        return found[0].strip() if found else ""

    def names(self, control: str) -> tuple[str, ...]:
        return self.values.get(control, ())
