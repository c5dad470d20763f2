"""The job kinds find_duplicates and rebuild_match_codes: likely duplicates looked for throughout.

Each night, when a person asks for it, and codes anew when a rule became another. What is found
waits on the office's page; nobody outside is told.
"""

from jobs.mail import Mailer
from jobs.outbox import ask_for
from jobs.queue import ClaimedJob
from models.metadata.catalog import Catalog
from models.metadata.duplicate_rules import DuplicateRule
from models.records.engine import RecordEngine
from models.records.matching import candidates, codes, coding, grouping
from models.tables.base import utc_now
from models.tables.session import Transaction

FIND, REBUILD = "find_duplicates", "rebuild_match_codes"


def find_duplicates(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    coding.code_all(engine)
    rules = engine.catalog.duplicate_rules
    engine.run(lambda service: candidates.forget_rules(service.unit, rules))
    for rule in rules.values():
        _find(engine, rule)


def rebuild_match_codes(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    coding.code_all(engine)


def ensure_codes(transaction: Transaction, catalog: Catalog) -> None:
    """Have codes made where a rule is new, or became another."""
    if codes.uncoded(catalog, transaction):
        ask_for(transaction, REBUILD)


def _find(engine: RecordEngine, rule: DuplicateRule) -> None:
    pairs = grouping.pairs(engine, rule)
    now = utc_now()
    engine.run(lambda service: candidates.keep(service.unit, rule, pairs, on=now))
