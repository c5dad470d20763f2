"""What a request to the staff's pages may bring along: a form, and a way on within this site.

It is looked at before the library reads it, which takes JSON of any shape for a form and breaks on
an address that cannot be read.
"""

import re

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from admin_views.identity.sessions import STAFF_PATHS

WAY_ON = "next"
LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")
"""What no browser takes for another site: two slashes or backslashes would begin a host."""


def install_door(app: Flask) -> None:
    """Before everything else that looks at a form."""
    app.before_request(_look_at_what_is_brought)


def _look_at_what_is_brought() -> None:
    if not request.path.startswith(STAFF_PATHS):
        return
    if request.is_json:
        abort(415)
    request.args = _without_ways_out(request.args)
    request.form = _without_ways_out(request.form)


def _without_ways_out(sent: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """A wish to get to another site is forgotten, and the sign-in goes on."""
    return ImmutableMultiDict(
        (name, value)
        for name, value in sent.items(multi=True)
        if name != WAY_ON or LOCAL_PATH.fullmatch(value)
    )
