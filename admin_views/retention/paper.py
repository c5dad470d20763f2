"""The certificate of an erasure in words, the same for the page and for a PDF."""

from typing import Any

from flask_babel import gettext

from admin_views.language import language, local_time
from admin_views.retention import words
from admin_views.retention.reading import Shown
from exchange.papers.paper import LINE, Paper, Section


def paper_of(shown: Shown) -> Paper:
    said = shown.certificate
    is_erased = said["action"] == "erase"
    return Paper(
        title=gettext("Certificate of erasure"),
        introduction=gettext("The following was erased and cannot be restored.")
        if is_erased
        else gettext("The following was anonymised. What was emptied cannot be restored."),
        columns=(gettext("Item"), gettext("Content")),
        sections=(Section("", tuple(_rows(shown))),),
    )


def _rows(shown: Shown) -> list[tuple[str, str]]:
    said, outcomes, methods = shown.certificate, words.outcomes(), words.methods()
    counts = [
        f"{outcomes[name]}: {count:,}"
        for name, count in said["counts"].items()
        if name in outcomes
    ]
    keys = f"{said['keys_destroyed']:,} ({', '.join(said['key_ids'])})"
    approved = f"{said['approved_by']} {local_time(shown.row.decided_on)}".strip()
    return [
        (gettext("Number"), said["erasure"]),
        (gettext("What"), f"{said['entity'][language()]} ({said['entity']['name']})"),
        (gettext("Number of records"), LINE.join(counts)),
        (gettext("Rule"), f"{said['rule'][language()]}: {words.period(shown.stated)}"),
        (gettext("Method"), LINE.join(methods[one] for one in said["method"])),
        (gettext("Keys destroyed"), keys),
        (gettext("Approved by"), approved or gettext("The rule needs no approval.")),
        (gettext("Carried out on"), local_time(shown.row.completed_on)),
        (gettext("Backups of before are unreadable from"), said["backups_end_on"]),
        (gettext("Verification"), LINE.join(_proof(said["verification"]))),
        *_settled(shown),
        (gettext("Signature (Ed25519)"), f"{said['signature']} ({said['signing_key']})"),
    ]


def _settled(shown: Shown) -> list[tuple[str, str]]:
    """Added by a person, not signed."""
    row = shown.row
    if row.settled_on is None:
        return []
    by = f"{row.settled_by_name} {local_time(row.settled_on)}"
    return [(gettext("What was done about it"), LINE.join((row.settled_reason, by)))]


def _proof(proof: dict[str, Any]) -> list[str]:
    remains = proof["remains"]
    left = gettext(
        "Of %(count)s records that went, %(rows)s rows and %(keys)s keys are left.",
        count=f"{remains['went']:,}",
        rows=remains["rows_left"],
        keys=remains["keys_left"],
    )
    tried = gettext(
        "%(records)s records, with what went along, were remembered until the end; of their "
        "%(envelopes)s sealed values %(opened)s opened.",
        records=proof["records"],
        envelopes=proof["envelopes"],
        opened=proof["opened"],
    )
    shared = gettext(
        "%(count)s of these were not tried: they share their month’s key with records that stay.",
        count=proof["shared"],
    )
    searched = gettext("The files of the database server were not searched.")
    if proof["files"]:
        searched = gettext(
            "%(files)s files (%(size)s MB) were searched for what they said; it was found "
            "%(found)s times.",
            files=proof["files"],
            size=f"{proof['bytes_read'] / 1_000_000:,.1f}",
            found=proof["found"],
        )
    proved = gettext("The erasure is proved.")
    return [
        left,
        tried,
        *([shared] if proof["shared"] else []),
        searched,
        *([] if remains["rewritten"] else [gettext("The files could not be written anew.")]),
        proved if proof["holds"] else gettext("THE ERASURE IS NOT PROVED."),
    ]
