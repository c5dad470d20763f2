"""The browser's business rules and the server's say the same of whatever was entered.

`static/shared/business_rules.js` runs in Node here, as it is; elsewhere in Chromium, on a form.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.rules import ForBrowser, as_entered
from models.metadata.business_rules import Action, BusinessRule, Does, RuleBook
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label
from models.metadata.parsing.entities import parse_entity
from models.metadata.parsing.stated import Stated
from models.metadata.query import Condition, Filter, Operator
from models.metadata.rule_effects import effects

SCRIPT = Path(__file__).parents[2] / "static" / "shared" / "business_rules.js"
ASK = """
const cases = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const sorted = (names) => [...names].sort();
const plain = ({ set, hidden, locked, required, messages }) => ({
  set, hidden: sorted(hidden), locked: sorted(locked), required: sorted(required), messages,
});
const answers = cases.map(([rules, values]) => plain(uketsukeRules.effects(rules, values)));
console.log(JSON.stringify(answers));
"""
OPTIONS = [{"value": value, "label": f"選択肢{value}"} for value in (1, 2, 30)]
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "tst_text": {"type": "String"},
    "tst_memo": {"type": "Memo"},
    "tst_count": {"type": "Integer"},
    "tst_price": {"type": "Decimal"},
    "tst_flag": {"type": "Boolean"},
    "tst_day": {"type": "DateTime", "behaviour": "date_only"},
    "tst_kind": {"type": "Picklist", "options": OPTIONS},
    "tst_kinds": {"type": "MultiSelectPicklist", "options": OPTIONS},
}
VALUES: dict[str, list[Any]] = {
    "tst_text": [None, "神戸", "神戸市", "Kobe", "KOBE", "É", "é", "10", "9"],
    "tst_memo": [None, "一行目\n二行目", "kobe"],
    "tst_count": [None, -1, 0, 9, 10, 2**31 - 1],
    "tst_price": [None, Decimal("-0.50"), Decimal("0.00"), Decimal("9.99"), Decimal("10.00")],
    "tst_flag": [None, True, False],
    "tst_day": [None, date(999, 12, 31), date(2026, 4, 1), date(2026, 12, 31)],
    "tst_kind": [None, 1, 2, 30],
    "tst_kinds": [None, (1,), (1, 2), (2, 30)],
}
PRESENCE = [Operator.NULL, Operator.NOT_NULL]
EQUALITY = [Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN]
SIZES = [*(Operator.LESS, Operator.LESS_OR_EQUAL, Operator.GREATER, Operator.GREATER_OR_EQUAL)]
PARTS = [Operator.BEGINS_WITH, Operator.CONTAINS]
ASKED = {
    **dict.fromkeys(("tst_text", "tst_memo"), PRESENCE + EQUALITY + PARTS),
    **dict.fromkeys(("tst_count", "tst_price", "tst_day"), PRESENCE + EQUALITY + SIZES),
    **dict.fromkeys(("tst_flag", "tst_kind"), PRESENCE + EQUALITY),
    "tst_kinds": [*PRESENCE, Operator.CONTAIN_VALUES],
}


def entity() -> EntityDefinition:
    stated = {
        "display_name": "もの",
        "primary_name": "tst_text",
        "attributes": {name: {"display_name": name, **one} for name, one in ATTRIBUTES.items()},
    }
    numbers = {name: number for number, name in enumerate(ATTRIBUTES, start=1)}
    return parse_entity(
        "tst_thing", Stated(stated, "thing"), number=1, attribute_numbers=numbers, option_sets={}
    )


THING = entity()


@dataclass(frozen=True)
class Case:
    book: RuleBook
    values: dict[str, Any]


def values_of(name: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(VALUES[name][1:])


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    name = draw(st.sampled_from(sorted(ASKED)))
    operator = draw(st.sampled_from(ASKED[name]))
    if operator in PRESENCE:
        return Condition(name, operator)
    if operator in (Operator.IN, Operator.NOT_IN):
        return Condition(name, operator, tuple(draw(st.lists(values_of(name), max_size=3))))
    return Condition(name, operator, draw(values_of(name)))


FILTERS = st.recursive(
    conditions(),
    lambda parts: st.builds(
        Filter, st.lists(parts, max_size=3).map(tuple), st.sampled_from(["and", "or"])
    ),
    max_leaves=4,
)


@st.composite
def actions(draw: st.DrawFn) -> Action:
    does, name = draw(st.sampled_from(list(Does))), draw(st.sampled_from(sorted(VALUES)))
    value = draw(values_of(name)) if does in (Does.SET, Does.RECOMMEND) else None
    has_words = does in (Does.ERROR, Does.RECOMMEND)
    return Action(
        does=does,
        attribute=name,
        value=value,
        message=Label("文", "Text") if has_words else Label(""),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    several = st.lists(actions(), max_size=3).map(tuple)
    rules = tuple(
        BusinessRule(
            name=f"tst_rule{number}",
            entity="tst_thing",
            display_name=Label("規則"),
            when=Filter((draw(FILTERS),)),
            then=draw(several),
            otherwise=draw(several),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    values = {name: draw(st.sampled_from(found)) for name, found in VALUES.items()}
    return Case(RuleBook(rules), values)


def in_the_browser(found: list[Case]) -> list[dict[str, Any]]:
    asked = []
    for case in found:
        told = ForBrowser(THING, frozenset(ATTRIBUTES), {}, "en").of(case.book)
        entered = {n: as_entered(THING.attributes[n], v) for n, v in case.values.items()}
        asked.append([told or {"rules": [], "kinds": {}, "known": {}}, entered])
    program = SCRIPT.read_text(encoding="utf-8") + ASK
    node = subprocess.run(
        ["node", "-e", program],
        input=json.dumps(asked),
        text=True,
        capture_output=True,
        check=True,
    )
    answers: list[dict[str, Any]] = json.loads(node.stdout)
    return answers


def on_the_server(case: Case) -> dict[str, Any]:
    found = effects(case.book, case.values)
    messages = [*(action for action, _ in found.errors), *found.recommended]
    return {
        "hidden": sorted(found.hidden),
        "locked": sorted(found.locked),
        "required": sorted(found.required),
        "set": {n: as_entered(THING.attributes[n], v) for n, v in found.set.items()},
        "messages": sorted((a.does, a.attribute) for a in messages),
    }


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@settings(max_examples=12)
@given(found=st.lists(cases(), min_size=60, max_size=60))
def test_the_script_says_what_the_server_says(found: list[Case]) -> None:
    for case, answer in zip(found, in_the_browser(found), strict=True):
        present = {n: as_entered(THING.attributes[n], v) for n, v in case.values.items()}
        answer["set"] = {n: v for n, v in answer["set"].items() if v != present[n]}
        answer["messages"] = sorted((one["does"], one["attribute"]) for one in answer["messages"])
        assert answer == on_the_server(case)
