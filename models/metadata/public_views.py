"""Public views as data: which records of an entity anyone may read, and which of their attributes.

Nothing is public but what is stated here, and that only once two people have published it; who
they are is `models/security/publications.py`'s to know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.labels import Label
from models.metadata.query import Order
from models.tables.base import utc_now


@dataclass(frozen=True, kw_only=True)
class PublicViewDefinition:
    name: str
    entity: str
    display_name: Label
    introduction: Label = Label("")
    title: str
    """The attribute that a record is called by."""
    records: Mapping[str, frozenset[int]]
    """Which records: by attribute the options that theirs must be one of; never none stated."""
    columns: tuple[str, ...]
    """What the list shows of each."""
    detail: tuple[str, ...] = ()
    """What a record's own page shows, pictures too; without, records have none."""
    order: tuple[Order, ...] = ()
    by: str = ""
    """The Picklist by whose options the records can be listed."""
    until: str = ""
    """The DateTime through whose day, or to whose moment, a record is told; without a value of it
    a record is told for any time."""
    date: str = ""
    """The DateTime that the feed tells as a record's own."""
    atom: bool = False
    json: bool = False
    attribution: Label = Label("")
    """Whom the licence of the open data asks to name."""

    def lets_out(self, values: Mapping[str, object]) -> bool:
        """Whether a record with these values is one of those that anyone may read."""
        return not _is_past(values.get(self.until)) and all(
            values.get(name) in options for name, options in self.records.items()
        )

    @cached_property
    def attributes(self) -> frozenset[str]:
        """All that is ever told of a record."""
        return frozenset({self.title, *self.columns, *self.detail, self.by, self.date} - {""})


def _is_past(until: object) -> bool:
    """As `models/security/visibility.py` asks it of the database."""
    if isinstance(until, datetime):
        return until < utc_now()
    return isinstance(until, date) and until < utc_now().astimezone(LOCAL_ZONE).date()
