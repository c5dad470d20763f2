"""The acts that the audit knows, in the groups in which auditors look for them.

It knows no words; those are `words`'.
"""

from collections.abc import Iterable, Mapping
from itertools import chain

RECORDS, PERSONAL, EXTRACTION, SIGN_IN = "records", "personal", "extraction", "sign_in"
PUBLICATION, RETENTION, INCIDENTS = "publication", "retention", "incidents"
RIGHTS, ADMINISTRATION, PLATFORM, REFUSALS = "rights", "administration", "platform", "refusals"
OTHERS = "others"

GROUPS: Mapping[str, tuple[str, ...]] = {
    PERSONAL: ("read", "reveal", "search", "read_request", "read_person_request"),
    RECORDS: (
        *("create", "update", "delete", "assign", "associate", "disassociate", "import"),
        *("approve_record", "send_mail", "merge", "dismiss_duplicate"),
        *("open_own", "propose_address", "ask_erasure", "grant_erasure", "refuse_erasure"),
        "send_status_links",
        *("enter_request", "identify_person", "extend_request", "gather_person"),
        *("decide_request", "freeze_records", "release_records", "take_over_suspension"),
    ),
    RETENTION: (
        *("propose_erasure", "approve_erasure", "reject_erasure", "carry_out_erasure"),
        *("anonymise", "hold_record", "lift_hold", "tidy", "end_registers"),
        "settle_erasure",
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
    INCIDENTS: (
        *("enter_incident", "change_incident", "ask_about_incident", "draft_incident_report"),
        *("write_incident_report", "send_preliminary_report", "send_final_report"),
        "close_incident",
    ),
    SIGN_IN: (
        *("sign_in", "sign_in_failed", "sign_out", "turned_away", "lock_account"),
        *("use_recovery_code", "use_break_glass", "end_session", "end_other_sessions"),
        *("change_password", "change_second_factor", "register_passkey", "delete_passkey"),
        *("make_recovery_codes", "give_pledge", "state_purpose"),
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
        *("send_reminder", "report_contractor", "fetch_answers", "write_paper"),
        *("begin_support", "end_support"),
        *("open_account_review", "decide_account_review", "sign_off_account_review"),
    ),
    PLATFORM: (
        *("set_up", "import_solution", "retry_job", "sign_off_inspection"),
        *("begin_key_rotation", "end_key_rotation"),
        *("begin_root_key_change", "end_root_key_change", "share_root_key"),
        *("back_up", "restore_backup", "move_database"),
        *("end_month_keys", "end_backup_keys", "finish_erasures"),
    ),
    REFUSALS: ("refusal",),
}


def grouped(known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """With those of `known` that are in no group as a group of their own."""
    rest = tuple(sorted(set(known) - set(chain.from_iterable(GROUPS.values()))))
    return {**GROUPS, **({OTHERS: rest} if rest else {})}
