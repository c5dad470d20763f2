"""A contractor for the reports: whose account the operator is, and what it may work on."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select, update

from models.security.contracts import today
from models.tables.base import new_id
from models.tables.principals import Contractor, PrincipalRole, Role, SystemUser
from models.tables.session import Transaction
from tests.admin_views.office import ENTITY, Office
from tests.enquiries.asking import ENQUIRY

READS = "kobe_official"
"""Held by the auditor besides: figures of records are of those that the reader reaches."""


def contract(office: Office) -> UUID:
    """Under contract for enquiries and for two categories of applications."""
    contractor_id = new_id()
    row = {"id": contractor_id, "name": "受託株式会社", "version": 1, "networks": ""}
    row |= {"starts_on": today() - timedelta(days=60), "ends_on": today() + timedelta(days=60)}
    row["scope"] = (
        f'{{"{ENQUIRY}": {{}}, "{ENQUIRY}_activity": {{}}, "{ENTITY}_activity": {{}}, '
        f'"{ENTITY}": {{"kobe_category": [927000000, 927000001]}}}}'
    )

    def work(transaction: Transaction) -> None:
        connection = transaction.lock()
        connection.execute(insert(Contractor), row)
        operator = SystemUser.id == office.users["kobe_operator"]
        connection.execute(update(SystemUser).where(operator).values(contractor_id=contractor_id))
        role = connection.scalar(select(Role.id).where(Role.name == READS))
        held = {"principal_id": office.users["auditor"], "role_id": role, "origin": "hand"}
        connection.execute(insert(PrincipalRole), held)

    office.engine.database.run(work)
    return contractor_id


def month() -> str:
    return f"{today():%Y-%m}"
