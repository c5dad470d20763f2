"""The language an account prefers: the one its person chose last, on whatever browser.

Which language a page speaks is decided by the one who installs the selector for Flask-Babel;
here it is only said what the account would like (`g.preferred_language`).
"""

from flask import Flask, Response, g, request
from sqlalchemy import update

from admin_views.identity.callers import current_caller
from admin_views.identity.sessions import STAFF_PATHS
from extensions import engine
from models.tables.principals import SystemUser

LANGUAGES = ("ja", "en")


def install_preferred_language(app: Flask) -> None:
    app.before_request(_prefer)
    app.after_request(_keep)


def _prefer() -> None:
    if request.path.startswith(STAFF_PATHS):
        caller = current_caller()
        g.preferred_language = caller.language if caller else ""


def _keep(response: Response) -> Response:
    """What a signed-in person asks for is what they prefer from now on."""
    asked, caller = request.args.get("lang"), g.get("caller")
    if asked in LANGUAGES and caller is not None and caller.language != asked:
        chooser = caller.supporter or caller
        changed = update(SystemUser).where(SystemUser.id == chooser.id).values(language=asked)
        engine().database.run(lambda transaction: transaction.write(changed))
    return response
