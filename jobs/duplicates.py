"""The job kinds find_duplicates and rebuild_match_codes: likely duplicates looked for throughout.

Each night, when a person asks for it, and codes anew when a rule became another. What is found
waits on the office's page; nobody outside is told.
"""

from sqlalchemy import select

from jobs.mail import Mailer
from jobs.outbox import enqueue
from jobs.queue import ClaimedJob
from models.metadata.catalog import Catalog
from models.metadata.duplicate_rules import DuplicateRule
from models.records.engine import RecordEngine
from models.records.matching import candidates, codes, coding, grouping
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
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


def ask_for(transaction: Transaction, kind: str) -> bool:
    """Have the job done now, unless it is being done or about to be; whether it was asked for."""
    waiting = SystemJob.kind == kind, SystemJob.state != "COMPLETED", SystemJob.due_on <= utc_now()
    if transaction.lock().execute(select(SystemJob.id).where(*waiting)).first():
        return False
    enqueue(transaction, kind=kind, name=kind, due_on=utc_now())
    return True


def _find(engine: RecordEngine, rule: DuplicateRule) -> None:
    pairs = grouping.pairs(engine, rule)
    now = utc_now()
    engine.run(lambda service: candidates.keep(service.unit, rule, pairs, on=now))
