"""Who the staff are: accounts, sign-in, second factor, sessions. Rights: models/security."""

from admin_views.identity.callers import current_account, current_caller, require_sign_in
from admin_views.identity.sign_in import install_identity

__all__ = ["current_account", "current_caller", "install_identity", "require_sign_in"]
