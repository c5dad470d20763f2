"""The registry of job kinds: what a worker can do. One file a handler."""

from collections.abc import Callable

from jobs import audit_checks
from jobs.account_reviews import open_account_review
from jobs.answers import FETCH_ANSWERS, fetch_answers
from jobs.applicants.sending_links import SEND_LINKS, send_links
from jobs.backup_keys import END_BACKUP_KEYS, end_backup_keys
from jobs.derived_values import RECALCULATE, recalculate_values
from jobs.dormancy import note_dormant_accounts
from jobs.duplicates import FIND, REBUILD, find_duplicates, rebuild_match_codes
from jobs.erasing import erase_unconfirmed
from jobs.extracts import BUILD_EXTRACT, EXPIRE_EXTRACTS, build_extract, expire_extracts
from jobs.legal_acts import KEEP_LEGAL_ACTS, keep_legal_acts
from jobs.mail import Mailer
from jobs.month_keys import END_MONTH_KEYS, end_month_keys
from jobs.outbox import SEND_MAIL
from jobs.purging import purge_intake
from jobs.queue import ClaimedJob
from jobs.reminders import SEND_REMINDERS, send_reminders
from jobs.retention.handlers import (
    CARRY_OUT,
    END_RETENTION,
    carry_out_erasures,
    end_retention,
)
from jobs.sending import send_mail
from jobs.unfinished_erasures import FINISH_ERASURES, finish_erasures
from models.records.engine import RecordEngine

Handler = Callable[[RecordEngine, Mailer, ClaimedJob], None]

KINDS: dict[str, Handler] = {
    SEND_MAIL: send_mail,
    "erase_unconfirmed": erase_unconfirmed,
    "purge_intake": purge_intake,
    "audit_checkpoint": audit_checks.checkpoint,
    "audit_verification": audit_checks.verification,
    "open_account_review": open_account_review,
    "note_dormant_accounts": note_dormant_accounts,
    FETCH_ANSWERS: fetch_answers,
    SEND_REMINDERS: send_reminders,
    FIND: find_duplicates,
    REBUILD: rebuild_match_codes,
    SEND_LINKS: send_links,
    RECALCULATE: recalculate_values,
    BUILD_EXTRACT: build_extract,
    EXPIRE_EXTRACTS: expire_extracts,
    END_RETENTION: end_retention,
    CARRY_OUT: carry_out_erasures,
    FINISH_ERASURES: finish_erasures,
    KEEP_LEGAL_ACTS: keep_legal_acts,
    END_MONTH_KEYS: end_month_keys,
    END_BACKUP_KEYS: end_backup_keys,
}
