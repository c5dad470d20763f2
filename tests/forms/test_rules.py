"""What business rules are told of a form: typed values, defaults, and a file as it was given."""

from forms.rules import NO_EFFECTS, of_change, of_new, typed
from models.metadata.attribute_types import FileValue
from models.metadata.business_rules import RuleBook
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.labels import Label


def attribute(name: str, kind: str, **stated: object) -> AttributeDefinition:
    return AttributeDefinition(
        number=1,
        logical_name=name,
        schema_name=name,
        type=kind,
        display_name=Label("もの"),
        **stated,  # type: ignore[arg-type]
    )


OWN = [
    attribute("new_photo", "Image"),
    attribute("new_guests", "Integer", default=2),
    attribute("new_seats", "Integer", default=4),
]
ENTITY = EntityDefinition(
    number=1,
    logical_name="new_event",
    schema_name="new_Event",
    entity_set_name="new_events",
    display_name=Label("催し"),
    display_collection_name=Label("催し"),
    attributes={one.logical_name: one for one in (*OWN, attribute("statuscode", "Status"))},
)


def test_a_file_is_not_looked_into() -> None:
    """A picture is drawn anew when it is parsed; the service does that, once."""
    broken = FileValue("photo.png", "image/png", b"no picture at all")
    assert typed(ENTITY, {"new_photo": broken})["new_photo"] is broken


def test_what_was_left_open_has_its_default_and_what_is_no_value_is_nothing() -> None:
    found = typed(ENTITY, {"new_seats": "many"})
    assert (found["new_guests"], found["new_seats"]) == (2, None)


def test_without_rules_nothing_is_looked_at() -> None:
    nothing = RuleBook()
    assert of_new(nothing, ENTITY, {"new_seats": "many"}) is NO_EFFECTS
    assert of_change(nothing, ENTITY, {}, changed={"new_gone": 1}) is NO_EFFECTS
