"""What the acts of backups, and of what is seen to every night so that none opens what was erased,
are called for whoever reads the audit; and their details."""

from flask_babel import gettext


def acts() -> dict[str, str]:
    return {
        "back_up": gettext("Make a backup"),
        "restore_backup": gettext("Restore a backup"),
        "move_database": gettext("Move to another database"),
        "end_month_keys": gettext("Keys of past months destroyed"),
        "end_backup_keys": gettext("Keys of old backups destroyed"),
        "finish_erasures": gettext("Erasures finished that had stopped half-way"),
    }


def details() -> dict[str, str]:
    return {
        "made": gettext("Backups made"),
        "removed": gettext("Backups removed"),
        "backup": gettext("Identifier of the backup"),
        "taken_on": gettext("The records’ backup is of"),
        "keystore_taken_on": gettext("The keystore’s backup is of"),
        "erased_again": gettext("Records erased again"),
        "moved_rows": gettext("Rows moved"),
        "acts_entered": gettext("Certificates, holds and requests entered again"),
        "acts_left": gettext("Certificates, holds and requests that could not be entered"),
        "ended": gettext("Destroyed keys"),
        "finished": gettext("Erasures finished"),
        "held_back": gettext("Erasures that a hold keeps from being finished"),
    }
