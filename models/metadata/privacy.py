"""What the law's papers tell of a solution and no other definition knows: who answers for its
files of personal data, where people ask about their own, whom a file is about, from how many
persons on its register is published.

What follows from definitions is not stated here; `exchange/papers` reads it there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.metadata.labels import Label

REGISTER_FROM, WARN_FROM = 1000, 800
"""Persons in a file: from the first on, 個人情報の保護に関する法律 75条 asks for its register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalFile:
    """A file of personal data (個人情報ファイル): the records of an entity."""

    entity: str
    name: Label = Label("")
    persons: Label = Label("")
    """Whose data it holds (記録範囲)."""
    purpose: Label = Label("")
    """Where no form states one."""
    collected_how: Label = Label("")
    """Where it is not by forms alone."""
    recipients: tuple[Label, ...] = ()
    """To whom it is passed on regularly (経常的提供先)."""
    retention: Label = Label("")
    is_sensitive: bool | None = None
    """Whether it holds data that need special care (要配慮個人情報); None where nobody says."""
    procedures: Label = Label("")
    """Of other laws, for correction and for stopping the use."""
    proposals: Label = Label("")
    """Whether proposals for anonymised data are called for (法109条以下)."""
    remarks: Label = Label("")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyDefinition:
    name: str
    """The solution's."""
    entities: frozenset[str] = frozenset()
    """The solution's own."""
    organ: Label = Label("")
    """In whose name the files are kept (行政機関等の名称)."""
    unit: Label = Label("")
    """The section that works with them (事務をつかさどる組織)."""
    requests_to: Label = Label("")
    requests_address: Label = Label("")
    register_from: int = REGISTER_FROM
    warn_from: int = WARN_FROM
    files: Mapping[str, PersonalFile] = field(default_factory=dict)
    """By entity."""
