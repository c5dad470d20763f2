"""The one error of backups: why something was not done, as a sentence for whoever runs it."""


class BackupRefused(Exception):
    """Nothing was changed, or all that was changed was put back."""
