"""The engine: units of work over one database, one key ring and the published metadata.

Made once by the composition root; every front door and job gets its record service here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from crypto.keyring import Keyring
from models.metadata.catalog import Catalog
from models.metadata.errors import AccessDenied, ConcurrencyConflict, ValidationFailed
from models.metadata.loading import CatalogSource
from models.metadata.query import Query
from models.records import duplicates, searching
from models.records.audit_subjects import Subjects
from models.records.auditing import Auditing
from models.records.checkpoints.second_place import SecondPlace
from models.records.service import RecordService
from models.records.steps import Steps
from models.records.streaming import RecordStream
from models.records.unit import UnitOfWork
from models.security.caller import Caller
from models.tables.session import Database, Transaction

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class RecordEngine:
    database: Database
    keyring: Keyring
    catalogs: CatalogSource
    steps: Steps = field(default_factory=Steps)
    second_place: SecondPlace = field(default_factory=SecondPlace)
    """Where the audit's checkpoints are written."""
    subjects: Subjects = field(default_factory=Subjects, repr=False, compare=False)

    @property
    def catalog(self) -> Catalog:
        """The metadata published last, by whichever process."""
        return self.catalogs.current()

    def run(
        self,
        work: Callable[[RecordService], Result],
        *,
        durable: bool = True,
        catalog: Catalog | None = None,
    ) -> Result:
        """Do `work` in one transaction; it may run again, so nothing in it reaches outside.

        A refusal is noted in the audit although the transaction it ended is rolled back.
        `catalog` is the one the request began with, if it asked for it already.
        """
        catalog = catalog or self.catalog

        def once(transaction: Transaction) -> Result:
            service = self._service(catalog, transaction)
            result = work(service)
            service.unit.finish()
            return result

        try:
            return self.database.run(once, durable=durable)
        except AccessDenied as refusal:
            self._note_refusal(catalog, refusal)
            raise
        except IntegrityError as error:
            problems = duplicates.problems(catalog, error)
            # from None: what the database said may show a value
            if problems:
                raise ValidationFailed(problems) from None
            raise ConcurrencyConflict("another change came first") from None

    def stream(self, caller: Caller, query: Query) -> RecordStream:
        """All records of a query at one moment, in chunks; for exports."""
        catalog = self.catalog
        found = RecordStream(catalog, self.database, self.keyring, caller=caller, query=query)
        if searching.asked_about(catalog, query):
            found.begin = lambda: self.run(
                lambda service: searching.note_stream(service.unit, caller, query)
            )
        return found

    def with_steps(self, steps: Steps) -> "RecordEngine":
        return replace(self, steps=steps)

    def _service(self, catalog: Catalog, transaction: Transaction) -> RecordService:
        auditing = Auditing(self.keyring.secret("audit"), self.subjects)
        return RecordService(UnitOfWork(catalog, transaction, self.keyring, auditing), self.steps)

    def _note_refusal(self, catalog: Catalog, refusal: AccessDenied) -> None:
        caller = refusal.caller
        if not isinstance(caller, Caller):
            return

        def note(transaction: Transaction) -> None:
            service = self._service(catalog, transaction)
            service.audit(caller, "refusal", outcome="refused", what=str(refusal))
            service.unit.finish()

        self.database.run(note)
