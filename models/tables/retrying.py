"""Which of a database's refusals are no fault of the work: it is done again."""

import re

from sqlalchemy.exc import DBAPIError

STATES = {"40001", "40P01", "25006", "55P03", "57P01", "57P02", "57P03"}
"""PostgreSQL: serialization, deadlock, read-only after a fail-over, lock, shut-down."""


def may_be_retried(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    is_locked = re.search(r"database is locked|database table is locked", str(error.orig))
    return error.connection_invalidated or state in STATES or bool(is_locked)
