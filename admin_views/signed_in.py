"""Who is asking: the caller of this request, for every page that needs one."""

from admin_views.identity import current_caller
from models.metadata.errors import AccessDenied
from models.security.caller import Caller


def signed_in() -> Caller:
    """The caller of this request; AccessDenied where there is none."""
    caller = current_caller()
    if caller is None:
        raise AccessDenied("sign in first")
    return caller
