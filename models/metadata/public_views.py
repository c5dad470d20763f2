"""Public views as data: which records of an entity anyone may read, and which of their attributes.

Nothing is public but what is stated here, and that only once two people have published it; who
they are is `models/security/publications.py`'s to know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from models.metadata.labels import Label
from models.metadata.query import Order


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
    date: str = ""
    """The DateTime that the feed tells as a record's own."""
    atom: bool = False
    json: bool = False
    attribution: Label = Label("")
    """Whom the licence of the open data asks to name."""

    def lets_out(self, values: Mapping[str, object]) -> bool:
        """Whether a record with these values is one of those that anyone may read."""
        return all(values.get(name) in options for name, options in self.records.items())

    @cached_property
    def attributes(self) -> frozenset[str]:
        """All that is ever told of a record."""
        return frozenset({self.title, *self.columns, *self.detail, self.by, self.date} - {""})
