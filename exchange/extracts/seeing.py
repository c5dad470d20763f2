"""Which extracts a caller may know of: their own, those they could decide on, all for auditors."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from exchange.extracts.states import found
from models.metadata.errors import RecordNotFound
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Miscellaneous, Privilege
from models.tables.extracts import Extract

OF_SEVERAL = ""
"""The entity of a file that holds records of several."""


def clause(caller: Caller, entities: list[str]) -> ColumnElement[bool]:
    """True for extracts the caller may know of; `entities` are all there are."""
    ways = [Extract.requested_by == caller.id]
    if caller.may(Miscellaneous.APPROVE_EXPORT):
        readable = [e for e in entities if caller.has(e, Privilege.READ)]
        ways.append(Extract.entity.in_([*readable, OF_SEVERAL]))
    if caller.may(Miscellaneous.READ_AUDIT):
        ways.append(Extract.id.is_not(None))
    return or_(*ways)


def visible(service: RecordService, caller: Caller, extract_id: UUID) -> Any:
    """The extract's row; RecordNotFound where there is none the caller may know of."""
    extract = found(service.transaction, extract_id)
    is_own = caller.id is not None and extract.requested_by == caller.id
    may_decide = caller.may(Miscellaneous.APPROVE_EXPORT) and (
        extract.entity == OF_SEVERAL or caller.has(extract.entity, Privilege.READ)
    )
    if not (is_own or may_decide or caller.may(Miscellaneous.READ_AUDIT)):
        raise RecordNotFound("extract")
    return extract
