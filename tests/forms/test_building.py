"""A form class from a definition: every attribute type has a control, none needs Python.

What a control takes is what its attribute takes; what it held goes through the draft unchanged.
"""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.building import PlainForm, public_form
from forms.controls import CONTROLS
from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.catalog import Catalog
from models.metadata.components import (
    Consent,
    ControlDefinition,
    FormDefinition,
    SectionDefinition,
)
from models.metadata.labels import Label
from tests.models.office import office
from tests.support.databases import sqlite_file

NAMES = {
    "tst_name": "text",
    "tst_memo": None,
    "tst_integer": "text",
    "tst_decimal": "text",
    "tst_money": "text",
    "tst_boolean": None,
    "tst_date": "date",
    "tst_time": "datetime-local",
    "tst_choice": None,
    "tst_choices": None,
    "tst_url": "url",
    "tst_email": "email",
    "tst_phone": "tel",
}
"""Each attribute and the type of its HTML input; None where it is another element."""
GOOD = {
    "tst_name": ["神戸"],
    "tst_memo": ["一行目\r\n二行目"],
    "tst_integer": ["１２"],
    "tst_decimal": ["-1.2500"],
    "tst_money": ["1,000"],
    "tst_boolean": ["0"],
    "tst_date": ["2026-04-01"],
    "tst_time": ["2026-04-01T13:30"],
    "tst_choice": ["2"],
    "tst_choices": ["1", "3"],
    "tst_url": ["https://example.jp"],
    "tst_email": ["hanako@example.jp"],
    "tst_phone": ["0783318181"],
}
BAD = {
    "tst_name": ["一\n二"],
    "tst_memo": ["\x00"],
    "tst_integer": ["1.5"],
    "tst_decimal": ["1.23456"],
    "tst_money": ["千円"],
    "tst_boolean": ["2"],
    "tst_date": ["2026-02-30"],
    "tst_time": ["25:00"],
    "tst_choice": ["4"],
    "tst_choices": ["1", "4"],
    "tst_url": ["javascript:alert(1)"],
    "tst_email": ["花子"],
    "tst_phone": ["電話"],
}
APP = Flask("forms_of_tests")
CONSENT = Label("同意します", "I agree")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    folder = tmp_path_factory.mktemp("office")
    with office(sqlite_file(folder), folder) as engine:
        yield engine.catalog


def form(*, required: bool | None = None, name: str = "tst_thing_public") -> FormDefinition:
    controls = tuple(ControlDefinition(attribute=name, required=required) for name in NAMES)
    return FormDefinition(
        name=name,
        entity="tst_thing",
        kind="public",
        title=Label("試験"),
        sections=(SectionDefinition(title=Label("全部"), controls=controls),),
        consent=Consent(label=CONSENT, introduction=CONSENT, policy_label=CONSENT, policy_url="/"),
    )


def filled(catalog: Catalog, definition: FormDefinition, values: object) -> PlainForm:
    with APP.app_context():  # Flask-WTF asks for the language of its own messages
        return public_form(catalog, definition, "ja")(MultiDict(values))  # type: ignore[arg-type]


def test_every_type_of_control_is_tried_here(catalog: Catalog) -> None:
    attributes = catalog.entity("tst_thing").attributes
    assert {attributes[name].type for name in NAMES} | {"Status"} == CONTROLS.keys()


def test_the_controls_bear_the_logical_names_in_the_order_of_the_definition(
    catalog: Catalog,
) -> None:
    names = [field.name for field in filled(catalog, form(), {})]
    assert names == [*NAMES, "privacy_confirmed", "captcha", "homepage_title"]


@pytest.mark.parametrize(("name", "kind"), NAMES.items())
def test_a_browser_is_told_what_is_typed_there(
    catalog: Catalog, name: str, kind: str | None
) -> None:
    element = filled(catalog, form(), {})[name]()
    assert f'name="{name}"' in element
    assert kind is None or f'type="{kind}"' in element


def test_good_values_pass_and_go_through_the_draft(catalog: Catalog) -> None:
    entered = filled(catalog, form(), GOOD | {"privacy_confirmed": ["1"]})
    assert entered.validate(), entered.errors
    kept = {name: entered[name].data for name in NAMES}
    again = filled(catalog, form(), json.loads(json.dumps(kept)))
    assert {name: again[name].data for name in NAMES} == kept
    assert {name: str(again[name]()) for name in NAMES} == {
        name: str(entered[name]()) for name in NAMES
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_value_is_named_at_its_control_alone(catalog: Catalog, name: str) -> None:
    entered = filled(catalog, form(), GOOD | {"privacy_confirmed": ["1"], name: BAD[name]})
    assert not entered.validate()
    assert entered.errors.keys() == {name}
    label = catalog.entity("tst_thing").attributes[name].display_name
    assert label.ja in entered.errors[name][0]


@pytest.mark.parametrize("required", [None, False, True])
def test_a_form_may_require_what_the_attribute_does_not(
    catalog: Catalog, required: bool | None
) -> None:
    entered = filled(catalog, form(required=required, name=f"form_{required}"), {})
    entered.validate()
    assert entered.errors.keys() - {"privacy_confirmed"} == (set(NAMES) if required else set())
    assert entered.errors["privacy_confirmed"] == ["「同意します」にチェックを入れてください。"]


@given(st.sampled_from(sorted(NAMES)), st.text(max_size=30))
def test_a_control_takes_what_its_attribute_takes(catalog: Catalog, name: str, text: str) -> None:
    attribute = catalog.entity("tst_thing").attributes[name]
    entered = filled(catalog, form(), {name: [text]})
    entered.validate()
    try:
        type_of(attribute).parse(attribute, entered[name].data)
        is_taken = True
    except InvalidValue:
        is_taken = False
    assert (name not in entered.errors) == is_taken


def test_a_class_is_made_once_for_a_catalog_and_a_language(catalog: Catalog) -> None:
    made = public_form(catalog, form(), "ja")
    assert public_form(catalog, form(), "ja") is made
    assert public_form(catalog, form(), "en") is not made
