"""A unit of work: what one transaction's operations share. It decides nothing."""

from dataclasses import dataclass, field

from crypto.keyring import Keyring
from models.metadata.catalog import Catalog
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

    @property
    def store(self) -> RecordStore:
        return RecordStore(self.catalog, self.transaction)

    def finish(self) -> None:
        """The last things before the commit: the audit's chain, then the end of doomed keys."""
        self.auditing.write(self.transaction)
        if self.doomed_keys:
            self.keyring.destroy(self.doomed_keys)
