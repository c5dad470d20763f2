"""What acts, their groups, outcomes and doors are called, for whoever reads the audit.

The words of a room's acts are the room's; what belongs to none is here.
"""

from flask_babel import gettext

from admin_views.applicants import words as applicants
from admin_views.audit import acts as known
from admin_views.audit import backup_words as backups
from admin_views.disclosure import words as disclosure
from admin_views.extraction import words as extraction
from admin_views.identity import words as credentials
from admin_views.incidents import words as incidents
from admin_views.papers import words as papers
from admin_views.people import words as people
from admin_views.publication import words as publication
from admin_views.retention import words as retention


def acts() -> dict[str, str]:
    return {
        **_of_records(),
        **_of_accounts(),
        **people.acts(),
        **credentials.acts(),
        **extraction.acts(),
        **publication.acts(),
        **applicants.acts(),
        **disclosure.acts(),
        **retention.acts(),
        **papers.acts(),
        **incidents.acts(),
        "set_up": gettext("Set up the service"),
        "import_solution": gettext("Import a solution"),
        "retry_job": gettext("Do a failed job again"),
        "sign_off_inspection": gettext("Sign off a monthly inspection"),
        **_of_keys(),
        **backups.acts(),
        "refusal": gettext("Refusal"),
    }


def _of_keys() -> dict[str, str]:
    return {
        "begin_key_rotation": gettext("Begin to change keys"),
        "end_key_rotation": gettext("Keys changed, the old ones destroyed"),
        "begin_root_key_change": gettext("Begin to change the root key"),
        "end_root_key_change": gettext("Root key changed"),
        "share_root_key": gettext("Print the root key in shares"),
    }


def _of_records() -> dict[str, str]:
    return {
        "create": gettext("Create"),
        "update": gettext("Change"),
        "delete": gettext("Delete"),
        "assign": gettext("Assign"),
        "share": gettext("Share a record"),
        "modify_share": gettext("Change a share"),
        "revoke_share": gettext("Take a share back"),
        "approve_record": gettext("Approve a record"),
        "merge": gettext("Merge records"),
        "dismiss_duplicate": gettext("Say that records are not the same"),
        "associate": gettext("Relate records"),
        "disassociate": gettext("Part records"),
        "import": gettext("CSV import"),
        "send_mail": gettext("Send an e-mail"),
        "read": gettext("Read personal values"),
        "reveal": gettext("Show a masked value"),
        "search": gettext("Search by a personal value"),
    }


def _of_accounts() -> dict[str, str]:
    return {
        "sign_in": gettext("Sign in"),
        "sign_in_failed": gettext("Failed sign-in"),
        "sign_out": gettext("Sign out"),
        "create_account": gettext("Create an account"),
        "deactivate_account": gettext("Deactivate an account"),
        "activate_account": gettext("Activate an account"),
        "change_rights": gettext("Change rights"),
        "explain_access": gettext("Ask why somebody may do something"),
        "change_group_roles": gettext("Roles changed by groups"),
        "map_group": gettext("Give a role to a group"),
        "unmap_group": gettext("Take the role away from the group"),
        "link_identity": gettext("Link an account"),
        "unlink_identity": gettext("Undo the link"),
    }


def groups() -> dict[str, str]:
    return {
        known.PERSONAL: gettext("Looking at personal data"),
        known.RECORDS: gettext("Records"),
        known.EXTRACTION: gettext("Extraction"),
        known.PUBLICATION: gettext("Publication"),
        known.RETENTION: gettext("Retention"),
        known.INCIDENTS: gettext("Incidents"),
        known.SIGN_IN: gettext("Sign-in and one’s own account"),
        known.RIGHTS: gettext("Rights and shares"),
        known.ADMINISTRATION: gettext("Accounts, contractors and settings"),
        known.PLATFORM: gettext("The platform itself"),
        known.REFUSALS: gettext("Refusals"),
        known.OTHERS: gettext("Others"),
    }


def outcomes() -> dict[str, str]:
    return {
        "ok": gettext("Done"),
        "refused": gettext("Refused"),
        "failed": gettext("Failed"),
        "started": gettext("Started"),
        "aborted": gettext("Broken off"),
    }


def kinds() -> dict[str, str]:
    """Who acts that is no account."""
    return {
        "public": gettext("The public"),
        "applicant": gettext("The applicant"),
        "system": gettext("The platform"),
        "visitor": gettext("Visitor"),
    }
