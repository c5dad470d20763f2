"""Flask extensions, unbound, and the way to what the composition root bound to the app.

It knows no model and no view; `app.py` fills it.
"""

from typing import TYPE_CHECKING, cast

from flask import current_app
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

if TYPE_CHECKING:
    from config import Settings
    from models.records.engine import RecordEngine

babel = Babel()
csrf = CSRFProtect()
"""For the staff's pages; public forms have tokens of their own, bound to the form session."""

ENGINE, SETTINGS, SECRET = "uketsuke.engine", "uketsuke.settings", "uketsuke.secret"
NOT_READY = "uketsuke.not_ready"
"""In place of the engine, for commands: the error that says why there is none."""


def engine() -> "RecordEngine":
    """The app's record engine."""
    return cast("RecordEngine", current_app.extensions[ENGINE])


def settings() -> "Settings":
    return cast("Settings", current_app.extensions[SETTINGS])


def secret(purpose: str) -> bytes:
    """32 bytes for one purpose, from the key ring: the same in every process, never stored."""
    return engine().keyring.secret(purpose)
