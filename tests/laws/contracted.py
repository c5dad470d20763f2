"""A contractor of the house, about whose month there is a report; nobody works for it."""

import json
from uuid import UUID

from sqlalchemy import insert, select

from models.security.contracts import today
from models.tables.base import new_id
from models.tables.principals import Contractor
from tests.admin_views.office import Office

NAME = "点検を受ける事業者"


def contractor_of(house: Office) -> UUID:
    """Made once a house, with a contract for all data."""
    with house.engine.database.reading() as connection:
        found = connection.scalar(select(Contractor.id).where(Contractor.name == NAME))
    if found is not None:
        return found
    scope = json.dumps({name: {} for name in house.engine.catalog.entities})
    row = {"id": new_id(), "name": NAME, "scope": scope, "networks": "", "version": 1}
    row |= {"starts_on": today(), "ends_on": today()}
    house.engine.database.run(lambda transaction: transaction.write(insert(Contractor), row))
    return UUID(str(row["id"]))
