"""YAML as the house takes it: safe tags only, no key twice, no anchors that blow up, UTF-8."""

from pathlib import Path
from typing import Any

import yaml

from models.metadata.errors import DefinitionError

LARGEST_FILE = 1024 * 1024


class _StrictLoader(yaml.SafeLoader):
    """A SafeLoader that refuses aliases and keys that stand twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="aliases are not allowed",
                problem_mark=self.peek_event().start_mark,  # type: ignore[no-untyped-call]
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the library's signature
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key.value!r} stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a file; DefinitionError with file and line for anything else."""
    if path.stat().st_size > LARGEST_FILE:
        raise DefinitionError("the file is too large", where=path.name)
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DefinitionError(_said(error), where=_place(path, error)) from error
    if not isinstance(found, dict):
        raise DefinitionError("a mapping is expected", where=path.name)
    return found


def _said(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error)


def _place(path: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{path.name}:{mark.line + 1}" if mark else path.name
