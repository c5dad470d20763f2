"""Who acts when a command is run."""

import getpass

from models.security.caller import Caller


def shell_caller(command: str) -> Caller:
    """The person at the shell, as the audit knows them."""
    return Caller.system(f"flask {command} by {getpass.getuser()}")
