"""The settings of an installation: environment variables UKETSUKE_*, checked, then never changed.

Knows no Flask, opens no database; see docs/settings.md for what each variable is for.
"""

from config.reading import NAMES, PREFIX, Environment, MailTls
from config.settings import Settings, SettingsError
from config.single_sign_on import SingleSignOn

__all__ = [
    "NAMES",
    "PREFIX",
    "Environment",
    "MailTls",
    "Settings",
    "SettingsError",
    "SingleSignOn",
]
