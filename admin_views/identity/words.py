"""What acts on what accounts sign in with are called, for whoever reads the audit."""

from flask_babel import gettext


def acts() -> dict[str, str]:
    return {
        "change_password": gettext("Change password"),
        "change_second_factor": gettext("Set up a second factor"),
        "reset_second_factor": gettext("Reset the second factor"),
        "reset_password": gettext("Reissue the password"),
        "lock_account": gettext("Lock an account"),
        "unlock_account": gettext("Unlock an account"),
        "end_session": gettext("End a session"),
        "end_other_sessions": gettext("End other sessions"),
        "end_sessions": gettext("Sign out everywhere"),
        "make_break_glass": gettext("Make an emergency account"),
        "use_break_glass": gettext("Use of an emergency account"),
        "register_passkey": gettext("Register a passkey"),
        "delete_passkey": gettext("Delete a passkey"),
        "make_recovery_codes": gettext("Make recovery codes"),
        "use_recovery_code": gettext("Use of a recovery code"),
        "begin_support": gettext("Begin a support session"),
        "state_purpose": gettext("State a purpose of use"),
        "end_support": gettext("End a support session"),
    }
