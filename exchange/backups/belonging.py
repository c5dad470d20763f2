"""Do records and a keystore belong together, and does the keystore know all of their keys?

They know each other by the digest of a secret that lies in the keystore and never changes. It
opens no value, and destroys nothing.
"""

import hashlib

from crypto.errors import SealingError
from crypto.key_rotation import high_water
from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.keystore_tables import Purpose
from exchange.backups.facts import HIGHEST_KEY
from exchange.backups.manifests import Manifest
from exchange.backups.refusing import BackupRefused

PURPOSE = "backups"
_DIGITS = 32
OTHERS = "the keystore is another installation's: it cannot open these records"
OLDER = (
    "the keystore is older than the records: they name data key {records}, it knows keys up to "
    "{keystore}. Take a keystore that was copied after the records were"
)


def name_of(keyring: Keyring) -> str:
    """What the keystore is known by; it tells nothing of any key."""
    return hashlib.sha256(keyring.secret(PURPOSE)).hexdigest()[:_DIGITS]


def require_fitting(records: Manifest, *, keystore: str, highest_key: int) -> None:
    if keystore != records.keystore:
        raise BackupRefused(OTHERS)
    if highest_key < records.facts[HIGHEST_KEY]:
        raise BackupRefused(OLDER.format(records=records.facts[HIGHEST_KEY], keystore=highest_key))


def require_keystore(records: Manifest, keystore: Keystore) -> None:
    """One that is in place: the root key fits it, and it fits the records."""
    try:
        keystore.check()
        if not keystore.live_keys(Purpose.PLATFORM, entity_number=0):
            raise BackupRefused(OTHERS)
    except SealingError as error:
        raise BackupRefused(f"the keystore that is there cannot be used: {error}") from error
    highest = high_water(keystore).next_key_id - 1
    require_fitting(records, keystore=name_of(Keyring(keystore)), highest_key=highest)
