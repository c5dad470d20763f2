"""Every act that the code notes has a name and a group; every detail it states has a name."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from admin_views.audit.acts import GROUPS, OTHERS, grouped
from admin_views.audit.details import detail_names
from admin_views.audit.words import acts, groups, outcomes
from tests.admin_views.office import SOLUTION, Office
from tests.architecture.house import source_modules

ROOT = SOLUTION.parents[1]
NOTING = {"audit", "note", "note_change", "write_change", "_change", "_note"}
NAMED_BY = {"action"}
UNTOLD = {"entity", "record_id", "outcome", "attributes", "purpose", "extract", "account", "texts"}
"""What an entry has places of its own for, or what the call itself is about."""


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for module in source_modules().values():
        yield module.path, ast.parse(module.path.read_text("utf-8"))


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def noted() -> dict[str, str]:
    """Each act that a call names, with where; names in a constant of its module, too."""
    found = {}
    for path, tree in trees():
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in calls(tree):
            for argument in named_in(call):
                if isinstance(argument, ast.Name):
                    argument = ast.Constant(constants.get(argument.id))
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found[argument.value] = f"{path.relative_to(ROOT)}:{call.lineno}"
    return found


def named_in(call: ast.Call) -> Iterator[ast.expr]:
    """Where a call may name an act."""
    name = name_of(call)
    if name in NOTING:
        yield from call.args[:3]
    if name == "Act" or name in NOTING or name.startswith("_note"):
        yield from (word.value for word in call.keywords if word.arg in NAMED_BY)


@pytest.fixture
def english(office: Office) -> Iterator[None]:
    with office.app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def test_the_search_finds_what_is_noted() -> None:
    found = noted()
    assert {"reveal", "read", "search", "share", "sign_in_failed", "change_rights"} <= found.keys()
    assert {"retry_job", "reset_password", "approve_extract", "refusal"} <= found.keys()
    assert len(found) > 50


@pytest.mark.usefixtures("english")
def test_every_act_has_a_name_and_a_group() -> None:
    found = noted()
    assert {act: place for act, place in found.items() if act not in acts()} == {}
    assert OTHERS not in grouped(acts())
    named = list(chain.from_iterable(GROUPS.values()))
    assert sorted(named) == sorted(set(named)), "each in one group"
    assert set(named) == set(acts())
    assert set(GROUPS) | {OTHERS} == set(groups())


@pytest.mark.usefixtures("english")
def test_an_act_of_no_group_is_not_lost() -> None:
    assert grouped([*acts(), "something_new"])[OTHERS] == ("something_new",)


@pytest.mark.usefixtures("english")
def test_every_detail_has_a_name() -> None:
    stated = {
        word.arg
        for _, tree in trees()
        for call in calls(tree)
        if name_of(call) == "audit"
        for word in call.keywords
        if word.arg is not None
    }
    assert {"factor", "what", "count", "roles"} <= stated
    assert stated - UNTOLD - detail_names().keys() == set()


@pytest.mark.usefixtures("english")
def test_every_outcome_has_a_name() -> None:
    stated = {
        word.value.value
        for _, tree in trees()
        for call in calls(tree)
        if name_of(call) in NOTING | {"Act"}
        for word in call.keywords
        if word.arg == "outcome" and isinstance(word.value, ast.Constant)
    }
    assert stated
    assert stated <= outcomes().keys()
