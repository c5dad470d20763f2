"""The source as data: modules, who imports whom, functions and their sizes.

It reads text and runs nothing. Imports inside functions count; those under TYPE_CHECKING do not.
"""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
OUTSIDE = {"tests", "bench", "migrations", "tools"}
"""Folders of Python that stand on no level."""

LEVELS = (
    ("crypto", "config", "extensions"),
    ("models.tables",),
    ("models.metadata",),
    ("models.security",),
    ("models.records",),
    ("forms", "exchange", "packager"),
    ("jobs",),
    ("public_views", "admin_views", "web_api"),
    ("app", "cli"),
)
"""From the ground up; a module imports from levels below its own and from its own folder."""

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file of the source."""

    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def place(self) -> str:
        """Where a person finds it: the path below the root."""
        return str(self.path.relative_to(ROOT))

    @property
    def length(self) -> int:
        return len(self.text.splitlines())

    @property
    def room(self) -> str:
        """The folder, or the file, that stands on a level."""
        for rooms in LEVELS:
            for room in rooms:
                if self.name == room or self.name.startswith(f"{room}."):
                    return room
        return ""

    @property
    def level(self) -> int:
        return next(number for number, rooms in enumerate(LEVELS) if self.room in rooms)

    def functions(self) -> Iterator[FunctionNode]:
        for node in ast.walk(self.tree):
            if isinstance(node, FunctionNode):
                yield node


def repository_files() -> list[Path]:
    """What git tracks or would track: the project's own files."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return sorted(path for path in files if path.is_file())


def source_modules() -> dict[str, Module]:
    """The modules of the service by name, without tests and measurements."""
    modules = {}
    for path in repository_files():
        place = path.relative_to(ROOT)
        if path.suffix != ".py" or place.parts[0] in OUTSIDE:
            continue
        parts = place.with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = Module(name, path)
    return modules


def imports(module: Module, modules: dict[str, Module]) -> set[str]:
    """The modules of the source that this one imports, wherever in the file it does."""
    found = set()
    for node in _nodes_that_run(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in modules else node.module or "")
    return {name for name in found if name in modules and name != module.name}


def function_length(function: FunctionNode) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _nodes_that_run(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _nodes_that_run(child)
