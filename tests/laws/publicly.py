"""A public view of Kobe's applications that is live, so that every law asks its pages as well."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from models.records.engine import RecordEngine
from models.security import publications
from models.tables.base import new_id
from models.tables.publications import APPROVED, Publication
from tests.admin_views.office import ENTITY

PUBLIC_VIEW = "kobe_application_public"
STATED: dict[str, Any] = {
    PUBLIC_VIEW: {
        "entity": ENTITY,
        "display_name": {"ja": "公開している応援したいこと", "en": "Public applications"},
        "title": "kobe_receiptnumber",
        "filter": [{"attribute": "statuscode", "operator": "in", "value": [2, 3]}],
        "columns": ["kobe_category", "createdon"],
        "detail": ["statuscode", "createdon"],
        "by": "kobe_category",
        "date": "createdon",
        "order": ["createdon desc"],
        "atom": True,
        "json": True,
        "attribution": {"ja": "神戸市", "en": "Kobe City"},
    }
}


def go_live(engine: RecordEngine, first: UUID, second: UUID) -> None:
    """As if the two had published it."""
    catalog = engine.catalog
    row = {
        "id": new_id(),
        "view": PUBLIC_VIEW,
        "fingerprint": publications.fingerprint(catalog, catalog.public_views[PUBLIC_VIEW]),
        "state": APPROVED,
        "requested_by": first,
        "requested_by_name": "first",
        "decided_by": second,
        "decided_by_name": "second",
    }
    engine.database.run(lambda transaction: transaction.write(insert(Publication), [row]))
