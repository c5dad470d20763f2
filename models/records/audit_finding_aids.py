"""What repeats the audit's entries so that they are found: columns, subjects, listed records.

Of themselves they prove nothing, since no link covers them. Walked beside the chain, they must say
what the entries say: whoever hides an entry from those who look for it is found.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from models.records.audit_subjects import number_of
from models.records.auditing import columns, listed
from models.tables.audit import AuditListed, AuditSubject
from models.tables.base import table_of

LISTED = table_of(AuditListed)
BATCH = 5000


@dataclass(slots=True)
class FindingAids:
    """To be asked about every entry, in order."""

    subjects: frozenset[int]
    lists: Iterator[tuple[int, list[UUID]]]
    ahead: tuple[int, list[UUID]] | None

    @classmethod
    def read(cls, connection: Connection) -> "FindingAids":
        kept = connection.execute(select(AuditSubject.__table__))
        subjects = {one.id for one in kept if number_of((one.entity, one.attributes)) == one.id}
        order = LISTED.c.sequence, LISTED.c.record_id
        statement = select(*order).order_by(*order).execution_options(yield_per=BATCH)
        grouped = groupby(connection.execute(statement), itemgetter(0))
        lists = ((sequence, [row[1] for row in rows]) for sequence, rows in grouped)
        return cls(frozenset(subjects), lists, next(lists, None))

    def agree(self, row: Any) -> bool:
        """Whether all of them say of this entry what its body says."""
        found = self._listed(row.sequence)
        try:
            entry = json.loads(row.body)
            stated = columns(entry) | {"created_on": datetime.fromisoformat(entry["on"])}
            named = listed(entry)
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        is_kept = row.subject_id is None or row.subject_id in self.subjects
        repeated = all(getattr(row, name) == value for name, value in stated.items())
        return found == named and is_kept and repeated

    def skip_to(self, sequence: int) -> None:
        """Pass over what belongs to entries that are missing."""
        while self.ahead is not None and self.ahead[0] < sequence:
            self.ahead = next(self.lists, None)

    def has_more(self) -> bool:
        """Whether records are listed for an entry that is not there."""
        return self.ahead is not None

    def _listed(self, sequence: int) -> list[UUID] | None:
        """The records listed for the entry; None where there are some of an entry before it."""
        if self.ahead is None or self.ahead[0] > sequence:
            return []
        number, found = self.ahead
        self.ahead = next(self.lists, None)
        return found if number == sequence else None
