"""What an explanation of access is made of: questions, and the rules that answer each.

The wording is `finding_texts`'s; what holds for whom is found by `models/records/why`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from models.metadata.labels import Label
from models.security.finding_texts import NEEDED, SECTIONS, TEXTS

Kind = Literal[
    "account",
    "dormancy",
    "contract_period",
    "contract_privilege",
    "contract_entity",
    "contract_record",
    "contract_parent",
    "role",
    "record",
    "writable",
    "pledge",
    "training",
    "attribute",
    "miscellaneous",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that allows, hinders, or would allow; labels among the parameters are told in the
    language."""

    code: str
    parameters: dict[str, object] = field(default_factory=dict)

    @property
    def is_needed(self) -> bool:
        """Whether it is not so, and would answer its question with yes if it were."""
        return self.code in NEEDED

    def text(self, language: str) -> str:
        told = {
            name: value.text(language) if isinstance(value, Label) else value
            for name, value in self.parameters.items()
        }
        return (NEEDED | TEXTS)[self.code].text(language).format(**told)


@dataclass(frozen=True, slots=True)
class Section:
    """One of the questions that must all be answered with yes.

    Where the answer is no, any one of the findings that are needed makes it yes; there may be
    none, since some things nobody may do.
    """

    kind: Kind
    allowed: bool
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, kind: Kind, *, allowed: bool, findings: Iterable[Finding]) -> "Section":
        return cls(kind, allowed, tuple(findings))

    @property
    def present(self) -> tuple[Finding, ...]:
        """What is so."""
        return tuple(one for one in self.findings if not one.is_needed)

    @property
    def needed(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.is_needed)

    def title(self, language: str) -> str:
        return SECTIONS[self.kind].text(language)


@dataclass(frozen=True, slots=True)
class Explanation:
    sections: tuple[Section, ...]

    @property
    def allowed(self) -> bool:
        return all(section.allowed for section in self.sections)
