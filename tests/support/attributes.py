"""Attributes for tests that need no entity around them."""

from models.metadata.definitions import AttributeDefinition
from models.metadata.labels import Label


def attribute(kind: str, **changes: object) -> AttributeDefinition:
    """One of that type, otherwise as plain as can be."""
    named = {"logical_name": "tst_x", "schema_name": "tst_X", "display_name": Label("欄")}
    return AttributeDefinition(number=1, type=kind, **named | changes)  # type: ignore[arg-type]
