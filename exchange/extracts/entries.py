"""An extract's entry in the ledger as it begins, and what the audit notes of each of its acts.

The same for every door; neither holds a value of any record.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from exchange.extracts.rule import columns_of
from exchange.orders import ExportOrder
from models.metadata.catalog import Catalog
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import utc_now
from models.tables.extracts import Extract
from models.tables.principals import BusinessUnit


def begin(
    service: RecordService,
    caller: Caller,
    order: ExportOrder,
    *,
    values: Mapping[str, object],
) -> None:
    """Enter an extract of this caller's into the ledger; `values` say its id and state."""
    row = _entry(service.transaction.connection, service.catalog, caller, order)
    service.transaction.write(insert(Extract), {**row, **values})


def note(
    service: RecordService,
    caller: Caller,
    action: str,
    *,
    extract: Any,
    outcome: str = "ok",
    **details: object,
) -> None:
    """One act in the audit; `extract` is the row, `details` what the act adds."""
    service.audit(
        caller,
        action,
        entity=extract.entity or None,
        record_id=extract.id,
        outcome=outcome,
        view=extract.view,
        attributes=names(extract.columns),
        personal=names(extract.personal),
        count=extract.count if extract.built is None else extract.built,
        purpose=extract.purpose,
        recipient=extract.recipient,
        format=extract.format,
        **({"sha256": extract.sha256} if extract.sha256 else {}),
        **details,
    )


def names(stored: str) -> list[str]:
    """Names of columns, as they are kept."""
    return list(json.loads(stored))


def stored(columns: Sequence[str]) -> str:
    return json.dumps(list(columns))


def _entry(
    connection: Connection, catalog: Catalog, caller: Caller, order: ExportOrder
) -> dict[str, Any]:
    columns = list(columns_of(catalog, caller, order.query))
    return {
        "door": order.door,
        "entity": order.query.entity,
        "view": order.view,
        "columns": stored([name for name, _ in columns]),
        "personal": stored([name for name, column in columns if column.may_be_personal]),
        "purpose": order.purpose.strip(),
        "recipient": order.recipient.strip(),
        "keep_until": order.keep_until,
        "format": order.format,
        "language": order.language,
        **of_caller(connection, caller),
    }


def of_caller(connection: Connection, caller: Caller) -> dict[str, Any]:
    """What the ledger keeps of whoever asks, or takes."""
    return {
        "requested_by": caller.id,
        "requested_by_name": caller.name,
        "requested_on": utc_now(),
        "contractor_id": caller.contractor,
        "organization": caller.organization or _unit_name(connection, caller.business_unit),
    }


def _unit_name(connection: Connection, unit: UUID | None) -> str:
    statement = select(BusinessUnit.name).where(BusinessUnit.id == unit)
    return connection.scalar(statement) or "" if unit else ""
