"""Sizes: what does not fit on a screen or two is more than one idea."""

import ast
from statistics import median

from tests.architecture.house import (
    FunctionNode,
    function_length,
    repository_files,
    source_modules,
)

MODULES = list(source_modules().values())
FUNCTIONS = [
    (f"{module.place}:{function.lineno} {function.name}", function)
    for module in MODULES
    for function in module.functions()
]
LONGEST_FILE = 250
MEDIAN_FILE = 90
LONGEST_FUNCTION = 45
MEDIAN_FUNCTION = 8
MOST_PARAMETERS = 5
MOST_POSITIONAL = 4
"""The aim is 2 (test_house prints how many have more); five in a row nobody can tell apart."""


def test_files_are_short() -> None:
    too_long = [f"{m.place}: {m.length}" for m in MODULES if m.length > LONGEST_FILE]
    assert not too_long, "\n".join(too_long)


def test_functions_are_short() -> None:
    too_long = [where for where, node in FUNCTIONS if function_length(node) > LONGEST_FUNCTION]
    assert not too_long, "\n".join(too_long)


def test_functions_take_few_parameters() -> None:
    too_many = [where for where, node in FUNCTIONS if len(_parameters(node)) > MOST_PARAMETERS]
    assert not too_many, "\n".join(too_many)


def test_few_parameters_are_positional() -> None:
    """Values in a row are told apart by counting; by name they are told apart by reading."""
    too_many = [where for where, node in FUNCTIONS if len(_positional(node)) > MOST_POSITIONAL]
    assert not too_many, "\n".join(too_many)


def test_modules_say_what_they_are() -> None:
    silent = [module.place for module in MODULES if not ast.get_docstring(module.tree)]
    assert not silent, "\n".join(silent)


def test_house() -> None:
    """The measures of the whole, shown by `-rP`; the medians are laws, the tests' share is not."""
    files = [module.length for module in MODULES]
    functions = [function_length(node) for _, node in FUNCTIONS]
    tests = sum(_lines_of_tests())
    share = tests / (tests + sum(files))
    in_a_row = sum(len(_positional(node)) > 2 for _, node in FUNCTIONS)
    print(f"files {len(files)}, lines {sum(files)}, median {median(files)}, longest {max(files)}")
    print(f"functions {len(functions)}, median {median(functions)}, longest {max(functions)}")
    print(f"functions with more than two positional parameters: {in_a_row}")
    print(f"share of tests: {share:.0%}")
    assert median(files) <= MEDIAN_FILE
    assert median(functions) <= MEDIAN_FUNCTION


def _lines_of_tests() -> list[int]:
    return [
        len(path.read_text(encoding="utf-8").splitlines())
        for path in repository_files()
        if path.suffix == ".py" and "tests" in path.parts
    ]


def _parameters(function: FunctionNode) -> list[str]:
    return _positional(function) + [argument.arg for argument in function.args.kwonlyargs]


def _positional(function: FunctionNode) -> list[str]:
    names = [*function.args.posonlyargs, *function.args.args]
    return [argument.arg for argument in names if argument.arg not in {"self", "cls"}]
