"""What a verification found wrong, in the reader's words: where, why, made between which times."""

from flask_babel import gettext

from admin_views.language import local_time
from models.records import audit_verification as chain
from models.records.audit_verification import Fault
from models.records.checkpoints import examining, ledger, lines


def told(fault: Fault) -> str:
    parts = [_place(fault), reasons().get(fault.reason, fault.reason)]
    return " ".join([gettext(": ").join(parts), _times(fault)]).strip()


def reasons() -> dict[str, str]:
    return {
        chain.ALTERED: gettext("An entry was altered."),
        chain.MISSING: gettext("Entries are missing."),
        chain.COLUMNS: gettext("The columns differ from the entry."),
        chain.CUT: gettext("The end of the chain is missing."),
        examining.CUT_OR_PUT_BACK: gettext(
            "Entries that a checkpoint names are missing: the log was cut, or put back."
        ),
        examining.PUT_BACK: gettext("The log was put back to an older state."),
        examining.LINES_GONE: gettext("Checkpoints that were written are not there."),
        ledger.LINES_MISSING: gettext("Checkpoints are missing, or not in their order."),
        lines.NONE_OF_OURS: gettext("It is no checkpoint."),
        lines.OTHER_KEY: gettext("It was signed with another key."),
        lines.REWRITTEN: gettext("It was altered."),
    }


def _place(fault: Fault) -> str:
    if fault.line is not None:
        return gettext("Line %(line)s of the checkpoints", line=fault.line)
    if fault.last is None or fault.last <= fault.sequence:
        return gettext("Entry %(number)s", number=fault.sequence)
    return gettext("Entries %(first)s to %(last)s", first=fault.sequence, last=fault.last)


def _times(fault: Fault) -> str:
    if fault.after is None and fault.before is None:
        return ""
    after, before = (local_time(one) or "—" for one in (fault.after, fault.before))
    return gettext("(made between %(after)s and %(before)s)", after=after, before=before)
