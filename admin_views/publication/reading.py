"""Publications as their pages show them: of each public view whether it is live, and its past."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.metadata.public_views import PublicViewDefinition
from models.records.service import RecordService
from models.security import publications
from models.security.caller import Caller
from models.tables.publications import APPROVED, OPEN, REQUESTED, Publication

MOST_OF_THE_PAST = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """A public view now: `open` is its publication that is asked for or live, if there is one of
    the present definition."""

    view: PublicViewDefinition
    fingerprint: str
    open: Any
    past: tuple[Any, ...]

    @property
    def is_live(self) -> bool:
        return self.open is not None and self.open.state == APPROVED

    @property
    def is_waiting(self) -> bool:
        return self.open is not None and self.open.state == REQUESTED

    def is_own(self, caller: Caller) -> bool:
        return self.open is not None and self.open.requested_by == caller.id


def standing(service: RecordService, view: PublicViewDefinition) -> Standing:
    table = Publication.__table__
    statement = select(table).where(table.c.view == view.name)
    newest = statement.order_by(table.c.requested_on.desc(), table.c.id.desc())
    past = service.transaction.read(newest.limit(MOST_OF_THE_PAST)).all()
    fingerprint = publications.fingerprint(service.catalog, view)
    fitting = (row for row in past if row.state in OPEN and row.fingerprint == fingerprint)
    return Standing(view, fingerprint, next(fitting, None), tuple(past))
