"""Why may somebody do this, or why not: the rules that allow it, and those that would be needed.

Whether it is allowed is asked of the same functions that decide; this only tells where that comes
from. It shows whose a record is, and nothing else of it.
"""

from models.records.why.asking import ON_RECORDS, Why
from models.records.why.explaining import explain

__all__ = ["ON_RECORDS", "Why", "explain"]
