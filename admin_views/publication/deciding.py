"""The steps of a publication: asked for by one person, approved or returned by another, taken back
at once by either kind.

Each is one UPDATE that names the state it starts from; its row count says who came first, and the
database keeps a view to one open publication and a publication to two people.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select, update

from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    Problem,
    RecordNotFound,
    ValidationFailed,
)
from models.metadata.labels import Label
from models.metadata.public_views import PublicViewDefinition
from models.records.service import RecordService
from models.security import publications
from models.security.caller import Caller
from models.security.privileges import Miscellaneous, Privilege
from models.tables.base import new_id, utc_now
from models.tables.publications import (
    APPROVED,
    LONGEST_REASON,
    OPEN,
    REQUESTED,
    RETURNED,
    WITHDRAWN,
    Publication,
)

EITHER = (Miscellaneous.REQUEST_PUBLICATION, Miscellaneous.APPROVE_PUBLICATION)
REASON = Label("差戻しの理由", "Reason for the return")


def view_of(service: RecordService, caller: Caller, name: str) -> PublicViewDefinition:
    """The public view of that name, for those who may see all that it could show.
    Raises RecordNotFound, AccessDenied."""
    view = service.catalog.public_views.get(name)
    if view is None or not sees_all(caller, view):
        raise RecordNotFound("public view")
    return view


def sees_all(caller: Caller, view: PublicViewDefinition) -> bool:
    """Nobody learns by a check of what they could not read otherwise."""
    return all(
        one.scope is None and one.reach(view.entity, Privilege.READ).everything
        for one in caller.acting
    )


def request(service: RecordService, caller: Caller, name: str, *, fingerprint: str) -> UUID:
    """Ask for the view as it was shown. Raises RecordNotFound, AccessDenied,
    ConcurrencyConflict (another definition by now, or open already)."""
    view = _for(service, caller, name, Miscellaneous.REQUEST_PUBLICATION)
    publications.close_changed(service.transaction.lock(), service.catalog)
    if publications.fingerprint(service.catalog, view) != fingerprint or _open(service, name):
        raise ConcurrencyConflict("publication")
    row = {
        "id": new_id(),
        "view": name,
        "fingerprint": fingerprint,
        "state": REQUESTED,
        "requested_by": caller.id,
        "requested_by_name": caller.name,
        "requested_on": utc_now(),
    }
    service.transaction.write(insert(Publication), [row])
    service.audit(caller, "request_publication", **_told(view, fingerprint))
    return UUID(str(row["id"]))


def approve(service: RecordService, caller: Caller, publication_id: UUID) -> None:
    """Make it live. Raises as `request`; AccessDenied for who asked for it."""
    row = _row(service, publication_id)
    view = _for(service, caller, row.view, Miscellaneous.APPROVE_PUBLICATION)
    _require_another(caller, row)
    if publications.fingerprint(service.catalog, view) != row.fingerprint:
        raise ConcurrencyConflict("publication")
    _decide(service, caller, row, state=APPROVED)
    service.audit(caller, "approve_publication", **_told(view, row.fingerprint))


def give_back(
    service: RecordService, caller: Caller, publication_id: UUID, *, reason: str
) -> None:
    """Return it to who asked. Raises as `approve`; ValidationFailed without a reason."""
    row = _row(service, publication_id)
    view = _for(service, caller, row.view, Miscellaneous.APPROVE_PUBLICATION)
    _require_another(caller, row)
    if problem := _problem(reason):
        raise ValidationFailed([problem])
    _decide(service, caller, row, state=RETURNED, reason=reason)
    service.audit(caller, "return_publication", **_told(view, row.fingerprint))


def withdraw(service: RecordService, caller: Caller, publication_id: UUID) -> None:
    """Take it back, live or only asked for; by whoever may ask or approve, at once."""
    row = _row(service, publication_id)
    view = _for(service, caller, row.view, *EITHER)
    ended = {"ended_by": caller.id, "ended_by_name": caller.name, "ended_on": utc_now()}
    _move(service, publication_id, OPEN, {"state": WITHDRAWN, **ended})
    service.audit(caller, "withdraw_publication", view=view.name, state_before=row.state)


def _for(
    service: RecordService, caller: Caller, name: str, *privileges: Miscellaneous
) -> PublicViewDefinition:
    """In one's own name only: two people must be two."""
    if caller.id is None or caller.supporter is not None:
        raise AccessDenied("publishing in another's name", caller=caller)
    if not any(caller.may(privilege) for privilege in privileges):
        raise AccessDenied(str(privileges[0]), caller=caller)
    return view_of(service, caller, name)


def _require_another(caller: Caller, row: Any) -> None:
    if row.requested_by == caller.id:
        raise AccessDenied("deciding on one's own publication", caller=caller)


def _problem(reason: str) -> Problem | None:
    if not reason:
        return Problem("reason", "required", REASON)
    if len(reason) > LONGEST_REASON:
        found: dict[str, object] = {"maximum": LONGEST_REASON, "length": len(reason)}
        return Problem("reason", "too_long", REASON, found)
    return None if reason.isprintable() else Problem("reason", "control_characters", REASON)


def _row(service: RecordService, publication_id: UUID) -> Any:
    statement = select(Publication.__table__).where(Publication.id == publication_id)
    row = service.transaction.read(statement).first()
    if row is None:
        raise RecordNotFound("publication")
    return row


def _open(service: RecordService, name: str) -> bool:
    statement = select(Publication.id).where(Publication.view == name, Publication.state.in_(OPEN))
    return service.transaction.read(statement).first() is not None


def _decide(
    service: RecordService, caller: Caller, row: Any, *, state: str, reason: str = ""
) -> None:
    decided = {"decided_by": caller.id, "decided_by_name": caller.name, "decided_on": utc_now()}
    _move(service, row.id, (REQUESTED,), {"state": state, "reason": reason, **decided})


def _move(
    service: RecordService, publication_id: UUID, before: tuple[str, ...], values: dict[str, Any]
) -> None:
    this = and_(Publication.id == publication_id, Publication.state.in_(before))
    statement = update(Publication).where(this).values(**values)
    if service.transaction.write(statement).rowcount != 1:
        raise ConcurrencyConflict("publication")


def _told(view: PublicViewDefinition, fingerprint: str) -> dict[str, Any]:
    """For the audit: what is let out, by name."""
    return {"view": view.name, "attributes": sorted(view.attributes), "fingerprint": fingerprint}
