"""The version number a form was made from, as it comes back with the form."""

import re

from flask import request

NO_VERSION = -1


def version_sent(control: str = "version") -> int:
    """The version number the form was made from; without a readable one, none that exists, so
    that the change meets a conflict and overwrites nothing."""
    sent = request.form.get(control, "")
    return int(sent) if re.fullmatch(r"[0-9]{1,18}", sent) else NO_VERSION
