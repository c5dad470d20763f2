"""An entity to publish in many variants, and a look at all that is stored."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from sqlalchemy import inspect, text

from models.metadata.catalog import Catalog
from models.metadata.publishing import SolutionContent, publish
from models.records.engine import RecordEngine

Stated = dict[str, Any]
PLACE: Stated = {
    "display_name": {"ja": "場所", "en": "Place"},
    "primary_name": "tst_placename",
    "key_bucket": "month",
    "status": [
        {"value": 1, "state": 0, "label": "利用中"},
        {"value": 2, "state": 1, "label": "廃止"},
    ],
    "keys": {"tst_by_postcode": ["tst_postcode"]},
    "attributes": {
        "tst_placename": {"type": "String", "display_name": "場所名", "max_length": 20},
        "tst_postcode": {"type": "String", "display_name": "郵便番号"},
        "tst_floors": {"type": "Decimal", "display_name": "階数", "precision": 2},
        "tst_opened": {"type": "DateTime", "display_name": "開設"},
        "tst_kind": {"type": "Picklist", "display_name": "種類", "options": [
            {"value": 1, "label": "公園"}, {"value": 2, "label": "図書館"},
        ]},
        "tst_keeper": {"type": "Lookup", "display_name": "管理者", "targets": ["tst_person"]},
    },
}  # fmt: skip
PAIRED = {"first": "tst_place", "second": "tst_person"}
RECORD = {
    "tst_placename": "東遊園地", "tst_postcode": "650-0031", "tst_floors": "1.25", "tst_kind": 1,
}  # fmt: skip


def content(place: Stated, **more: Any) -> SolutionContent:
    return SolutionContent(
        name=more.get("name", "places"),
        version="1",
        definition={},
        publisher="Tests",
        publisher_prefix="tst",
        entities={more.get("entity", "tst_place"): place},
        components=more.get("components", {("many_to_many", "tst_place_people"): PAIRED}),
    )


def published(engine: RecordEngine, place: Stated, **more: Any) -> Catalog:
    return engine.database.run(lambda t: publish(t.lock(), content(place, **more)))


def altered(**attributes: Stated | None) -> Stated:
    """PLACE, with attributes added or changed in part."""
    place = deepcopy(PLACE)
    for name, stated in attributes.items():
        place["attributes"][name] = place["attributes"].get(name, {}) | (stated or {})
    return place


def everything(engine: RecordEngine) -> Mapping[str, Any]:
    """Every table with its columns, indexes and rows."""
    inspector = inspect(engine.database.engine)
    indexes = inspector.get_multi_indexes()
    with engine.database.reading() as connection:
        return {
            name: (
                [(column["name"], str(column["type"])) for column in columns],
                sorted(str(index["name"]) for index in indexes[(schema, name)]),
                sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"')))),
            )
            for (schema, name), columns in inspector.get_multi_columns().items()
        }
