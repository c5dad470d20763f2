"""Recurring system jobs of the platform itself, whatever solution is installed.

A solution states its own beside them and may use neither their names nor their kinds. It does not
know what a job does: see `kinds`.
"""

from models.metadata.catalog import Catalog
from models.metadata.components import Recurrence

PLATFORM: tuple[Recurrence, ...] = ()


def all_recurrences(catalog: Catalog) -> tuple[Recurrence, ...]:
    """The platform's, and those of the installed solutions."""
    return (*PLATFORM, *catalog.recurrences)
