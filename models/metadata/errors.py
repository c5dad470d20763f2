"""The five errors of the house; each front door translates them once.

Messages are for people and hold no personal value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.metadata.labels import Label
from models.metadata.problems import PROBLEMS


class AccessDenied(Exception):
    """The caller lacks a privilege, or may not see or write a secured attribute (403).

    `caller` (a `models.security.caller.Caller`) is who was refused, for the audit.
    """

    def __init__(self, what: str, *, caller: object = None) -> None:
        super().__init__(what)
        self.caller = caller


class RecordNotFound(Exception):
    """No such record, or none the caller may see: the two are not told apart (404)."""


class ConcurrencyConflict(Exception):
    """The record is not at the version number the caller knew (412)."""


class DefinitionError(Exception):
    """A definition, query or name that metadata does not allow; says where (400).

    `where` is the thing by kind and name, and the way to what is wrong in it: "form x › consent".
    `key` is what is wrong in the mapping there, where it is one key's value, or its absence.
    """

    def __init__(self, message: str, *, where: str = "", key: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message, self.where, self.key = message, where, key


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one attribute's value. `code` names a text of `problems.PROBLEMS`, in
    which the parameters are told; Labels among them in its language."""

    attribute: str
    code: str
    label: Label
    parameters: dict[str, object] = field(default_factory=dict)
    record: int = 0
    """Which record of the batch, from 0."""

    def text(self, language: str) -> str:
        message = PROBLEMS[self.code].text(language)
        told = {
            name: value.text(language) if isinstance(value, Label) else value
            for name, value in self.parameters.items()
        }
        return message.format(label=self.label.text(language), **told)


class ValidationFailed(Exception):
    """Values that break a rule; `problems` says which, in either language (400)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.text("en") for problem in problems))
        self.problems = tuple(problems)
