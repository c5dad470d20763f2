"""Controls for every type: what a record holds goes into the form and comes back unchanged."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from admin_views.records import controls, saving
from models.metadata.attribute_types import FileValue, type_of
from models.metadata.definitions import (
    AttributeDefinition,
    EntityDefinition,
    Option,
    OptionSet,
)
from models.metadata.labels import Label
from models.security.masking import Masked
from tests.admin_views.office import Office

OPTIONS = OptionSet("colours", tuple(Option(n, Label(f"色{n}", f"Colour {n}")) for n in (1, 2, 3)))


def attribute(kind: str, **stated: object) -> AttributeDefinition:
    return AttributeDefinition(
        number=1,
        logical_name="new_thing",
        schema_name="new_Thing",
        type=kind,
        display_name=Label("もの", "Thing"),
        **stated,  # type: ignore[arg-type]
    )


def entity(one: AttributeDefinition) -> EntityDefinition:
    return EntityDefinition(
        number=1,
        logical_name="new_entity",
        schema_name="new_Entity",
        entity_set_name="new_entities",
        display_name=Label("例"),
        display_collection_name=Label("例"),
        attributes={one.logical_name: one},
    )


LETTERS = st.characters(exclude_categories=["C", "Z"])
LINES = st.text(LETTERS, min_size=1, max_size=20).map(lambda text: normalize("NFC", text))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
MINUTES = MOMENTS.map(lambda moment: moment.replace(second=0, microsecond=0))
CASES = st.one_of(
    st.tuples(st.just(attribute("String")), LINES),
    st.tuples(st.just(attribute("Memo")), st.lists(LINES, min_size=1, max_size=3).map("\n".join)),
    st.tuples(st.just(attribute("Integer")), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.just(attribute("Decimal", precision=2)), st.decimals(-9999, 9999, places=2)),
    st.tuples(st.just(attribute("Boolean")), st.booleans()),
    st.tuples(st.just(attribute("Picklist", options=OPTIONS)), st.sampled_from([1, 2, 3])),
    st.tuples(
        st.just(attribute("MultiSelectPicklist", options=OPTIONS)),
        st.sets(st.sampled_from([1, 2, 3]), min_size=1).map(lambda found: tuple(sorted(found))),
    ),
    st.tuples(
        st.just(attribute("DateTime", behaviour="date_only")),
        st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    ),
    st.tuples(st.just(attribute("DateTime")), MINUTES),
    st.tuples(st.just(attribute("DateTime", behaviour="utc")), MINUTES),
)


def form_of(office: Office, one: AttributeDefinition, sent: MultiDict[str, object]) -> object:
    with office.app.test_request_context():
        return controls.form_class([one], language="ja")(sent)


def sent_by_browser(one: AttributeDefinition, value: object) -> MultiDict[str, object]:
    """What a browser sends back of a control it was given: lines end in CR LF."""
    shown = controls.written(one, value)
    parts = shown if isinstance(shown, list) else [str(shown).replace("\n", "\r\n")]
    return MultiDict([("new_thing", part) for part in parts])


@given(case=CASES)
def test_a_value_survives_the_form(
    office: Office, case: tuple[AttributeDefinition, object]
) -> None:
    one, value = case
    form = form_of(office, one, sent_by_browser(one, value))
    entered = controls.typed(form["new_thing"])  # type: ignore[index]
    assert type_of(one).parse(one, entered) == value


@given(case=CASES)
def test_a_new_form_begins_with_the_default(
    office: Office, case: tuple[AttributeDefinition, object]
) -> None:
    one, value = case
    one = replace(one, default=controls.written(one, value))
    form: Any = form_of(office, one, MultiDict())
    controls.begin_with_defaults(form, entity(one))
    assert type_of(one).parse(one, controls.typed(form["new_thing"])) == value


@given(case=CASES)
def test_a_form_sent_back_untouched_changes_nothing(
    office: Office, case: tuple[AttributeDefinition, object]
) -> None:
    one, value = case
    form = form_of(office, one, sent_by_browser(one, value))
    assert saving.differing(entity(one), form, {"new_thing": value}) == {}  # type: ignore[arg-type]


@given(case=CASES)
def test_a_moment_of_seconds_is_not_changed_by_looking(
    office: Office, case: tuple[AttributeDefinition, object]
) -> None:
    one, value = case
    if isinstance(value, datetime):
        exact = value.replace(second=59, microsecond=7)
        form = form_of(office, one, sent_by_browser(one, exact))
        assert saving.differing(entity(one), form, {"new_thing": exact}) == {}  # type: ignore[arg-type]


@given(masked=LINES.map(Masked), entered=st.one_of(st.just(""), LINES))
def test_a_masked_value_is_kept_unless_another_is_written(
    office: Office, masked: Masked, entered: str
) -> None:
    one = attribute("String", secured=True)
    assert controls.written(one, masked) == ""
    form = form_of(office, one, MultiDict({"new_thing": entered}))
    expected = {"new_thing": entered} if entered else {}
    assert saving.differing(entity(one), form, {"new_thing": masked}) == expected  # type: ignore[arg-type]


@given(case=CASES)
def test_a_value_can_be_taken_away(
    office: Office, case: tuple[AttributeDefinition, object]
) -> None:
    one, value = case
    form = form_of(
        office, one, MultiDict({"other": ""}) if one.options else MultiDict({"new_thing": ""})
    )
    found = saving.differing(entity(one), form, {"new_thing": value})  # type: ignore[arg-type]
    assert list(found) == ["new_thing"]
    assert not found["new_thing"]


@pytest.mark.parametrize("chosen", [True, False])
def test_a_file_is_replaced_only_by_a_file(office: Office, chosen: bool) -> None:
    one = attribute("File", sealed=True)
    present = FileValue("old.pdf", "application/pdf", b"old")
    upload = FileStorage(BytesIO(b"new"), filename="新しい.pdf" if chosen else "")
    form = form_of(office, one, MultiDict({"new_thing": upload}))
    found = saving.differing(entity(one), form, {"new_thing": present})  # type: ignore[arg-type]
    assert list(found) == (["new_thing"] if chosen else [])
    if chosen:
        assert found["new_thing"].content == b"new"  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", sorted(controls.NOT_IN_FORMS))
def test_what_the_platform_sets_has_no_control(office: Office, kind: str) -> None:
    form = form_of(office, attribute(kind), MultiDict({"new_thing": "1"}))
    assert list(form) == []  # type: ignore[call-overload]


@pytest.mark.parametrize(("behaviour", "says"), [("utc", True), ("user_local", False)])
def test_a_clock_that_is_not_the_offices_is_named(
    office: Office, behaviour: str, says: bool
) -> None:
    form = form_of(office, attribute("DateTime", behaviour=behaviour), MultiDict())
    assert ("UTC" in form["new_thing"].description) is says  # type: ignore[index]
