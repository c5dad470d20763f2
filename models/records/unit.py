"""A unit of work: what one transaction's operations share. It decides nothing."""

from dataclasses import dataclass, field

from crypto.errors import DestroyedKey, ReplacedKey
from crypto.keyring import ErasedRecord, Keyring
from models.metadata.catalog import Catalog
from models.metadata.errors import ConcurrencyConflict
from models.records.auditing import Auditing
from models.records.store import RecordStore
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    catalog: Catalog
    transaction: Transaction
    keyring: Keyring
    auditing: Auditing
    doomed_keys: set[int] = field(default_factory=set)
    """Keys that are destroyed right before the commit: those of deleted records."""
    erased: list[ErasedRecord] = field(default_factory=list)
    """Records that were deleted or made nobody's: the keystore remembers them, so that no backup
    brings them back."""

    used_keys: set[int] = field(default_factory=set)
    """Keys that values or index entries were made with. They may be destroyed meanwhile, when a
    rotation ends; then nothing of it is kept."""

    @property
    def store(self) -> RecordStore:
        return RecordStore(self.catalog, self.transaction)

    def finish(self) -> None:
        """The last things before the commit: the audit's chain, then the end of doomed keys."""
        self.auditing.write(self.transaction)
        if self.used_keys:
            self._require_used_keys()
        if self.doomed_keys or self.erased:
            self.keyring.destroy(self.doomed_keys, erased=self.erased)

    def _require_used_keys(self) -> None:
        """Asked once the rows are written: who destroys keys waits for us, or we for them."""
        self.transaction.lock()
        try:
            self.keyring.opening_keys(self.used_keys)
        except (DestroyedKey, ReplacedKey):
            raise ConcurrencyConflict("the keys were changed meanwhile") from None
