"""What the log can be narrowed to: everybody and everything that the audit ever named."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from admin_views.audit import acts, words
from admin_views.audit.finding import ENTRY, SUPPORTED
from admin_views.audit.names import attribute_name, entity_name
from models.tables.audit import AuditSubject
from models.tables.principals import SystemUser
from models.tables.session import Transaction

NOBODY, SUPPORT, ANY, GROUP = "nobody", "support-", "any", "group-"
Options = tuple[tuple[str, str], ...]
"""Each a value and what it is called."""


@dataclass(frozen=True, slots=True)
class Choices:
    accounts: Options
    supporters: Options
    numbers: Mapping[str, frozenset[int]]
    """By entity, and by entity.attribute: the subjects that name it."""
    groups: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, str]

    @classmethod
    def read(cls, transaction: Transaction) -> "Choices":
        accounts = _accounts(transaction)
        return cls(
            tuple((str(one), name) for one, name in accounts.items()),
            tuple(
                (f"{SUPPORT}{one}", accounts[one]) for one in _supporters(transaction, accounts)
            ),
            _subjects(transaction),
            acts.grouped(words.acts()),
            words.outcomes(),
        )

    def persons(self) -> set[str]:
        some = {value for value, _ in (*self.accounts, *self.supporters)}
        return some | {NOBODY, SUPPORT + ANY}

    def subjects(self) -> set[str]:
        return set(self.numbers)

    def numbers_of(self, about: str) -> frozenset[int]:
        return self.numbers[about]

    def actions(self) -> set[str]:
        single = {one for some in self.groups.values() for one in some}
        return single | {GROUP + one for one in self.groups}

    def entities(self) -> list[tuple[str, str, Options]]:
        """Each entity, its name, and its attributes, by their names."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for about in self.numbers:
            entity, dot, attribute = about.partition(".")
            named = found[entity]
            if dot:
                named[about] = attribute_name(entity, attribute)
        return [
            (name, entity_name(name), tuple(sorted(named.items(), key=lambda one: one[1])))
            for name, named in sorted(found.items())
        ]


def _accounts(transaction: Transaction) -> dict[UUID, str]:
    """The inactive ones too."""
    statement = select(SystemUser.id, SystemUser.full_name, SystemUser.email)
    rows: Any = transaction.read(statement.order_by(SystemUser.email))
    return {row.id: f"{row.email} {row.full_name}".strip() for row in rows}


def _supporters(transaction: Transaction, accounts: Mapping[UUID, str]) -> list[UUID]:
    statement = select(ENTRY.c.supporter_id).where(text(SUPPORTED)).distinct()
    found = set(transaction.read(statement).scalars())
    return [one for one in accounts if one in found]


def _subjects(transaction: Transaction) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for row in transaction.read(select(AuditSubject.__table__)):
        found[row.entity].add(row.id)
        for name in row.attributes.strip(",").split(","):
            if name:
                found[f"{row.entity}.{name}"].add(row.id)
    return {about: frozenset(numbers) for about, numbers in found.items()}
