"""A signed-in person links their account to their identity at the provider, having shown both.

The account by step-up, the identity by entering something at the provider anew: who is led there
by another's page might find another's identity signed in.
"""

import time
from typing import Any
from uuid import UUID

from flask import session

from admin_views.identity.federation import identities
from admin_views.identity.federation.evidence import Evidence
from admin_views.identity.federation.reasons import Reason
from admin_views.identity.holdings import lock_people
from extensions import engine
from models.records.service import RecordService
from models.security.caller import Caller

WANTED_ON = "federation_link"
"""In the session: when the person asked for it, in seconds."""
LASTS = 300


def ask_for_link() -> None:
    session[WANTED_ON] = time.time()


def is_asked_for() -> bool:
    wanted: float = session.get(WANTED_ON, 0.0)
    return 0 <= time.time() - wanted <= LASTS


def link_own(caller: Caller, account_id: UUID, evidence: Evidence) -> Reason | None:
    """Why not; None where it is done."""
    session.pop(WANTED_ON, None)
    return engine().run(lambda service: _link(service, caller, account_id, evidence))


def _link(
    service: RecordService, caller: Caller, account_id: UUID, evidence: Evidence
) -> Reason | None:
    lock_people(service)
    transaction = service.transaction
    owner = identities.account_of(transaction, evidence.issuer, evidence.subject)
    own = identities.identity_of(transaction, evidence.issuer, account_id)
    if owner == account_id:
        return None
    if owner is not None or own is not None:
        told = {"factor": "provider", "reason": str(Reason.LINKED)}
        service.audit(caller, "link_identity", record_id=account_id, outcome="refused", **told)
        return Reason.LINKED
    identities.add_identity(
        service, evidence.issuer, subject=evidence.subject, account_id=account_id
    )
    service.audit(caller, "link_identity", record_id=account_id)
    return None


def unlink_own(caller: Caller, account: Any, issuer: str) -> bool:
    """False where nothing would be left to sign in with."""
    if not account.password and not account.passkeys:
        return False
    engine().run(lambda service: identities.unlink(service, caller, issuer, account_id=account.id))
    return True
