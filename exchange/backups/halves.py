"""The half of a records' backup's key that lies in the keystore: when it is destroyed, no copy of
that backup can be read any more, wherever it lies.

A backup of the keystore brings the halves that there were in its manifest, sealed, so that with
the root key and the two folders alone everything opens. It knows no folders.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from crypto.backup_keys import backup_keys, end_backup_keys
from crypto.keystore import Keystore
from exchange.backups.keys import BackupKey
from exchange.backups.places import Backup

KEYSTORE_DAYS = 7
"""So long backups of the keystore are kept: meanwhile what was destroyed since can be read."""
Halves = Mapping[int, bytes]
_NONCE = 12


def days_until_unreadable(backup_days: int) -> int:
    """After so many days nothing of a record that was erased today can be read in any backup that
    was made by the command, as long as backups are made: the last backup of the records with it
    has ended, and so has the last of the keystore that knew its key. `backup_days` is the
    setting."""
    return backup_days + KEYSTORE_DAYS


def in_keystore(keystore: Keystore) -> Halves:
    return backup_keys(keystore)


def sealed(halves: Halves, key: BackupKey) -> bytes:
    """As a backup of the keystore carries them, under its own key."""
    text = json.dumps({str(number): half.hex() for number, half in halves.items()}).encode()
    nonce = os.urandom(_NONCE)
    return nonce + key.of_halves.encrypt(nonce, text, None)


def in_backup(keystore: Backup) -> Halves:
    """Those that a backup of the keystore carries; its manifest was proved as it was opened."""
    carried = keystore.manifest.halves
    text = keystore.key.of_halves.decrypt(carried[:_NONCE], carried[_NONCE:], None)
    return {int(number): bytes.fromhex(half) for number, half in json.loads(text).items()}


def completed(backup: Backup, halves: Halves) -> Backup:
    """With the half that it needs, if it is among them."""
    half = halves.get(backup.manifest.half)
    if half is None:
        return backup
    return replace(backup, key=backup.key.with_half(half), is_complete=True)


def end_old(keystore: Keystore, *, days: int, now: datetime) -> list[int]:
    """Destroy the halves of all backups of the records that are older, but never the newest one's;
    the ids of the keys."""
    return end_backup_keys(keystore, before=now - timedelta(days=days))
