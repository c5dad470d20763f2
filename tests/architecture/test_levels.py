"""The house stands: imports go down only, never sideways, and nothing imports in a ring."""

from graphlib import CycleError, TopologicalSorter

import pytest

from tests.architecture.house import LEVELS, Module, imports, source_modules

MODULES = source_modules()
UNDER_MODELS = {"models"}
"""models/__init__.py holds nothing but its docstring and stands on no level of its own."""


def test_every_module_stands_on_a_level() -> None:
    homeless = {module.place for module in MODULES.values() if not module.room}
    assert homeless == {"models/__init__.py"}


def test_imports_go_down_only() -> None:
    climbing = [
        f"{module.place} (level {module.level}) imports {name} (level {MODULES[name].level})"
        for module in MODULES.values()
        if module.room
        for name in sorted(imports(module, MODULES) - UNDER_MODELS)
        if not _may_import(module, MODULES[name])
    ]
    assert not climbing, "\n".join(climbing)


def test_nothing_imports_in_a_ring() -> None:
    graph = {name: imports(module, MODULES) for name, module in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a ring of imports: {' → '.join(error.args[1])}")


def test_every_room_of_the_list_is_in_the_house() -> None:
    rooms = {module.room for module in MODULES.values()}
    foreseen = {"web_api"}  # the next door to be built
    missing = {room for level in LEVELS for room in level} - rooms - foreseen
    assert not missing, f"no such rooms any more: {sorted(missing)}"


def _may_import(module: Module, target: Module) -> bool:
    if target.room == module.room or target.level < module.level:
        return True
    # app.py and cli/ share the top: the application installs its commands, never the reverse.
    return module.room == "app" and target.room == "cli"
