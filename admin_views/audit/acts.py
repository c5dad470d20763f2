"""The acts that the audit knows, in the groups in which auditors look for them.

It knows no words; those are `words`'.
"""

from collections.abc import Iterable, Mapping
from itertools import chain

RECORDS, PERSONAL, EXTRACTION, SIGN_IN = "records", "personal", "extraction", "sign_in"
PUBLICATION = "publication"
RIGHTS, ADMINISTRATION, PLATFORM, REFUSALS = "rights", "administration", "platform", "refusals"
OTHERS = "others"

GROUPS: Mapping[str, tuple[str, ...]] = {
    PERSONAL: ("read", "reveal", "search"),
    RECORDS: (
        *("create", "update", "delete", "assign", "associate", "disassociate", "import"),
        *("send_mail", "merge", "dismiss_duplicate"),
        *("open_own", "propose_address", "ask_erasure", "grant_erasure", "refuse_erasure"),
        "send_status_links",
    ),
    EXTRACTION: (
        *("export", "request_extract", "approve_extract", "reject_extract", "withdraw_extract"),
        *("build_extract", "renew_extract", "download_extract", "confirm_deletion"),
        *("expire_extract", "statistics"),
    ),
    PUBLICATION: (
        *("request_publication", "approve_publication", "return_publication"),
        *("withdraw_publication", "close_publication"),
    ),
    SIGN_IN: (
        *("sign_in", "sign_in_failed", "sign_out", "turned_away", "lock_account"),
        *("use_recovery_code", "use_break_glass", "end_session", "end_other_sessions"),
        *("change_password", "change_second_factor", "register_passkey", "delete_passkey"),
        *("make_recovery_codes", "give_pledge"),
    ),
    RIGHTS: (
        *("change_rights", "change_group_roles", "map_group", "unmap_group"),
        *("create_team", "change_team", "share", "modify_share", "revoke_share"),
    ),
    ADMINISTRATION: (
        *("create_account", "deactivate_account", "activate_account", "unlock_account"),
        *("reset_password", "reset_second_factor", "end_sessions", "make_break_glass"),
        *("link_identity", "unlink_identity", "explain_access", "account_dormant"),
        *("create_contractor", "change_contractor", "enter_training", "change_organization"),
        *("send_reminder", "report_contractor", "fetch_answers"),
        *("begin_support", "end_support"),
        *("open_account_review", "decide_account_review", "sign_off_account_review"),
    ),
    PLATFORM: ("set_up", "import_solution", "retry_job", "sign_off_inspection"),
    REFUSALS: ("refusal",),
}


def grouped(known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """With those of `known` that are in no group as a group of their own."""
    rest = tuple(sorted(set(known) - set(chain.from_iterable(GROUPS.values()))))
    return {**GROUPS, **({OTHERS: rest} if rest else {})}
