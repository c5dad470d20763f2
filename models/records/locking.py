"""Records about to be changed: locked, reached by the caller, at the version the caller knew."""

from collections.abc import Sequence

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied, ConcurrencyConflict, RecordNotFound
from models.records.changes import Change, Deletion
from models.records.store import RecordStore, StoredRow
from models.security.caller import Caller
from models.security.privileges import Privilege


def locked_rows(
    store: RecordStore,
    caller: Caller,
    privilege: Privilege,
    *,
    entity: EntityDefinition,
    batch: Sequence[Change] | Sequence[Deletion],
) -> list[StoredRow]:
    """The rows in the order of the batch.

    Not visible: RecordNotFound. Visible but out of the privilege's reach: AccessDenied. At another
    version: ConcurrencyConflict.
    """
    ids = [one.id for one in batch]
    found = store.locked(caller, privilege, entity, ids)
    missing = set(ids) - set(found)
    if missing:
        if store.visible_ids(caller, Privilege.READ, entity, missing) == missing:
            raise AccessDenied(
                f"{privilege} on these records of {entity.logical_name}", caller=caller
            )
        raise RecordNotFound(entity.logical_name)
    for one in batch:
        if one.version is not None and one.version != found[one.id].version:
            raise ConcurrencyConflict(entity.logical_name)
    return [found[record_id] for record_id in ids]
