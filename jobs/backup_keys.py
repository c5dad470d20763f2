"""The job kind end_backup_keys: every night the keys of records' backups go whose days are over,
so that no copy of them can be read any more, wherever it lies.
"""

from exchange.backups import halves
from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.base import utc_now

END_BACKUP_KEYS = "end_backup_keys"
ENDER = Caller.system("ending backups that are older than they may be")


def end_backup_keys(engine: RecordEngine, mailer: Mailer, _job: ClaimedJob) -> None:
    end_old_backups(engine, days=mailer.settings.backup_days)


def end_old_backups(engine: RecordEngine, *, days: int) -> int:
    """How many ended."""
    ended = halves.end_old(engine.keyring.keystore, days=days, now=utc_now())
    if ended:
        engine.run(lambda service: service.audit(ENDER, END_BACKUP_KEYS, ended=len(ended)))
    return len(ended)
