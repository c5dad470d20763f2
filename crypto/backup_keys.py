"""The keys of backups: one half of each lies in the keystore, and ends with the backup's time.

They seal nothing by themselves; what the other half is, and what a backup holds, is not known.
"""

from datetime import datetime

from sqlalchemy import func, select

from crypto.key_rotation import LIVING
from crypto.keystore import Keystore
from crypto.keystore_tables import Purpose, data_key
from crypto.wrapping import DataKey

OF_BACKUPS = data_key.c.purpose == Purpose.BACKUP.value


def new_backup_key(keystore: Keystore) -> DataKey:
    [key] = keystore.new_keys(Purpose.BACKUP, entity_number=0, period=0, count=1)
    return key


def backup_keys(keystore: Keystore) -> dict[int, bytes]:
    """All that were not destroyed, by id."""
    keys = keystore.live_keys(Purpose.BACKUP, entity_number=0)
    return {key.id: key.secret for key in keys}


def end_backup_keys(keystore: Keystore, *, before: datetime) -> list[int]:
    """Destroy those made before; but never the newest, so that where no backup is made any more
    the last one can be read. The ids that went."""
    living = OF_BACKUPS & data_key.c.state.in_(LIVING)
    newest = select(func.max(data_key.c.id)).where(living).scalar_subquery()
    old = select(data_key.c.id).where(living, data_key.c.created_on < before)
    with keystore.reading() as connection:
        ids = connection.scalars(old.where(data_key.c.id != newest)).all()
    return keystore.destroy(ids) if ids else []
