"""An account for somebody who comes for the first time and whose groups give a role.

Its address is a name for people and for the audit, never a key: the provider's only where the
provider has verified it and nobody here has it, else one made of the identity.
"""

import hashlib
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import insert

from admin_views.identity.account import as_written
from admin_views.identity.account_values import id_of, name_of, problem_of_address
from admin_views.identity.federation.evidence import Evidence
from admin_views.identity.federation.group_roles import Granted
from admin_views.identity.federation.identities import add_identity
from admin_views.identity.federation.reasons import Reason
from extensions import of_this_request
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import new_id
from models.tables.principals import SystemUser

PROVIDER = Caller.system("single sign-on")  # nosemgrep: system-behind-a-door - only writes audit


def join(service: RecordService, evidence: Evidence, granted: Granted) -> UUID | Reason:
    """Make the account in the one unit of `granted`; its roles are given by `admitting`.

    An address that somebody here has is not looked past: it may be the same person, and then there
    would be two of them. Who it is, an administrator or the person says by linking.
    """
    address = as_written(evidence.email)
    if address and id_of(service, address) is not None:
        return Reason.ADDRESS_TAKEN
    account_id = new_id()
    [unit] = granted.units
    row = {
        "id": account_id,
        "email": made_address(evidence) if problem_of_address(service, address) else address,
        "full_name": name_of(evidence.name)[0],
        "active": True,
        "fs_uniquifier": uuid4().hex,
        "businessunit_id": unit,
    }
    service.transaction.write(insert(SystemUser), row)
    add_identity(service, evidence.issuer, subject=evidence.subject, account_id=account_id)
    told = {"factor": "provider", "business_unit": granted.units[unit]}
    service.audit(of_this_request(PROVIDER), "create_account", record_id=account_id, **told)
    return account_id


def made_address(evidence: Evidence) -> str:
    """The same for the same person of the same provider, and tells nothing but the provider."""
    identity = f"{evidence.issuer}\0{evidence.subject}".encode()
    host = urlsplit(evidence.issuer).hostname or "provider"
    return f"sso-{hashlib.sha256(identity).hexdigest()[:16]}@{host[:200]}"
