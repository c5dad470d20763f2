"""Who the staff are: accounts, sign-in, second factor, sessions. Rights: models/security.

Flask-Security loads the libraries of its own passkeys and single sign-on wherever they are found.
Neither is used here (ours are `passkeys` and `federation`), and together they are twelve megabytes
of every process: as far as it can see, they are not installed.
"""

import sys

UNUSED = ("authlib.integrations.flask_client", "webauthn")
for library in UNUSED:
    sys.modules.setdefault(library, None)  # type: ignore[arg-type]

import flask_security  # noqa: E402, F401 - while these cannot be found

for library in UNUSED:
    if sys.modules[library] is None:
        del sys.modules[library]

from admin_views.identity.callers import (  # noqa: E402
    current_account,
    current_caller,
    require_sign_in,
)
from admin_views.identity.sign_in import install_identity  # noqa: E402

__all__ = ["current_account", "current_caller", "install_identity", "require_sign_in"]
